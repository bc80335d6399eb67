package dev.assay.decide.limit;

import java.time.Instant;

/// How many calls a lane allows itself in flight, found out by trying.
///
/// It is cut by a fifth where more than a tenth of the calls begun since the last cut came back
/// congested, so at most once per round trip; a provider that fails one call in fifty whatever the
/// load is used as fully as any other. It grows with successes while at least half of it is used:
/// by one per success, doubling each round trip, up to the level of the last cut that successes had
/// led up to, so that an outage is soon forgotten; from there by one per round trip, and faster the
/// further it gets. Latency says nothing: that of a language model follows the length of its
/// answer.
///
/// Sources: Chiu and Jain, "Analysis of the Increase and Decrease Algorithms for Congestion
/// Avoidance in Computer Networks", 1989; slow start and the cut of what is in flight from RFC
/// 5681; growth beyond a known level from Xu, Harfoush and Rhee, "Binary Increase Congestion
/// Control", 2004; the rule on use as in Netflix's concurrency-limits.
///
/// @param calls the limit; at least 1
/// @param known up to this level growth is fast
/// @param strain moving share of congested calls since the last cut
/// @param proven calls succeeded since the last cut
/// @param cutAt when it was last cut
record AdaptiveLimit(double calls, double known, double strain, boolean proven, Instant cutAt) {

    private static final double DECREASE = 0.8;
    private static final double TOLERATED_STRAIN = 0.1;

    /// The moving share looks back on about as many calls as are in flight, within these bounds.
    private static final int MIN_WINDOW = 20;

    private static final int MAX_WINDOW = 100;

    /// Beyond the known level each round trip adds this share of the distance to it.
    private static final double REACH = 0.25;

    static AdaptiveLimit of(int calls) {
        return new AdaptiveLimit(calls, calls, 0, true, Instant.EPOCH);
    }

    /// A call succeeded.
    ///
    /// @param wasInFlight calls in flight, this one included
    /// @param max the limit grows no further
    AdaptiveLimit succeeded(Instant startedAt, int wasInFlight, int max) {
        if (isStale(startedAt)) {
            return this;
        }
        boolean used = wasInFlight * 2 >= calls;
        double perRoundTrip = calls < known ? calls : 1 + (calls - known) * REACH;
        double grown = Math.min(max, calls + perRoundTrip / calls);
        return new AdaptiveLimit(
                used && grown > calls ? grown : calls,
                known,
                strain - strain / window(),
                true,
                cutAt);
    }

    /// A call was turned away, or timed out.
    AdaptiveLimit congested(Instant startedAt, int wasInFlight, Instant now) {
        if (isStale(startedAt)) {
            return this;
        }
        double more = strain + (1 - strain) / window();
        if (more <= TOLERATED_STRAIN) {
            return new AdaptiveLimit(calls, known, more, proven, cutAt);
        }
        double cut = Math.max(1, Math.min(calls, wasInFlight) * DECREASE);
        return new AdaptiveLimit(cut, proven ? calls * DECREASE : known, 0, false, now);
    }

    /// It cannot be cut any further.
    boolean isLowest() {
        return calls <= 1;
    }

    /// What began before the last cut says nothing new.
    private boolean isStale(Instant startedAt) {
        return !startedAt.isAfter(cutAt);
    }

    private double window() {
        return Math.clamp(calls, MIN_WINDOW, MAX_WINDOW);
    }
}
