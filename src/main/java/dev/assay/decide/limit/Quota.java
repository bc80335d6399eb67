package dev.assay.decide.limit;

import dev.assay.model.RateLimits.Window;

import java.time.Duration;
import java.time.Instant;

/// What is left of a limit by the provider's own word, and how fast it may be used.
///
/// Once less than half is left, it is spread over the time to the reset. That uses all of a limit
/// which starts anew at a moment, and all of one that refills steadily: of the latter half stays
/// left, since the rate of spreading, left / time to the reset, is then the rate of refilling.
/// Nothing is assumed of who else uses the key: whatever they use is left to nobody.
///
/// @param left units, less what was taken since the provider counted
/// @param limit units in all
/// @param resetAt until then all this holds
/// @param nextAt when the next may be taken
/// @param asOf the number of the call whose reply said so
record Quota(double left, double limit, Instant resetAt, Instant nextAt, long asOf) {

    static final Quota UNKNOWN = new Quota(0, 0, Instant.EPOCH, Instant.EPOCH, -1);

    private static final double PLENTY = 0.5;

    /// A reply said what is left.
    ///
    /// @param takenSince units that the provider may not have counted yet
    /// @param longest no reset is taken to be further away
    Quota told(Window window, Grant grant, double takenSince, Duration longest, Instant now) {
        if (grant.number() < asOf || window.remaining().isEmpty() || window.reset().isEmpty()) {
            return this;
        }
        double remaining = window.remaining().getAsLong();
        Duration reset = window.reset().get();
        return new Quota(
                remaining - takenSince,
                window.limit().orElse((long) remaining),
                now.plus(reset.compareTo(longest) < 0 ? reset : longest),
                nextAt,
                grant.number());
    }

    /// When so many units may be taken; now, or a later moment.
    ///
    /// @param reserved calls that go before, each of as many units
    Instant allows(double units, int reserved, Instant now) {
        if (!now.isBefore(resetAt)) {
            return now;
        }
        if (left < Math.min(units * (1.0 + reserved), limit)) {
            return resetAt;
        }
        Instant at = reserved > 0 ? nextAt.plus(Bucket.TURN) : nextAt;
        return isPlenty() || at.isBefore(now) ? now : at;
    }

    Quota taken(double units, Instant now) {
        if (!now.isBefore(resetAt)) {
            return this;
        }
        double share = Math.min(1, units / Math.max(left, units));
        Instant from = nextAt.isAfter(now) ? nextAt : now;
        long pauseNanos = (long) (Duration.between(now, resetAt).toNanos() * share);
        return new Quota(
                left - units, limit, resetAt, isPlenty() ? now : from.plusNanos(pauseNanos), asOf);
    }

    private boolean isPlenty() {
        return left > limit * PLENTY;
    }
}
