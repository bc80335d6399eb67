package dev.assay.decide.learn;

import java.util.Arrays;

/// Collects the n-grams of one prompt: which buckets were hit, and the sum of all of them folded.
///
/// Without branches on what was seen before, since those cannot be foretold: they took most of the
/// time.
final class Grams {

    private final long[] hit;
    private final int[] folded;
    private final int[] buckets;
    private int distinct;

    /// @param most single n-grams to come
    Grams(int most, LearnSettings settings) {
        hit = new long[settings.buckets() / Long.SIZE];
        folded = new int[settings.projectedDims()];
        buckets = new int[most + 1];
    }

    /// Notes an n-gram; 1 where it is the first of its bucket, else 0.
    int single(int bucket) {
        long word = hit[bucket / Long.SIZE];
        int fresh = (int) (~word >>> bucket) & 1;
        hit[bucket / Long.SIZE] = word | (1L << bucket);
        buckets[distinct] = bucket;
        distinct += fresh;
        return fresh;
    }

    /// Folds an n-gram in, as often as it occurs.
    ///
    /// @param hash its highest bit is the sign, its lowest bits are the dimension
    void fold(int hash) {
        folded[hash & (folded.length - 1)] += 1 | (hash >> (Integer.SIZE - 1));
    }

    /// The distinct buckets, in the order of the text.
    int[] buckets() {
        return Arrays.copyOf(buckets, distinct);
    }

    /// Writes the folded n-grams, scaled to length 1, to the beginning of `dense`.
    void writeFolded(float[] dense) {
        double squares = 0;
        for (int value : folded) {
            squares += (double) value * value;
        }
        float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
        for (int i = 0; i < folded.length; i++) {
            dense[i] = folded[i] * scale;
        }
    }
}
