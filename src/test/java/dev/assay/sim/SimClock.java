package dev.assay.sim;

import org.apache.kafka.common.utils.Time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// The clock on the wall of one machine, which may jump; and the time that passes all the same.
final class SimClock implements InstantSource, Time {

    private final Scheduler scheduler;
    private final Instant start;
    private Duration ahead = Duration.ZERO;

    /// @param start when the world began
    SimClock(Scheduler scheduler, Instant start) {
        this.scheduler = scheduler;
        this.start = start;
    }

    void jump(Duration by) {
        ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(scheduler.nowNanos()).plus(ahead);
    }

    @Override
    public long milliseconds() {
        return instant().toEpochMilli();
    }

    @Override
    public long nanoseconds() {
        return scheduler.nowNanos();
    }

    @Override
    public void sleep(long ms) {
        throw new UnsupportedOperationException("nothing may wait on a stream thread");
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
        throw new UnsupportedOperationException("nothing may wait on a stream thread");
    }
}
