package dev.assay.model;

import java.time.Duration;

/// How often and how long one model is tried for one call.
///
/// @param attempts the most tries, the first included
/// @param maxElapsed no try begins later than this after the first
public record RetryPolicy(int attempts, Duration maxElapsed) {

    public static final RetryPolicy DEFAULT = new RetryPolicy(8, Duration.ofMinutes(5));
}
