package dev.assay.decide.limit;

import dev.assay.model.CallError;

import java.time.Duration;
import java.time.Instant;

/// Whether a model serves: a circuit breaker as a value.
///
/// ```
/// Serving ──half of the calls fail, or all──▶ Broken ──any answer──▶ Serving
///    │                                  └─ probe failed: a longer wait
///    └──key, quota or model refused──▶ Shut ──probe answered──▶ Serving
/// ```
///
/// Broken heals by itself, so calls wait or go elsewhere. Shut needs an operator, so they end.
/// Source of the pattern: Michael Nygard, "Release It!", 2007.
public sealed interface Service {

    /// True where a call is needed to find out whether the model serves again.
    default boolean dueToBeTried(Instant now) {
        return switch (this) {
            case Serving _ -> false;
            case Broken broken -> !broken.probing() && !now.isBefore(broken.probeAt());
            case Shut shut -> !shut.probing() && !now.isBefore(shut.probeAt());
        };
    }

    /// Calls are made.
    ///
    /// @param since what began before says nothing of it
    record Serving(Instant since, Health health) implements Service {}

    /// Calls fail, whatever they ask; one at a time tries whether they still do.
    ///
    /// @param error how the last one failed
    /// @param since failures of what began before say nothing new
    /// @param waited before the next try; doubled by each that fails
    /// @param probeAt when the next may try
    /// @param probing one is trying
    record Broken(CallError error, Instant since, Duration waited, Instant probeAt, boolean probing)
            implements Service {

        static final Duration FIRST_WAIT = Duration.ofSeconds(1);
        static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

        static Broken first(CallError error, Instant now) {
            return new Broken(error, now, FIRST_WAIT, now.plus(FIRST_WAIT), false);
        }

        Broken again(CallError lastError, Instant now) {
            Duration twice = waited.multipliedBy(2);
            Duration wait = twice.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : twice;
            return new Broken(lastError, since, wait, now.plus(wait), false);
        }

        /// By a clock that was set back the try would look older than the failure, and what comes
        /// of it would count for nothing.
        Broken tried(Instant now) {
            return new Broken(error, since.isAfter(now) ? now : since, waited, probeAt, true);
        }

        Broken untried() {
            return new Broken(error, since, waited, probeAt, false);
        }
    }

    /// The provider refuses key, quota or model; one at a time tries whether it still does.
    ///
    /// @param since what began before says nothing of it
    /// @param probeAt when the next may try
    /// @param probing one is trying
    record Shut(CallError error, Instant since, Instant probeAt, boolean probing)
            implements Service {

        static final Duration PROBE_AFTER = Duration.ofSeconds(30);

        Shut tried(Instant now) {
            return new Shut(error, since.isAfter(now) ? now : since, probeAt, true);
        }

        Shut untried() {
            return new Shut(error, since, probeAt, false);
        }
    }

    /// How the calls of late came out: sums that halve every ten seconds.
    ///
    /// @param failed calls, but for those that a busy model turned away (it answers others) and
    ///   those that their prompt's deadline cut
    /// @param inARow failures of any kind since the last answer
    /// @param rowBeganAt when the first of them failed
    /// @param asOf when the sums were last halved
    record Health(double answered, double failed, int inARow, Instant rowBeganAt, Instant asOf) {

        private static final double HALVED_AFTER_MS = 10_000;
        private static final double FAILED_SHARE = 0.5;

        /// Fewer failures prove nothing.
        static final int MIN_FAILURES = 10;

        /// So many without an answer prove enough, if they took so long: answers take longer than
        /// refusals, so a burst of these alone tells little.
        static final int FAILURES_IN_A_ROW = 5;

        static final Duration SHORTEST_ROW = Duration.ofSeconds(2);

        static Health unknown(Instant now) {
            return new Health(0, 0, 0, now, now);
        }

        Health plusAnswered(Instant now) {
            Health faded = faded(now);
            return new Health(faded.answered + 1, faded.failed, 0, now, faded.asOf);
        }

        /// @param whileNoneAnswers it counts only as long as no call is answered
        Health plusFailed(boolean whileNoneAnswers, Instant now) {
            Health faded = faded(now);
            return new Health(
                    faded.answered,
                    faded.failed + (whileNoneAnswers ? 0 : 1),
                    inARow + 1,
                    inARow == 0 ? now : rowBeganAt,
                    faded.asOf);
        }

        /// Half of the calls fail or more, or all for a while.
        boolean failing(Instant now) {
            boolean most = failed >= MIN_FAILURES && failed >= FAILED_SHARE * (answered + failed);
            boolean all =
                    inARow >= FAILURES_IN_A_ROW && !now.isBefore(rowBeganAt.plus(SHORTEST_ROW));
            return most || all;
        }

        private Health faded(Instant now) {
            long ms = Duration.between(asOf, now).toMillis();
            if (ms <= 0) {
                return this;
            }
            double kept = Math.pow(0.5, ms / HALVED_AFTER_MS);
            return new Health(answered * kept, failed * kept, inARow, rowBeganAt, now);
        }
    }

    /// All that is known of a lane nobody has used.
    static Service fresh(Instant now) {
        return new Serving(Instant.MIN, Health.unknown(now));
    }
}
