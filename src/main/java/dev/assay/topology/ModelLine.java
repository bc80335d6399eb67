package dev.assay.topology;

import dev.assay.model.Priority;
import dev.assay.topology.OpenCalls.OpenCall;
import dev.assay.topology.OpenCalls.Party;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SequencedSet;

/// The open calls of one model in a task: those that are ready, by priority and in turns; those
/// that may not start before a moment; and how many are in the air.
///
/// Used by the task's stream thread.
final class ModelLine {

    /// What the model has of one priority.
    private static final class Queue {
        private final Turns<Party, OpenCall> ready = new Turns<>();
        private int inAir;
    }

    private final Queue interactive = new Queue();
    private final Queue bulk = new Queue();
    private final PriorityQueue<OpenCall> delayed =
            new PriorityQueue<>(Comparator.comparing(OpenCall::notBefore));
    private Optional<SequencedSet<OpenCall>> toAsk = Optional.empty();

    /// Calls that are ready to start.
    int ready(Priority priority) {
        return queue(priority).ready.size();
    }

    /// Calls that are in the air.
    int inAir(Priority priority) {
        return queue(priority).inAir;
    }

    /// The next call to start; it stays where it is until it is launched.
    Optional<OpenCall> next(Priority priority) {
        return queue(priority).ready.next();
    }

    /// Takes in a call, which is ready now or when its moment comes.
    void add(OpenCall call, Instant now) {
        if (call.notBefore().isAfter(now)) {
            delayed.add(call);
        } else {
            makeReady(call);
        }
    }

    /// Moves calls whose moment has come to the ready ones.
    void promote(Instant now) {
        for (OpenCall call = delayed.peek();
                call != null && (call.isClosed() || !call.notBefore().isAfter(now));
                call = delayed.peek()) {
            delayed.remove();
            if (call.waits()) {
                makeReady(call);
            }
        }
    }

    void makeReady(OpenCall call) {
        queue(call.priority()).ready.add(call.party(), call);
        toAsk.ifPresent(asked -> asked.add(call));
    }

    /// A ready call takes off.
    void launched(OpenCall call) {
        Queue queue = queue(call.priority());
        queue.ready.took(call.party(), call);
        queue.inAir++;
        toAsk.ifPresent(asked -> asked.remove(call));
    }

    /// A call that was in the air is there no more.
    void landed(OpenCall call) {
        queue(call.priority()).inAir--;
    }

    /// A call waits no more, without having taken off.
    void remove(OpenCall call) {
        queue(call.priority()).ready.remove(call.party(), call);
        toAsk.ifPresent(asked -> asked.remove(call));
    }

    /// The model fails: all ready calls are to be asked, and those that come to be, whether they go
    /// elsewhere.
    void askAll() {
        SequencedSet<OpenCall> all = new LinkedHashSet<>(interactive.ready.all());
        all.addAll(bulk.ready.all());
        toAsk = Optional.of(all);
    }

    void askNoMore() {
        toAsk = Optional.empty();
    }

    /// The next call to be asked whether it goes elsewhere; each is named once.
    Optional<OpenCall> nextToAsk() {
        return toAsk.filter(asked -> !asked.isEmpty()).map(SequencedSet::removeFirst);
    }

    private Queue queue(Priority priority) {
        return switch (priority) {
            case INTERACTIVE -> interactive;
            case BULK -> bulk;
        };
    }
}
