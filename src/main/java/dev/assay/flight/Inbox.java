package dev.assay.flight;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Where a task finds what came back for it. One per incarnation of the task: what comes for a
/// closed one is kept for whoever attaches next.
///
/// Any thread puts in; only the task's stream thread takes out. It holds at most what is in flight.
public final class Inbox {

    private final Queue<Landed> landed = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    boolean offer(Landed arrival) {
        return !closed && landed.add(arrival);
    }

    public Optional<Landed> poll() {
        return Optional.ofNullable(landed.poll());
    }

    public void close() {
        closed = true;
    }
}
