package dev.assay.decide.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Turns a prompt into the numbers that grades are predicted from.
///
/// N-grams: five characters in a row and whole words; small letters, every digit as 0, any white
/// space as one blank. Pure and quick; may be called on any thread.
public final class PromptFeatures {

    private static final int TASK_DIMS = 24;
    private static final int TENANT_DIMS = 8;

    /// Dimensions of task and tenant, by hash.
    static final int LABEL_DIMS = TASK_DIMS + TENANT_DIMS;

    /// Words that are named at most when a prediction is explained.
    private static final int MAX_NAMED_WORDS = 300;

    private static final long CHARS = 1;
    private static final long WORD = 2;
    private static final long TASK = 3;
    private static final long TENANT = 4;

    private static final int GRAM = 5;
    private static final int CHAR_BITS = 12;
    private static final int CHAR_MASK = (1 << CHAR_BITS) - 1;
    private static final long GRAM_MASK = (1L << (GRAM * CHAR_BITS)) - 1;

    private PromptFeatures() {}

    /// The features of a prompt.
    ///
    /// @param text the last user message, or a transcript; only its beginning is looked at
    public static FeatureVector of(
            String text, Optional<String> task, Optional<String> tenant, LearnSettings settings) {
        String prefix = text.substring(0, Math.min(text.length(), settings.prefixChars()));
        GramCounts grams = new GramCounts(2 * prefix.length());
        int words = 0;
        int distinct = 0;
        long word = WORD;
        long window = 0;
        int filled = 0;
        char previous = ' ';
        for (int i = 0; i <= prefix.length(); i++) {
            char c = i < prefix.length() ? plain(prefix.charAt(i)) : ' ';
            if (Character.isLetterOrDigit(c)) {
                word = Hashes.step(word, c);
            } else if (word != WORD) {
                words++;
                distinct += grams.add(Hashes.bucket(word, settings.bucketBits())) ? 1 : 0;
                word = WORD;
            }
            if (c == ' ' && previous == ' ') {
                continue;
            }
            previous = c;
            window = ((window << CHAR_BITS) | (c & CHAR_MASK)) & GRAM_MASK;
            if (++filled >= GRAM) {
                grams.add(Hashes.bucket(Hashes.step(CHARS, window), settings.bucketBits()));
            }
        }
        float[] tail = new float[settings.tailDims()];
        if (settings.useTask()) {
            task.ifPresent(name -> tail[slot(TASK, name, TASK_DIMS)] = 1);
        }
        if (settings.useTenant()) {
            tenant.ifPresent(name -> tail[TASK_DIMS + slot(TENANT, name, TENANT_DIMS)] = 1);
        }
        float[] shape = TextShape.of(prefix, text.length(), words, distinct);
        System.arraycopy(shape, 0, tail, LABEL_DIMS, shape.length);
        tail[tail.length - 1] = 1;
        return grams.vector(tail, settings);
    }

    /// The distinct words at the beginning of a text, each with its bucket.
    static Map<String, Integer> words(String text, LearnSettings settings) {
        Map<String, Integer> words = new LinkedHashMap<>();
        int end = Math.min(text.length(), settings.prefixChars());
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= end && words.size() < MAX_NAMED_WORDS; i++) {
            char c = i < end ? plain(text.charAt(i)) : ' ';
            if (Character.isLetterOrDigit(c)) {
                word.append(c);
            } else if (!word.isEmpty()) {
                long hash = Hashes.of(WORD, word);
                words.put(word.toString(), Hashes.bucket(hash, settings.bucketBits()));
                word.setLength(0);
            }
        }
        return words;
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

    private static char plain(char c) {
        if (c >= 'a' && c <= 'z') {
            return c;
        }
        if (Character.isDigit(c)) {
            return '0';
        }
        return Character.isWhitespace(c) ? ' ' : Character.toLowerCase(c);
    }
}
