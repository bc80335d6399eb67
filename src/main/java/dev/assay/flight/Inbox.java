package dev.assay.flight;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Where a task finds what came back for it. One per incarnation of the task: what a closed one has
/// not taken is kept for whoever attaches next.
///
/// Any thread puts in; only the task's stream thread takes out. It holds at most what is in flight.
public final class Inbox {

    private final Queue<Flight> landed = new ArrayDeque<>();
    private boolean closed;

    synchronized boolean offer(Flight flight) {
        return !closed && landed.add(flight);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// The next call that came back, if any.
    public Optional<Landed> poll() {
        Optional<Flight> next = next();
        while (next.isPresent()) {
            Optional<Landed> taken = next.get().take(this);
            if (taken.isPresent()) {
                return taken;
            }
            next = next();
        }
        return Optional.empty();
    }

    /// True while nothing is there to be taken.
    public synchronized boolean isEmpty() {
        return landed.isEmpty();
    }

    /// From now on nothing is put in.
    public void close() {
        List<Flight> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(landed);
            landed.clear();
        }
        left.forEach(flight -> flight.abandon(this));
    }

    private synchronized Optional<Flight> next() {
        return Optional.ofNullable(landed.poll());
    }
}
