package dev.assay.provider.simulated;

import java.util.HashMap;
import java.util.Map;

/// A token bucket that holds the requests of one second. Not for use by more than one thread.
final class RateLimit {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MS_PER_SECOND = 1e3;

    private final double requestsPerSecond;
    private double tokens;
    private long filledNanos;

    RateLimit(double requestsPerSecond, long nowNanos) {
        this.requestsPerSecond = requestsPerSecond;
        this.tokens = capacity();
        this.filledNanos = nowNanos;
    }

    boolean tryTake(long nowNanos) {
        double fresh = (nowNanos - filledNanos) / NANOS_PER_SECOND * requestsPerSecond;
        tokens = Math.min(capacity(), tokens + fresh);
        filledNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /// What every request is told, in the words of OpenAI's API.
    Map<String, String> headers() {
        long resetMs = ms((capacity() - tokens) / requestsPerSecond);
        return Map.of(
                "x-ratelimit-limit-requests", Long.toString((long) capacity()),
                "x-ratelimit-remaining-requests", Long.toString((long) tokens),
                "x-ratelimit-reset-requests", resetMs + "ms");
    }

    /// What a request that got none is told besides.
    Map<String, String> refusalHeaders() {
        double waitSeconds = (1 - tokens) / requestsPerSecond;
        Map<String, String> headers = new HashMap<>(headers());
        headers.put("retry-after-ms", Long.toString(ms(waitSeconds)));
        headers.put("retry-after", Long.toString((long) Math.ceil(waitSeconds)));
        return headers;
    }

    private static long ms(double seconds) {
        return (long) Math.ceil(seconds * MS_PER_SECOND);
    }

    private double capacity() {
        return Math.max(1, requestsPerSecond);
    }
}
