package dev.assay.decide.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A piece of a text, about a sentence or a line, and what its words tell.
record Passage(String text, Set<Clue> clues) {

    /// Longer passages are cut, at a space if they have one.
    private static final int MAX_CHARS = 400;

    /// A verdict and nothing else has no more.
    private static final int VERDICT_CHARS = 60;

    /// A form of address has no more.
    private static final int CALL_CHARS = 45;

    private static final int CALL_WORDS = 6;

    private static final String ENDS = ".!?;؟।";
    private static final String ENDS_WITHOUT_SPACE = "。！？；";

    /// What ends a form of address.
    private static final Pattern CALL_END = Pattern.compile("[,:!،、\u2014\u2013]| - ");

    private static final Pattern NO_LETTERS = Pattern.compile("\\A\\P{L}+");

    /// A 9 or 10 that is no part of another number.
    private static final Pattern TEN =
            Pattern.compile("(?<![\\p{N}.,/-])(?:9|10)(?![\\p{N}%]|[.,/-]\\p{N})");

    private static final Pattern TEN_OF_TEN =
            Pattern.compile(
                    "(?<!\\p{N})10 ?(?:/|out of|von|sur|de|su|из|van|z|na|av|dari|tren) ?10(?!\\p{N})");

    private static final Pattern NAMED =
            Pattern.compile(
                    "\\A[^\"'].*(?:: ?[\\[*_\"`]{0,4}|\\[\\[ ?)(?:9|10)(?!\\p{N}|[.,]\\p{N})");

    /// The passages of a text in order; together they are the text.
    static List<Passage> allOf(String text) {
        List<Passage> passages = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean full = i - start >= MAX_CHARS && Character.isWhitespace(text.charAt(i));
            if (full || i - start >= 2 * MAX_CHARS || ends(text, i)) {
                passages.add(of(text.substring(start, i + 1)));
                start = i + 1;
            }
        }
        if (start < text.length()) {
            passages.add(of(text.substring(start)));
        }
        return passages;
    }

    /// All clues that any passage of a text can hold, and perhaps more.
    static Set<Clue> cluesAtMost(String text) {
        String folded = ClueWords.folded(text);
        Set<Clue> clues = ClueWords.in(folded);
        if (hasTen(folded)) {
            clues.add(Clue.TEN);
            clues.add(Clue.TOP);
            if (clues.contains(Clue.SCORE)) {
                clues.add(Clue.VERDICT);
            }
        }
        if (text.contains(Steering.MARK)) {
            clues.add(Clue.AUTHORITY);
        }
        if (clues.contains(Clue.JUDGE)) {
            clues.add(Clue.CALL);
        }
        return clues;
    }

    private static boolean ends(String text, int i) {
        char c = text.charAt(i);
        boolean spaceFollows = i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1));
        return c == '\n'
                || ENDS_WITHOUT_SPACE.indexOf(c) >= 0
                || (ENDS.indexOf(c) >= 0 && spaceFollows);
    }

    private static Passage of(String text) {
        String folded = ClueWords.folded(text);
        Set<Clue> clues = ClueWords.in(folded);
        if (hasTen(folded)) {
            addNumbers(folded, clues);
        }
        if (text.contains(Steering.MARK)) {
            clues.add(Clue.AUTHORITY);
        }
        if (clues.contains(Clue.JUDGE) && isCall(folded)) {
            clues.add(Clue.CALL);
        }
        return new Passage(text, clues);
    }

    private static boolean hasTen(String folded) {
        return folded.indexOf('9') >= 0 || folded.contains("10");
    }

    private static void addNumbers(String folded, Set<Clue> clues) {
        if (TEN_OF_TEN.matcher(folded).find()) {
            clues.add(Clue.TOP);
        }
        if (TEN.matcher(folded).find()) {
            clues.add(Clue.TEN);
        }
        if (clues.contains(Clue.SCORE)
                && folded.length() <= VERDICT_CHARS
                && NAMED.matcher(folded).find()) {
            clues.add(Clue.VERDICT);
        }
    }

    /// Whether a passage that names who grades does so in its first few words, up to a comma or
    /// colon.
    private static boolean isCall(String folded) {
        String begin = NO_LETTERS.matcher(folded).replaceFirst("");
        String head = CALL_END.split(begin, 2)[0];
        return head.length() < begin.length()
                && head.length() <= CALL_CHARS
                && head.chars().filter(c -> c == ' ').count() < CALL_WORDS
                && ClueWords.in(head).contains(Clue.JUDGE);
    }
}
