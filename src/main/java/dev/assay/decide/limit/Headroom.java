package dev.assay.decide.limit;

import java.time.Duration;
import java.time.Instant;

/// How much of a lane bulk work leaves free, so that a live call need not wait until one lands.
///
/// Follows the most that interactive calls wanted at once, in the air and waiting, over the last
/// two to four minutes; without any in that time nothing is kept free.
///
/// @param peak most wanted at once since `since`
/// @param earlierPeak most wanted at once in the window before
/// @param since when the present window began
public record Headroom(int peak, int earlierPeak, Instant since) {

    static final Duration WINDOW = Duration.ofMinutes(2);

    /// What live work may grow by at once.
    static final double GROWTH = 1.25;

    /// The largest part of a lane that is kept free.
    static final double MAX_SHARE = 0.5;

    public static Headroom fresh(Instant now) {
        return new Headroom(0, 0, now);
    }

    /// Interactive calls want this many places at once.
    public Headroom wanted(int calls, Instant now) {
        Headroom current = at(now);
        return calls <= current.peak
                ? current
                : new Headroom(calls, current.earlierPeak, current.since);
    }

    /// The places that bulk calls leave to interactive ones, those they have already included.
    ///
    /// @param limit calls that may be in flight
    public int places(int limit, Instant now) {
        Headroom current = at(now);
        int most = Math.max(current.peak, current.earlierPeak);
        return Math.min((int) (limit * MAX_SHARE), (int) Math.ceil(most * GROWTH));
    }

    private Headroom at(Instant now) {
        if (now.isBefore(since.plus(WINDOW))) {
            return this;
        }
        boolean follows = now.isBefore(since.plus(WINDOW.multipliedBy(2)));
        return new Headroom(0, follows ? peak : 0, now);
    }
}
