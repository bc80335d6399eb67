package dev.assay.bulk;

import java.util.OptionalLong;

/// Counts latencies in buckets whose bounds grow by half a per cent, so a quantile is off by no
/// more than that however many there are. Milliseconds.
final class LatencyHistogram {

    private static final double GROWTH = Math.log(1.005);

    /// Enough for a year.
    private static final int BUCKETS = 5_000;

    private final long[] counts = new long[BUCKETS];
    private long total;

    void add(long latencyMs) {
        counts[bucket(latencyMs)]++;
        total++;
    }

    /// The latency that this share of all does not exceed.
    ///
    /// @param share above 0, at most 1
    OptionalLong quantile(double share) {
        long rank = (long) Math.ceil(share * total);
        long below = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            below += counts[bucket];
            if (below >= rank && below > 0) {
                return OptionalLong.of(Math.round(Math.exp(bucket * GROWTH)) - 1);
            }
        }
        return OptionalLong.empty();
    }

    private static int bucket(long latencyMs) {
        int bucket = (int) Math.round(Math.log(Math.max(0, latencyMs) + 1.0) / GROWTH);
        return Math.min(bucket, BUCKETS - 1);
    }
}
