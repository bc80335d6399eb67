package dev.assay.decide.learn;

/// How much a learner of one route remembers and looks at. State of one size is not readable with
/// settings of another.
///
/// @param prefixChars characters of a prompt that are looked at; longer prompts cost no more
/// @param bucketBits the sums of single n-grams have 2 to this many buckets for each model
/// @param projectedDims n-grams are folded to so many dimensions, a power of two, for the
///   regression
/// @param useTask the prompt's task is a feature
/// @param useTenant the prompt's tenant is a feature
public record LearnSettings(
        int prefixChars, int bucketBits, int projectedDims, boolean useTask, boolean useTenant) {

    public static final LearnSettings DEFAULT = new LearnSettings(1000, 16, 512, true, true);

    private static final int MAX_PREFIX_CHARS = 100_000;
    private static final int MIN_BUCKET_BITS = 8;
    private static final int MAX_BUCKET_BITS = 20;
    private static final int MIN_PROJECTED_DIMS = 16;
    private static final int MAX_PROJECTED_DIMS = 2048;

    public LearnSettings {
        require("prefixChars", prefixChars, 1, MAX_PREFIX_CHARS);
        require("bucketBits", bucketBits, MIN_BUCKET_BITS, MAX_BUCKET_BITS);
        require("projectedDims", projectedDims, MIN_PROJECTED_DIMS, MAX_PROJECTED_DIMS);
        if (Integer.bitCount(projectedDims) != 1) {
            throw new IllegalArgumentException(
                    "projectedDims is a power of two, not " + projectedDims);
        }
    }

    /// The same without the task among the features.
    public LearnSettings withoutTask() {
        return new LearnSettings(prefixChars, bucketBits, projectedDims, false, useTenant);
    }

    /// Buckets of single n-grams.
    int buckets() {
        return 1 << bucketBits;
    }

    /// What follows the folded n-grams: labels, shape and a constant.
    int tailDims() {
        return PromptFeatures.LABEL_DIMS + TextShape.NAMES.size() + 1;
    }

    /// Numbers that the regression goes by.
    int denseDims() {
        return projectedDims + tailDims();
    }

    void write(StateWriter out) {
        out.number(prefixChars);
        out.number(bucketBits);
        out.number(projectedDims);
        out.number((useTask ? 1 : 0) | (useTenant ? 2 : 0));
    }

    static LearnSettings read(StateReader in) {
        int prefixChars = in.number();
        int bucketBits = in.number();
        int projectedDims = in.number();
        int labels = in.number();
        return new LearnSettings(
                prefixChars, bucketBits, projectedDims, (labels & 1) != 0, (labels & 2) != 0);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be from %d to %d".formatted(name, value, least, most));
        }
    }
}
