package dev.assay.decide.limit;

import java.util.OptionalDouble;

/// What a lane of one instance may use: its share of what the application may.
///
/// @param maxInFlight calls at once
/// @param requestsPerSecond calls begun; absent is no limit
/// @param tokensPerSecond input and output; absent is no limit
public record LaneLimits(
        int maxInFlight, OptionalDouble requestsPerSecond, OptionalDouble tokensPerSecond) {

    /// The same with no more than so many calls at once.
    public LaneLimits atMost(int calls) {
        return new LaneLimits(Math.min(maxInFlight, calls), requestsPerSecond, tokensPerSecond);
    }
}
