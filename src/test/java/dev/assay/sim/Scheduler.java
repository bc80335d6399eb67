package dev.assay.sim;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/// The time of a simulated world, and what happens when. Events of one moment happen in the order
/// in which they were asked for.
final class Scheduler {

    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private long nowNanos;
    private long asked;

    /// Time that passes whatever clocks say, since the world began.
    long nowNanos() {
        return nowNanos;
    }

    void after(Duration delay, Runnable action) {
        events.add(new Event(nowNanos + delay.toNanos(), asked++, action));
    }

    /// Lets the next event happen.
    ///
    /// @return false where there is none
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        nowNanos = next.atNanos();
        next.action().run();
        return true;
    }
}
