package dev.assay.decide.check;

import java.util.regex.Pattern;

/// Looks for a user's pattern in a text of a model without trusting either.
///
/// [java.util.regex] backtracks: a pattern like `(a+)+b` may take exponential time, and one like
/// `(a|bc)*` a stack frame per character. Looks at characters are counted, which needs no clock,
/// and the search gives up at a limit; it gives up as well where the stack overflows.
public final class BoundedFind {

    private static final long MIN_LOOKS = 1_000_000;

    /// More than any pattern needs that goes over the text once, however many alternatives it has.
    private static final long LOOKS_PER_CHARACTER = 100;

    private BoundedFind() {}

    /// How a search ended.
    public enum Found {
        FOUND,
        NOT_FOUND,
        /// The pattern needs more work on this text than is allowed.
        GAVE_UP
    }

    /// Looks for the pattern anywhere in the text, for some tens of milliseconds at most.
    public static Found find(Pattern pattern, String text) {
        try {
            return pattern.matcher(new Counted(text, new Looks(maxLooks(text)))).find()
                    ? Found.FOUND
                    : Found.NOT_FOUND;
        } catch (TooManyLooks | StackOverflowError e) {
            return Found.GAVE_UP;
        }
    }

    /// Looks at a character before a search in this text gives up: some tens of milliseconds.
    static long maxLooks(String text) {
        return MIN_LOOKS + LOOKS_PER_CHARACTER * text.length();
    }

    private static final class Looks {
        private long left;

        Looks(long max) {
            left = max;
        }

        void take() {
            if (--left < 0) {
                throw new TooManyLooks();
            }
        }
    }

    private record Counted(CharSequence text, Looks looks) implements CharSequence {

        @Override
        public char charAt(int index) {
            looks.take();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooManyLooks extends RuntimeException {
        TooManyLooks() {
            super("the search looks at more characters than it may", null, false, false);
        }
    }
}
