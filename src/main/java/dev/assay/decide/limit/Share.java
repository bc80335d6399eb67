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

    /// Units of a limit in whole numbers. One smaller than the number of partitions is not shared
    /// in this way: a ledger lets its units to whoever needs them, so any instance may have all.
    int of(int limit) {
        if (limit < partitions) {
            return limit;
        }
        int units = 0;
        for (int partition : owned) {
            units += upTo(partition + 1, limit) - upTo(partition, limit);
        }
        return units;
    }

    /// Units of a limit on a rate, which need not be whole where the limit is small.
    double ofRate(int limit) {
        return limit < partitions ? (double) limit * owned.size() / partitions : of(limit);
    }

    private int upTo(int partition, int limit) {
        return (int) ((long) limit * partition / partitions);
    }
}
