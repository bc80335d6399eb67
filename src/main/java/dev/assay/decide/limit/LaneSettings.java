package dev.assay.decide.limit;

import java.util.OptionalInt;

/// What a lane may use, for the whole application.
///
/// @param maxInFlight calls at once
/// @param requestsPerMinute calls begun per minute; absent is no limit
public record LaneSettings(int maxInFlight, OptionalInt requestsPerMinute) {

    /// The most calls an instance with this share (0 to 1) may have in flight; at least one, so
    /// that small limits do not starve anybody.
    int maxInFlight(double share) {
        return (int) Math.max(1, Math.floor(maxInFlight * share));
    }
}
