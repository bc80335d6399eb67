package dev.assay.decide.learn;

import java.util.Optional;

/// Turns a prompt into the numbers that grades are predicted from.
///
/// N-grams: whole words and runs of characters, five where they count alone and four where they are
/// folded; small letters, every digit as 0, any white space as one blank. Pure and quick; may be
/// called on any thread.
public final class PromptFeatures {

    private static final int TASK_DIMS = 24;
    private static final int TENANT_DIMS = 8;

    /// Dimensions of task and tenant, by hash.
    static final int LABEL_DIMS = TASK_DIMS + TENANT_DIMS;

    private static final long CHARS = 1;
    private static final long WORD = 2;
    private static final long TASK = 3;
    private static final long TENANT = 4;
    private static final long FOLDED = 5;

    private static final int GRAM = 5;
    private static final int CHAR_BITS = 12;
    private static final int CHAR_MASK = (1 << CHAR_BITS) - 1;
    private static final long GRAM_MASK = (1L << (GRAM * CHAR_BITS)) - 1;
    private static final long FOLDED_MASK = (1L << ((GRAM - 1) * CHAR_BITS)) - 1;

    private static final int ASCII = 128;

    /// What ASCII characters are read as; never changed.
    private static final char[] PLAIN = plainAscii();

    private PromptFeatures() {}

    /// The features of a prompt.
    ///
    /// @param text the last user message, or a transcript; only its beginning is looked at
    public static FeatureVector of(
            String text, Optional<String> task, Optional<String> tenant, LearnSettings settings) {
        String prefix = text.substring(0, Math.min(text.length(), settings.prefixChars()));
        Grams grams = new Grams(2 * prefix.length(), settings);
        int bits = settings.bucketBits();
        int words = 0;
        int distinct = 0;
        long word = WORD;
        long window = 0;
        int filled = 0;
        char previous = ' ';
        for (int i = 0; i <= prefix.length(); i++) {
            char c = i < prefix.length() ? plain(prefix.charAt(i)) : ' ';
            if (inWord(c)) {
                word = Hashes.step(word, c);
            } else if (word != WORD) {
                words++;
                distinct += grams.single(Hashes.bucket(word, bits));
                grams.fold(Hashes.bucket(word, Integer.SIZE));
                word = WORD;
            }
            if (c == ' ' && previous == ' ') {
                continue;
            }
            previous = c;
            window = ((window << CHAR_BITS) | (c & CHAR_MASK)) & GRAM_MASK;
            filled++;
            if (filled >= GRAM) {
                grams.single(Hashes.bucket(Hashes.step(CHARS, window), bits));
            }
            if (filled >= GRAM - 1) {
                long four = Hashes.step(FOLDED, window & FOLDED_MASK);
                grams.fold(Hashes.bucket(four, Integer.SIZE));
            }
        }
        float[] dense = new float[settings.denseDims()];
        grams.writeFolded(dense);
        int labels = settings.projectedDims();
        if (settings.useTask()) {
            task.ifPresent(name -> dense[labels + slot(TASK, name, TASK_DIMS)] = 1);
        }
        if (settings.useTenant()) {
            tenant.ifPresent(
                    name -> dense[labels + TASK_DIMS + slot(TENANT, name, TENANT_DIMS)] = 1);
        }
        float[] shape = TextShape.of(prefix, text.length(), words, distinct);
        System.arraycopy(shape, 0, dense, labels + LABEL_DIMS, shape.length);
        dense[dense.length - 1] = 1;
        return new FeatureVector(grams.buckets(), dense);
    }

    /// Shows the words at the beginning of a text, each as often as it occurs.
    static void words(String text, LearnSettings settings, WordVisitor visitor) {
        int end = Math.min(text.length(), settings.prefixChars());
        long word = WORD;
        int from = 0;
        for (int i = 0; i <= end; i++) {
            char c = i < end ? plain(text.charAt(i)) : ' ';
            if (inWord(c)) {
                from = word == WORD ? i : from;
                word = Hashes.step(word, c);
            } else if (word != WORD) {
                visitor.visit(Hashes.bucket(word, settings.bucketBits()), from, i);
                word = WORD;
            }
        }
    }

    /// Is shown words.
    interface WordVisitor {

        /// @param bucket that the word counts in
        /// @param from where it begins in the text
        /// @param to where it has ended
        void visit(int bucket, int from, int to);
    }

    /// The name of one of the features that follow the folded n-grams.
    static String name(int tail) {
        if (tail < TASK_DIMS) {
            return "task";
        }
        return tail < LABEL_DIMS ? "tenant" : TextShape.NAMES.get(tail - LABEL_DIMS);
    }

    private static int slot(long kind, String label, int slots) {
        return Math.floorMod(Hashes.mix(Long.hashCode(Hashes.of(kind, label))), slots);
    }

    private static boolean inWord(char c) {
        return (c >= 'a' && c <= 'z')
                || c == '0'
                || (c >= PLAIN.length && Character.isLetterOrDigit(c));
    }

    private static char plain(char c) {
        return c < PLAIN.length ? PLAIN[c] : folded(c);
    }

    private static char folded(char c) {
        if (Character.isDigit(c)) {
            return '0';
        }
        return Character.isWhitespace(c) ? ' ' : Character.toLowerCase(c);
    }

    private static char[] plainAscii() {
        char[] plain = new char[ASCII];
        for (char c = 0; c < ASCII; c++) {
            plain[c] = folded(c);
        }
        return plain;
    }
}
