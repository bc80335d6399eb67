package dev.assay.sim;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The consumer group: who owns which task. A task moves only after its owner has given it up, or
/// was thrown out.
final class SimGroup {

    private static final Duration ROUND = Duration.ofMillis(50);

    private final Scheduler scheduler;
    private final Fates fates;
    private final Trace trace;
    private final SequencedMap<TaskId, Optional<SimThread>> owners = new LinkedHashMap<>();
    private final List<SimThread> members = new ArrayList<>();
    private boolean balancing;

    SimGroup(Scheduler scheduler, Fates fates, Trace trace) {
        this.scheduler = scheduler;
        this.fates = fates;
        this.trace = trace;
    }

    /// The tasks there are; known with the first topology.
    void tasks(List<TaskId> tasks) {
        tasks.forEach(task -> owners.putIfAbsent(task, Optional.empty()));
    }

    void join(SimThread thread) {
        if (!members.contains(thread)) {
            members.add(thread);
            balance();
        }
    }

    /// It is a member no more, and owns nothing from now on, whether it knows or not.
    void leave(SimThread thread) {
        fates.disrupted();
        if (members.remove(thread)) {
            trace.add(thread.name() + " is out of the group");
        }
        owners.replaceAll((_, owner) -> owner.filter(holder -> holder != thread));
        balance();
    }

    boolean isMember(SimThread thread) {
        return members.contains(thread);
    }

    boolean owns(SimThread thread, TopicPartition input) {
        return owners.entrySet().stream()
                .filter(owned -> owned.getKey().partition() == input.partition())
                .filter(owned -> owned.getValue().filter(holder -> holder == thread).isPresent())
                .anyMatch(owned -> thread.reads(owned.getKey(), input));
    }

    /// A task was given up in order.
    void released(SimThread thread, TaskId task) {
        owners.computeIfPresent(task, (_, owner) -> owner.filter(holder -> holder != thread));
        balance();
    }

    /// Deals the tasks anew, soon.
    void balance() {
        if (!balancing) {
            balancing = true;
            scheduler.after(
                    ROUND,
                    () -> {
                        balancing = false;
                        deal();
                    });
        }
    }

    private void deal() {
        if (members.isEmpty()) {
            return;
        }
        int most = Math.ceilDiv(owners.size(), members.size());
        boolean sticky = !fates.shuffles();
        Map<SimThread, Integer> load = new HashMap<>();
        for (Map.Entry<TaskId, Optional<SimThread>> owned : owners.entrySet()) {
            Optional<SimThread> keeps =
                    owned.getValue()
                            .filter(_ -> sticky)
                            .filter(holder -> load.getOrDefault(holder, 0) < most);
            SimThread target = keeps.orElseGet(() -> leastLoaded(load));
            load.merge(target, 1, Integer::sum);
            if (owned.getValue().isEmpty()) {
                trace.add(target.name() + " is given task " + owned.getKey());
                owned.setValue(Optional.of(target));
                target.grant(owned.getKey());
            } else if (owned.getValue().get() != target) {
                owned.getValue().get().revoke(owned.getKey());
            }
        }
    }

    private SimThread leastLoaded(Map<SimThread, Integer> load) {
        SimThread least = members.getFirst();
        for (SimThread member : members) {
            if (load.getOrDefault(member, 0) < load.getOrDefault(least, 0)) {
                least = member;
            }
        }
        return least;
    }
}
