package dev.assay.decide.limit;

import java.time.Instant;

/// Where a lane stands.
///
/// @param limit calls in flight it allows itself at present
/// @param inFlight calls in flight
/// @param pausedUntil nothing starts before
/// @param tokens calls that may begin at once under the limit per minute
/// @param refilledAt when tokens were last counted
/// @param service whether the model serves at all
public record LaneState(
        AdaptiveLimit limit,
        int inFlight,
        Instant pausedUntil,
        double tokens,
        Instant refilledAt,
        Service service) {

    /// A lane nobody has used: all of its calls allowed, no tokens saved up.
    public static LaneState fresh(LaneSettings settings, Instant now) {
        return new LaneState(
                AdaptiveLimit.of(settings.maxInFlight()),
                0,
                Instant.EPOCH,
                0,
                now,
                Service.fresh(now));
    }

    LaneState withInFlight(int newInFlight) {
        return new LaneState(limit, newInFlight, pausedUntil, tokens, refilledAt, service);
    }

    LaneState withLimit(AdaptiveLimit newLimit) {
        return new LaneState(newLimit, inFlight, pausedUntil, tokens, refilledAt, service);
    }

    LaneState withPausedUntil(Instant at) {
        return new LaneState(limit, inFlight, at, tokens, refilledAt, service);
    }

    LaneState withTokens(double newTokens, Instant at) {
        return new LaneState(limit, inFlight, pausedUntil, newTokens, at, service);
    }

    LaneState withService(Service newService) {
        return new LaneState(limit, inFlight, pausedUntil, tokens, refilledAt, newService);
    }
}
