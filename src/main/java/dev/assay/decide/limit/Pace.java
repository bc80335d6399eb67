package dev.assay.decide.limit;

import java.time.Duration;
import java.time.Instant;

/// How fast calls may begin, found out from those that were turned away for coming too fast.
///
/// No pace is kept until more are turned away than a provider may turn away whatever the rate, or
/// one that says that nothing is left. Then it is cut below the rate at which calls began, at most
/// once per round trip: deeply while nothing is known, and little once calls have been answered at
/// such a pace. While it holds calls back and they are answered, it grows: by a tenth per second
/// until the right pace was passed once, from then on by a fiftieth.
///
/// Source of the rule: Chiu and Jain, as for `AdaptiveLimit`.
///
/// @param perSecond calls that may begin; infinite while there is no pace
/// @param bucket holds few, so that calls come evenly
/// @param recent calls begun of late: a sum that halves every second
/// @param recentAt when it was last halved
/// @param answered calls begun and answered since the last cut
/// @param strain moving share of calls turned away since the last cut
/// @param found it was cut from a pace at which calls had been answered
/// @param holdsBack the last call began within about one turn of when it could
/// @param cutAt when it was last cut
/// @param grownAt when it last grew
record Pace(
        double perSecond,
        Bucket bucket,
        double recent,
        Instant recentAt,
        int answered,
        double strain,
        boolean found,
        boolean holdsBack,
        Instant cutAt,
        Instant grownAt) {

    private static final double DEEP_CUT = 0.6;
    private static final double CUT = 0.88;

    /// The moving share looks back on about so many calls.
    private static final int WINDOW = 50;

    private static final double TOLERATED_STRAIN = 0.15;

    /// Answers at a pace before it counts as nearly right.
    private static final int PROVEN = 10;

    private static final double SEARCH_PER_SECOND = 0.1;
    private static final double GROWTH_PER_SECOND = 0.02;
    private static final double BURST_SECONDS = 0.05;
    private static final double SLOWEST_PER_SECOND = 1.0 / 60;
    private static final double NANOS_PER_SECOND = 1e9;

    static Pace none(Instant now) {
        return new Pace(
                Double.POSITIVE_INFINITY,
                Bucket.empty(now),
                0,
                now,
                0,
                0,
                false,
                false,
                Instant.EPOCH,
                now);
    }

    /// When the next call may begin; now, or a later moment.
    ///
    /// @param reserved calls that go before
    Instant allows(int reserved, Instant now) {
        if (isNone()) {
            return now;
        }
        double wanted = Math.min(1.0 + reserved, capacity(reserved));
        Bucket filled = filled(reserved, now);
        return filled.level() >= wanted ? now : filled.holds(wanted, perSecond);
    }

    /// @param reserved calls that went before, or had their turn
    Pace began(int reserved, Instant now) {
        double faded = recent * Math.pow(0.5, seconds(recentAt, now)) + 1;
        Instant later = now.isAfter(recentAt) ? now : recentAt;
        if (isNone()) {
            return new Pace(
                    perSecond, bucket, faded, later, answered, strain, found, false, cutAt,
                    grownAt);
        }
        double offered = bucket.level() + seconds(bucket.filledAt(), now) * perSecond;
        return new Pace(
                perSecond,
                filled(reserved, now).minus(1),
                faded,
                later,
                answered,
                strain,
                found,
                offered < capacity(reserved) + 1,
                cutAt,
                grownAt);
    }

    Pace answered(Instant startedAt, Instant now) {
        if (!startedAt.isAfter(cutAt)) {
            return this;
        }
        double seconds = Math.min(1, seconds(grownAt, now));
        double growth = found ? GROWTH_PER_SECOND : SEARCH_PER_SECOND;
        double grown = holdsBack ? perSecond * (1 + growth * seconds) : perSecond;
        return new Pace(
                grown,
                // As much as it holds for anybody.
                filled(1, now),
                recent,
                recentAt,
                Math.min(answered + 1, PROVEN),
                strain - strain / WINDOW,
                found,
                holdsBack,
                cutAt,
                now);
    }

    /// A call was turned away for coming too fast.
    ///
    /// @param nothingLeft the provider said so, which leaves no doubt
    Pace turnedAway(Grant grant, boolean nothingLeft, Instant startedAt, Instant now) {
        if (!startedAt.isAfter(cutAt)) {
            return this;
        }
        double more = strain + (1 - strain) / WINDOW;
        if (!nothingLeft && more <= TOLERATED_STRAIN) {
            return withStrain(more);
        }
        // A call may be turned away late, when no more have begun for long.
        double rate = Math.max(rate(now), grant.perSecond());
        double kept = found || answered >= PROVEN ? CUT : DEEP_CUT;
        double slower = Math.max(SLOWEST_PER_SECOND, Math.min(perSecond, rate) * kept);
        return new Pace(
                Math.min(perSecond, slower),
                Bucket.empty(now),
                recent,
                recentAt,
                0,
                0,
                found || answered >= PROVEN,
                false,
                now,
                now);
    }

    /// Calls begun per second of late. A sum of what halves every second is the rate over the
    /// natural logarithm of two.
    double rate(Instant now) {
        return recent * Math.pow(0.5, seconds(recentAt, now)) * Math.log(2);
    }

    private Pace withStrain(double more) {
        return new Pace(
                perSecond, bucket, recent, recentAt, answered, more, found, holdsBack, cutAt,
                grownAt);
    }

    private boolean isNone() {
        return perSecond == Double.POSITIVE_INFINITY;
    }

    private Bucket filled(int reserved, Instant now) {
        return isNone() ? bucket : bucket.filled(perSecond, capacity(reserved), now);
    }

    private double capacity(int reserved) {
        return Bucket.capacity(perSecond, BURST_SECONDS, reserved);
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toNanos() / NANOS_PER_SECOND);
    }
}
