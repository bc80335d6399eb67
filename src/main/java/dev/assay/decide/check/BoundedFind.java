package dev.assay.decide.check;

import java.util.regex.Pattern;

/// Looks for a user's pattern in a text of a model without trusting either.
///
/// [java.util.regex] backtracks: a pattern like `(a+)+$` takes exponential time, and one like
/// `(a|b)*` a stack frame per character. Every look at a character is counted and the search ends
/// at a limit; a stack that overflows ends it as well. Counting needs no clock, so the same search
/// always ends the same way.
final class BoundedFind {

    /// Looks at a character before a search gives up: some tens of milliseconds.
    static final int MAX_LOOKS = 5_000_000;

    private BoundedFind() {}

    /// How a search ended.
    enum Found {
        FOUND,
        NOT_FOUND,
        /// The pattern needs more work on this text than is allowed.
        GAVE_UP
    }

    static Found find(Pattern pattern, String text) {
        try {
            return pattern.matcher(new Counted(text, new Looks())).find()
                    ? Found.FOUND
                    : Found.NOT_FOUND;
        } catch (TooManyLooks | StackOverflowError e) {
            return Found.GAVE_UP;
        }
    }

    private static final class Looks {
        private int left = MAX_LOOKS;

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
            super(
                    "the search looked at more than " + MAX_LOOKS + " characters",
                    null,
                    false,
                    false);
        }
    }
}
