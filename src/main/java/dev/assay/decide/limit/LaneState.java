package dev.assay.decide.limit;

import dev.assay.model.CallError;

import java.time.Instant;
import java.util.Optional;

/// Where a lane stands.
///
/// @param limit calls in flight it allows itself at present
/// @param inFlight calls in flight
/// @param pausedUntil nothing starts before
/// @param tokens calls that may begin at once under the limit per minute
/// @param refilledAt when tokens were last counted
/// @param shut the model is out of service for everybody
public record LaneState(
        AdaptiveLimit limit,
        int inFlight,
        Instant pausedUntil,
        double tokens,
        Instant refilledAt,
        Optional<Shut> shut) {

    /// Why a lane is shut, since when, and when one call may try whether it still is.
    public record Shut(CallError error, Instant since, Instant probeAt) {}

    /// A lane nobody has used: all of its calls allowed, no tokens saved up.
    public static LaneState fresh(LaneSettings settings, Instant now) {
        return new LaneState(
                AdaptiveLimit.of(settings.maxInFlight()),
                0,
                Instant.EPOCH,
                0,
                now,
                Optional.empty());
    }

    LaneState withInFlight(int newInFlight) {
        return new LaneState(limit, newInFlight, pausedUntil, tokens, refilledAt, shut);
    }

    LaneState withLimit(AdaptiveLimit newLimit) {
        return new LaneState(newLimit, inFlight, pausedUntil, tokens, refilledAt, shut);
    }

    LaneState withPausedUntil(Instant at) {
        return new LaneState(limit, inFlight, at, tokens, refilledAt, shut);
    }

    LaneState withTokens(double newTokens, Instant at) {
        return new LaneState(limit, inFlight, pausedUntil, newTokens, at, shut);
    }

    LaneState withShut(Optional<Shut> newShut) {
        return new LaneState(limit, inFlight, pausedUntil, tokens, refilledAt, newShut);
    }
}
