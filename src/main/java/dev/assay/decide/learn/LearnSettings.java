package dev.assay.decide.learn;

import dev.assay.model.LearnerSize;

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

    public static final LearnSettings DEFAULT = of(LearnerSize.DEFAULT);

    private static final int MOST_BUCKET_BITS = 30;

    public LearnSettings {
        if (bucketBits < 0 || bucketBits > MOST_BUCKET_BITS) {
            throw new IllegalArgumentException("buckets of %d bits".formatted(bucketBits));
        }
        new LearnerSize(
                prefixChars, 1 << bucketBits, projectedDims); // refuses what is out of range
    }

    /// The settings of a route whose learner has this size.
    public static LearnSettings of(LearnerSize size) {
        return new LearnSettings(
                size.prefixChars(),
                Integer.numberOfTrailingZeros(size.buckets()),
                size.dimensions(),
                true,
                true);
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
}
