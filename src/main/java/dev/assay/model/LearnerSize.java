package dev.assay.model;

/// How much what is learned of single prompts may remember and look at, on one route.
///
/// @param prefixChars characters of a prompt that are looked at; longer prompts cost no more
/// @param buckets sums of single n-grams for each model, a power of two
/// @param dimensions numbers that all n-grams are folded to for the regression, a power of two
public record LearnerSize(int prefixChars, int buckets, int dimensions) {

    public static final LearnerSize DEFAULT = new LearnerSize(1000, 65_536, 512);

    public static final int MOST_PREFIX_CHARS = 100_000;
    public static final int LEAST_BUCKETS = 256;
    public static final int MOST_BUCKETS = 1_048_576;
    public static final int LEAST_DIMENSIONS = 16;
    public static final int MOST_DIMENSIONS = 2048;

    /// Buckets of all models together: a predictor has a byte for each, and is one record.
    public static final int MOST_WEIGHTS = 4 * MOST_BUCKETS;

    public LearnerSize {
        require("prefixChars", prefixChars, 1, MOST_PREFIX_CHARS);
        require("buckets", buckets, LEAST_BUCKETS, MOST_BUCKETS);
        require("dimensions", dimensions, LEAST_DIMENSIONS, MOST_DIMENSIONS);
        requirePowerOfTwo("buckets", buckets);
        requirePowerOfTwo("dimensions", dimensions);
    }

    public static boolean isPowerOfTwo(int value) {
        return Integer.bitCount(value) == 1;
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be from %d to %d".formatted(name, value, least, most));
        }
    }

    private static void requirePowerOfTwo(String name, int value) {
        if (!isPowerOfTwo(value)) {
            throw new IllegalArgumentException(
                    "%s is a power of two, not %d".formatted(name, value));
        }
    }
}
