package dev.assay.decide.learn;

import java.util.Arrays;

/// Counts n-grams by bucket: open addressing with room for all that a text of known length can
/// hold.
final class GramCounts {

    /// Kept in place of a bucket where there is none.
    private static final int EMPTY = -1;

    private final int[] buckets;
    private final int[] counts;
    private int distinct;

    /// @param most n-grams to come
    GramCounts(int most) {
        int capacity = Integer.highestOneBit(Math.max(1, most)) << 2;
        buckets = new int[capacity];
        counts = new int[capacity];
        Arrays.fill(buckets, EMPTY);
    }

    /// Counts one more; true where it is the first in its bucket.
    boolean add(int bucket) {
        int slot = Hashes.mix(bucket) & (buckets.length - 1);
        while (buckets[slot] != EMPTY && buckets[slot] != bucket) {
            slot = (slot + 1) & (buckets.length - 1);
        }
        counts[slot]++;
        if (buckets[slot] == bucket) {
            return false;
        }
        buckets[slot] = bucket;
        distinct++;
        return true;
    }

    FeatureVector vector(float[] tail, LearnSettings settings) {
        int[] found = new int[distinct];
        int[] times = new int[distinct];
        int next = 0;
        for (int slot = 0; slot < buckets.length; slot++) {
            if (buckets[slot] != EMPTY) {
                found[next] = buckets[slot];
                times[next] = counts[slot];
                next++;
            }
        }
        return new FeatureVector(found, times, tail, settings);
    }
}
