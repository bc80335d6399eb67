package dev.assay.decide.check;

import java.util.Locale;

/// Tells whether a piece of a reply stands in the material that the judge was shown.
///
/// Case, white space, quotation marks, backslashes and marks of emphasis are left out on both
/// sides, since they change when something is quoted inside of something else. Only the first
/// characters of a piece are looked for, which bounds the work.
final class Quotes {

    private static final int MAX_CHARS = 500;

    private final String material;

    Quotes(String material) {
        this.material = squeezed(material);
    }

    boolean contain(String piece) {
        return material.contains(Texts.first(MAX_CHARS, squeezed(piece)));
    }

    private static String squeezed(String text) {
        StringBuilder squeezed = new StringBuilder(text.length());
        text.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Quotes::counts)
                .forEach(squeezed::appendCodePoint);
        return squeezed.toString();
    }

    private static boolean counts(int c) {
        return !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && "\\\"'`*_“”‘’«»".indexOf(c) < 0;
    }
}
