package dev.assay.decide.limit;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a lane may use, for the whole application.
///
/// @param maxInFlight calls at once
/// @param requestsPerMinute calls begun per minute; absent is no limit
/// @param tokensPerMinute input and output per minute; absent is no limit
public record LaneSettings(
        int maxInFlight, OptionalInt requestsPerMinute, OptionalInt tokensPerMinute) {

    private static final double SECONDS_PER_MINUTE = 60;

    /// What an instance with this share of it may use.
    public LaneLimits of(Share share) {
        return new LaneLimits(
                share.of(maxInFlight),
                perSecond(requestsPerMinute, share),
                perSecond(tokensPerMinute, share));
    }

    private static OptionalDouble perSecond(OptionalInt perMinute, Share share) {
        return perMinute.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(share.ofRate(perMinute.getAsInt()) / SECONDS_PER_MINUTE);
    }
}
