package dev.assay.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What the headers of a reply say of the limits that its model has for us.
///
/// @param requests the limit on calls
/// @param tokens the limit on tokens, the tightest where there are several
public record RateLimits(Window requests, Window tokens) {

    public static final RateLimits NONE = new RateLimits(Window.UNKNOWN, Window.UNKNOWN);

    /// One limit.
    ///
    /// @param limit what it allows in all
    /// @param remaining what of it is left
    /// @param reset the time until all of it is there again
    public record Window(OptionalLong limit, OptionalLong remaining, Optional<Duration> reset) {

        public static final Window UNKNOWN =
                new Window(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

        /// Nothing of it is left.
        public boolean isUsedUp() {
            return remaining.isPresent() && remaining.getAsLong() <= 0;
        }
    }
}
