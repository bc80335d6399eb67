package dev.assay.decide.check;

/// Cutting texts of models to a length that fits a verdict.
final class Texts {

    private Texts() {}

    /// The first characters of a text, at most so many, with no surrogate pair cut in two.
    static String first(int maxChars, String text) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end);
    }
}
