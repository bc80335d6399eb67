package dev.assay.topology;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// When a stream thread should commit before its interval is over, since results wait to be seen.
///
/// A thread asks for one as soon as a result waits, but spends a fifth of its time on them at most,
/// and the less often the more results it writes: each 10 ms at 200 a second, each 100 ms at 2,000.
/// So results are seen early while there is little to do, and a thread with much to do, or a slow
/// broker, is not kept from its work.
///
/// Safe for any thread; each thread has a pace of its own.
final class CommitPace {

    private static final Duration SHORTEST = Duration.ofMillis(10);

    /// Time between two requests, in times of what a commit takes.
    private static final int APART = 4;

    /// The rate of results at which the shortest time between requests doubles, and so on.
    private static final double RESULTS_PER_SECOND = 200;

    private static final double NANOS_PER_SECOND = 1e9;

    /// Of the latest commit in the mean of what they take.
    private static final double WEIGHT = 0.2;

    private final boolean transactional;
    private final InstantSource clock;
    private final ThreadLocal<Pace> paces = ThreadLocal.withInitial(Pace::new);

    /// @param transactional without transactions results are seen at once, and nothing is asked for
    CommitPace(boolean transactional, InstantSource clock) {
        this.transactional = transactional;
        this.clock = clock;
    }

    /// A result was written on this thread.
    void resultWritten() {
        if (transactional) {
            paces.get().waiting++;
        }
    }

    /// Whether to ask for a commit now. A yes counts as asked.
    boolean due() {
        Pace pace = paces.get();
        if (pace.waiting == 0) {
            return false;
        }
        Instant now = clock.instant();
        boolean clockWentBack = now.isBefore(pace.asked);
        if (!clockWentBack && !pace.due(Duration.between(pace.asked, now))) {
            return false;
        }
        pace.asked = now;
        pace.waiting = 0;
        return true;
    }

    /// This thread has committed.
    void committed(Duration took) {
        Pace pace = paces.get();
        pace.costNanos += WEIGHT * (took.toNanos() - pace.costNanos);
    }

    private static final class Pace {
        private int waiting;
        private Instant asked = Instant.EPOCH;
        private double costNanos;

        boolean due(Duration sinceAsked) {
            double nanos = sinceAsked.toNanos();
            double perSecond = waiting / nanos * NANOS_PER_SECOND;
            return nanos >= APART * costNanos
                    && nanos >= SHORTEST.toNanos() * Math.max(1, perSecond / RESULTS_PER_SECOND);
        }
    }
}
