package dev.assay.topology;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

import java.time.Duration;
import java.time.InstantSource;

/// When a task has its turns: every few ms, at the same moments as all tasks of its thread, and
/// less often where the thread cannot keep that pace.
///
/// A stream thread takes one more record of each task at once for every round in which nothing was
/// punctuated, and half as many after a round in which something was. With turns at moments of
/// their own, or with more turns than the processor has time for, every round punctuates and takes
/// one record of each task: what comes in then waits for seconds, the accounts of jobs with it.
///
/// Runs on the task's stream thread only.
final class TurnSchedule implements Cancellable {

    static final long SHORTEST_MS = 5;
    static final long LONGEST_MS = 40;

    private final ProcessorContext<?, ?> context;
    private final InstantSource clock;
    private final Runnable turn;
    private long everyMs = SHORTEST_MS;
    private long dueMs;
    private Cancellable next;

    /// Begins at once.
    TurnSchedule(ProcessorContext<?, ?> context, InstantSource clock, Runnable turn) {
        this.context = context;
        this.clock = clock;
        this.turn = turn;
        this.next = schedule(clock.millis());
    }

    @Override
    public void cancel() {
        next.cancel();
    }

    /// The time between two turns.
    ///
    /// @param lateMs by how much the turn was late that is over now, its own time included
    static long paceMs(long everyMs, long lateMs) {
        return Math.clamp(lateMs > everyMs ? everyMs * 2 : everyMs / 2, SHORTEST_MS, LONGEST_MS);
    }

    private void takeTurn() {
        next.cancel();
        turn.run();
        long nowMs = clock.millis();
        everyMs = paceMs(everyMs, nowMs - dueMs);
        next = schedule(nowMs);
    }

    private Cancellable schedule(long nowMs) {
        long waitMs = everyMs - Math.floorMod(nowMs, everyMs);
        dueMs = nowMs + waitMs;
        return context.schedule(
                Duration.ofMillis(waitMs), PunctuationType.WALL_CLOCK_TIME, _ -> takeTurn());
    }
}
