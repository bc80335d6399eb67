package dev.assay.decide.limit;

import java.time.Duration;
import java.time.Instant;

/// A token bucket.
///
/// Source: Turner, "New Directions in Communications", 1986.
///
/// @param level tokens in it; below zero where more was used than had been there
/// @param filledAt when they were last counted
record Bucket(double level, Instant filledAt) {

    /// How long a call leaves their turn to those that go before it. Tasks ask every few ms; one
    /// that has not asked for so long is busy with other things, or cannot start.
    static final Duration TURN = Duration.ofMillis(100);

    private static final double NANOS_PER_SECOND = 1e9;

    static Bucket empty(Instant now) {
        return new Bucket(0, now);
    }

    /// What a bucket holds for a call. One of less than a call would let none begin.
    ///
    /// For a call behind others it holds what comes in within a turn more. Where it is too small
    /// for them all, such a call must find it full: so the others have a turn's time to begin, and
    /// where they do not, nothing of the limit is lost.
    ///
    /// @param reserved calls that go before
    static double capacity(double perSecond, double burstSeconds, int reserved) {
        double capacity = Math.max(1, perSecond * burstSeconds);
        return reserved > 0 ? capacity + perSecond * TURN.toNanos() / NANOS_PER_SECOND : capacity;
    }

    Bucket filled(double perSecond, double capacity, Instant now) {
        double seconds = Duration.between(filledAt, now).toNanos() / NANOS_PER_SECOND;
        return seconds <= 0
                ? this
                : new Bucket(Math.min(capacity, level + seconds * perSecond), now);
    }

    Bucket minus(double tokens) {
        return new Bucket(level - tokens, filledAt);
    }

    /// For another share of the same limit: what was saved up goes with what was given away, and
    /// nothing comes with what was won.
    Bucket scaled(double factor) {
        return factor < 1 && level > 0 ? new Bucket(level * factor, filledAt) : this;
    }

    /// When so many tokens are in it, if nobody takes any.
    Instant holds(double tokens, double perSecond) {
        double seconds = Math.max(0, tokens - level) / perSecond;
        // Beyond a day it makes no difference, and numbers without bound overflow.
        return filledAt.plusMillis((long) Math.ceil(Math.min(seconds, 86_400) * 1_000));
    }
}
