package dev.assay.decide.limit;

import java.time.Instant;

/// Where a lane stands.
///
/// @param limit calls in flight it allows itself at present
/// @param inFlight calls in flight
/// @param pausedUntil nothing starts before
/// @param rates how fast calls may begin
/// @param service whether the model serves at all
public record LaneState(
        AdaptiveLimit limit, int inFlight, Instant pausedUntil, Rates rates, Service service) {

    /// A lane nobody has used: all of its calls allowed, no tokens saved up.
    public static LaneState fresh(LaneSettings settings, Instant now) {
        return new LaneState(
                AdaptiveLimit.of(settings.maxInFlight()),
                0,
                Instant.EPOCH,
                Rates.fresh(now),
                Service.fresh(now));
    }

    LaneState withInFlight(int newInFlight) {
        return new LaneState(limit, newInFlight, pausedUntil, rates, service);
    }

    LaneState withLimit(AdaptiveLimit newLimit) {
        return new LaneState(newLimit, inFlight, pausedUntil, rates, service);
    }

    LaneState withPausedUntil(Instant at) {
        return new LaneState(limit, inFlight, at, rates, service);
    }

    LaneState withRates(Rates newRates) {
        return new LaneState(limit, inFlight, pausedUntil, newRates, service);
    }

    LaneState withService(Service newService) {
        return new LaneState(limit, inFlight, pausedUntil, rates, newService);
    }
}
