package dev.assay.decide.learn;

import java.util.Arrays;

/// A prompt as numbers: which n-grams it holds, its task and tenant, and how its text is shaped.
/// Immutable, and without any of its text.
///
/// N-grams are seen in two ways: each alone, by its bucket, and all of them folded with signs to
/// few dimensions and scaled to length 1 (feature hashing: Weinberger et al., 2009). Behind the
/// folded ones stand labels, shape and a constant 1.
public final class FeatureVector {

    private static final byte VERSION = 1;

    /// A sum over n-grams is divided by their number to this power: 1 would make it a mean, 0.5 is
    /// right where n-grams are independent of each other.
    private static final double GRAM_POWER = 0.75;

    private final int[] buckets;
    private final float[] dense;
    private final float gramScale;

    /// @param buckets of the distinct n-grams, in any order
    /// @param dense folded n-grams, labels, shape and the constant
    FeatureVector(int[] buckets, float[] dense) {
        this.buckets = buckets;
        this.dense = dense;
        this.gramScale = (float) Math.pow(buckets.length + 1, -GRAM_POWER);
    }

    /// The vector as bytes, to travel beside a grade: about two for each n-gram and four for each
    /// dimension.
    public byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        out.number(buckets.length);
        int[] ascending = buckets.clone();
        Arrays.sort(ascending);
        int next = 0;
        for (int bucket : ascending) {
            out.number(bucket - next);
            next = bucket + 1;
        }
        out.reals(dense);
        return out.written();
    }

    /// Reads what `write` wrote under the same settings.
    ///
    /// @throws IllegalArgumentException if the bytes are no vector of these settings
    public static FeatureVector read(byte[] bytes, LearnSettings settings) {
        StateReader in = new StateReader("feature vector", bytes, VERSION);
        int[] buckets = new int[in.size()];
        int next = 0;
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = next + in.number();
            in.require(buckets[i] >= next && buckets[i] < settings.buckets(), "bucket");
            next = buckets[i] + 1;
        }
        float[] dense = in.reals(settings.denseDims());
        in.end();
        return new FeatureVector(buckets, dense);
    }

    /// Buckets of the distinct n-grams; not to be changed.
    int[] buckets() {
        return buckets;
    }

    /// Folded n-grams, labels, shape and the constant; not to be changed.
    float[] dense() {
        return dense;
    }

    /// The factor by which a sum over the n-grams is scaled.
    float gramScale() {
        return gramScale;
    }
}
