package dev.assay.decide.check;

import dev.assay.model.Rule;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Rules about the form of an answer, in no particular language.
final class TextRules {

    /// A line that begins with a bullet or a number.
    private static final Pattern BULLET =
            Pattern.compile("(?m)^\\h*(?:[-*+•‣◦·]|\\d{1,3}[.)])\\h+\\S");

    /// What ends a sentence, with the quotes and brackets that close around it.
    private static final Pattern SENTENCE_END =
            Pattern.compile("[.!?؟।]+[\"'”’»)\\]]*(?=\\s|$)|[。！？]+");

    private TextRules() {}

    /// What is wrong by a rule of counting; empty where nothing is.
    static Optional<String> fault(Rule.Count rule, String text) {
        int count = count(rule.unit(), text);
        String unit = rule.unit().name().toLowerCase(Locale.ROOT);
        if (count < rule.least()) {
            return Optional.of("has %d %s, fewer than %d".formatted(count, unit, rule.least()));
        }
        return count > rule.most()
                ? Optional.of("has %d %s, more than %d".formatted(count, unit, rule.most()))
                : Optional.empty();
    }

    /// Whether a text holds another, case aside.
    static boolean contains(String text, String sought) {
        return text.toLowerCase(Locale.ROOT).contains(sought.toLowerCase(Locale.ROOT));
    }

    static boolean begins(String text, String sought) {
        return text.stripLeading().startsWith(sought);
    }

    static boolean ends(String text, String sought) {
        return text.stripTrailing().endsWith(sought);
    }

    /// Whether no letter is in the other case; a text without letters that have cases passes.
    static boolean isIn(Rule.Case wanted, String text) {
        return switch (wanted) {
            case LOWER -> text.codePoints().noneMatch(Character::isUpperCase);
            case UPPER -> text.codePoints().noneMatch(Character::isLowerCase);
        };
    }

    private static int count(Rule.Unit unit, String text) {
        return switch (unit) {
            case CHARACTERS -> text.codePointCount(0, text.length());
            case WORDS -> words(text);
            case SENTENCES -> sentences(text);
            case PARAGRAPHS -> paragraphs(text);
            case BULLETS -> (int) BULLET.matcher(text).results().count();
        };
    }

    /// Runs without white space that hold a letter or digit.
    private static int words(String text) {
        int words = 0;
        boolean counted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                counted = false;
            } else if (!counted && (Character.isLetterOrDigit(c) || Character.isSurrogate(c))) {
                counted = true;
                words++;
            }
        }
        return words;
    }

    /// Runs of lines that are not blank.
    private static int paragraphs(String text) {
        int paragraphs = 0;
        boolean blank = true;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            paragraphs += blank && !line.isBlank() ? 1 : 0;
            blank = line.isBlank();
        }
        return paragraphs;
    }

    /// Ends of sentences, and what stands behind the last one.
    private static int sentences(String text) {
        int ends = (int) SENTENCE_END.matcher(text).results().count();
        String rest = SENTENCE_END.matcher(text).replaceAll("\u0000");
        boolean more =
                rest.substring(rest.lastIndexOf(0) + 1)
                        .codePoints()
                        .anyMatch(Character::isLetterOrDigit);
        return more ? ends + 1 : ends;
    }
}
