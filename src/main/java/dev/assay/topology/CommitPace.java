package dev.assay.topology;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// When a stream thread should commit before its interval is over, since results wait to be seen.
///
/// What a commit costs decides: a thread asks for one as soon as a result waits, but spends a fifth
/// of its time on them at most. So results are seen early while there is little to do, and commits
/// become rare by themselves as load, or the broker, makes them slow.
///
/// Safe for any thread; each thread has a pace of its own.
final class CommitPace {

    private static final Duration SHORTEST = Duration.ofMillis(10);

    /// Time between two requests, in times of what a commit takes.
    private static final int APART = 4;

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
        paces.get().waiting = transactional;
    }

    /// Whether to ask for a commit now. A yes counts as asked.
    boolean due() {
        Pace pace = paces.get();
        if (!pace.waiting) {
            return false;
        }
        Instant now = clock.instant();
        boolean clockWentBack = now.isBefore(pace.asked);
        if (!clockWentBack && now.isBefore(pace.asked.plusNanos(pace.apartNanos()))) {
            return false;
        }
        pace.asked = now;
        pace.waiting = false;
        return true;
    }

    /// This thread has committed.
    void committed(Duration took) {
        Pace pace = paces.get();
        pace.costNanos += WEIGHT * (took.toNanos() - pace.costNanos);
    }

    private static final class Pace {
        private boolean waiting;
        private Instant asked = Instant.EPOCH;
        private double costNanos;

        long apartNanos() {
            return Math.max(SHORTEST.toNanos(), (long) (APART * costNanos));
        }
    }
}
