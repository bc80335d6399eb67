package dev.assay.decide.learn;

import java.util.Arrays;

/// A prompt as numbers: which n-grams it holds, its task and tenant, and how its text is shaped.
/// Immutable, and without any of its text.
///
/// The n-grams are seen in two ways: each alone, by its bucket, and all of them folded with signs
/// to few dimensions and scaled to length 1 (feature hashing: Weinberger et al., 2009). Behind the
/// folded ones stand labels, shape and a constant 1.
public final class FeatureVector {

    private static final byte VERSION = 1;

    /// A sum over n-grams is divided by their number to this power: 1 would make it a mean, 0.5 is
    /// right where n-grams are independent of each other.
    private static final double GRAM_POWER = 0.75;

    private final int[] buckets;
    private final int[] counts;
    private final float[] tail;
    private final float[] dense;
    private final float gramScale;

    /// @param buckets of the distinct n-grams, in any order
    /// @param counts how often each of them occurs, at least once
    /// @param tail what follows the folded n-grams
    FeatureVector(int[] buckets, int[] counts, float[] tail, LearnSettings settings) {
        this.buckets = buckets;
        this.counts = counts;
        this.tail = tail;
        this.dense = dense(buckets, counts, tail, settings);
        this.gramScale = (float) Math.pow(buckets.length + 1, -GRAM_POWER);
    }

    /// The vector as bytes, to travel beside a grade: about three for each n-gram.
    public byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        out.number(buckets.length);
        long[] ascending = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            ascending[i] = ((long) buckets[i] << Integer.SIZE) | counts[i];
        }
        Arrays.sort(ascending);
        int next = 0;
        for (long gram : ascending) {
            int bucket = (int) (gram >> Integer.SIZE);
            int count = (int) gram;
            // the lowest bit says whether a count follows; most n-grams occur once
            out.number(((bucket - next) << 1) | (count == 1 ? 0 : 1));
            if (count != 1) {
                out.number(count);
            }
            next = bucket + 1;
        }
        out.reals(tail);
        return out.written();
    }

    /// Reads what `write` wrote under the same settings.
    ///
    /// @throws IllegalArgumentException if the bytes are no vector of these settings
    public static FeatureVector read(byte[] bytes, LearnSettings settings) {
        StateReader in = new StateReader("feature vector", bytes, VERSION);
        int[] buckets = new int[in.size()];
        int[] counts = new int[buckets.length];
        int next = 0;
        for (int i = 0; i < buckets.length; i++) {
            int code = in.number();
            buckets[i] = next + (code >>> 1);
            in.require(buckets[i] >= next && buckets[i] < settings.buckets(), "bucket");
            counts[i] = (code & 1) == 0 ? 1 : in.number();
            next = buckets[i] + 1;
        }
        float[] tail = in.reals(settings.tailDims());
        in.end();
        return new FeatureVector(buckets, counts, tail, settings);
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

    private static float[] dense(
            int[] buckets, int[] counts, float[] tail, LearnSettings settings) {
        int dims = settings.projectedDims();
        float[] dense = new float[settings.denseDims()];
        for (int i = 0; i < buckets.length; i++) {
            int hash = Hashes.mix(buckets[i]);
            float value = 1 + (float) Math.log(Math.max(1, counts[i]));
            dense[hash & (dims - 1)] += hash < 0 ? -value : value;
        }
        double squares = 0;
        for (int i = 0; i < dims; i++) {
            squares += dense[i] * dense[i];
        }
        if (squares > 0) {
            float scale = (float) (1 / Math.sqrt(squares));
            for (int i = 0; i < dims; i++) {
                dense[i] *= scale;
            }
        }
        System.arraycopy(tail, 0, dense, dims, tail.length);
        return dense;
    }
}
