package dev.assay.decide.limit;

import dev.assay.model.CallError;

import java.time.Instant;
import java.util.Optional;

/// Where a lane stands.
///
/// @param limit calls in flight it allows itself at present; at least 1
/// @param inFlight calls in flight
/// @param pausedUntil nothing starts before
/// @param cutAt when the limit was last cut
/// @param tokens calls that may begin at once under the limit per minute
/// @param refilledAt when tokens were last counted
/// @param shut the model is out of service for everybody
public record LaneState(
        double limit,
        int inFlight,
        Instant pausedUntil,
        Instant cutAt,
        double tokens,
        Instant refilledAt,
        Optional<Shut> shut) {

    /// Why a lane is shut, and when one call may try whether it still is.
    public record Shut(CallError error, Instant probeAt) {}

    /// A lane nobody has used: all of its calls allowed, no tokens saved up.
    public static LaneState fresh(LaneSettings settings, Instant now) {
        return new LaneState(
                settings.maxInFlight(), 0, Instant.EPOCH, Instant.EPOCH, 0, now, Optional.empty());
    }

    LaneState withInFlight(int newInFlight) {
        return new LaneState(limit, newInFlight, pausedUntil, cutAt, tokens, refilledAt, shut);
    }

    LaneState withLimit(double newLimit) {
        return new LaneState(newLimit, inFlight, pausedUntil, cutAt, tokens, refilledAt, shut);
    }

    LaneState withCut(double newLimit, Instant at) {
        return new LaneState(newLimit, inFlight, pausedUntil, at, tokens, refilledAt, shut);
    }

    LaneState withPausedUntil(Instant at) {
        return new LaneState(limit, inFlight, at, cutAt, tokens, refilledAt, shut);
    }

    LaneState withTokens(double newTokens, Instant at) {
        return new LaneState(limit, inFlight, pausedUntil, cutAt, newTokens, at, shut);
    }

    LaneState withShut(Optional<Shut> newShut) {
        return new LaneState(limit, inFlight, pausedUntil, cutAt, tokens, refilledAt, newShut);
    }
}
