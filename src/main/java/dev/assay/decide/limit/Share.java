package dev.assay.decide.limit;

import java.util.Set;

/// The part of the application's limits that one instance may use: that of the partitions it owns.
///
/// Each partition carries whole units of a limit, as many as the next or one fewer, and those of
/// all partitions add up to the limit exactly. Whoever owns which, the instances together never
/// have more than all of it.
///
/// @param partitions of the topic of prompts
/// @param owned of them, counted from 0
public record Share(int partitions, Set<Integer> owned) {

    /// All of it.
    public static final Share WHOLE = new Share(1, Set.of(0));

    public Share {
        owned = Set.copyOf(owned);
    }

    /// Units of a limit in whole numbers. A limit smaller than the number of partitions leaves some
    /// without any, so there an instance has its part rounded down, and at least one.
    int of(int limit) {
        if (limit < partitions) {
            return Math.max(1, (int) exact(limit));
        }
        int units = 0;
        for (int partition : owned) {
            units += upTo(partition + 1, limit) - upTo(partition, limit);
        }
        return units;
    }

    /// Units of a limit on a rate, which need not be whole where the limit is small.
    double ofRate(int limit) {
        return limit < partitions ? exact(limit) : of(limit);
    }

    private double exact(int limit) {
        return (double) limit * owned.size() / partitions;
    }

    private int upTo(int partition, int limit) {
        return (int) ((long) limit * partition / partitions);
    }
}
