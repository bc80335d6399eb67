package dev.assay.topology;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How much waits in each partition's task, and which partitions of the topics of prompts must
/// therefore pause.
///
/// Stages report on stream threads; the consumer asks on the same or another one. Safe for any
/// thread.
final class Backpressure {

    private record Key(int partition, Stage stage) {}

    private final int bound;
    private final Set<String> pausedTopics;
    private final Map<Key, Integer> waiting = new ConcurrentHashMap<>();

    /// @param bound calls that may wait in one task before its input is paused; it resumes below
    ///   half
    /// @param pausedTopics the topics of prompts; all others always flow
    Backpressure(int bound, Set<String> pausedTopics) {
        this.bound = bound;
        this.pausedTopics = Set.copyOf(pausedTopics);
    }

    void report(int partition, Stage stage, int calls) {
        waiting.put(new Key(partition, stage), calls);
    }

    /// The task has left this instance.
    void forget(int partition, Stage stage) {
        waiting.remove(new Key(partition, stage));
    }

    /// Whether a partition should be paused.
    ///
    /// @param paused whether it is paused now, for the hysteresis between the bound and its half
    boolean pauses(String topic, int partition, boolean paused) {
        if (!pausedTopics.contains(topic)) {
            return false;
        }
        int calls = 0;
        for (Stage stage : Stage.values()) {
            calls += waiting.getOrDefault(new Key(partition, stage), 0);
        }
        return paused ? calls * 2 > bound : calls > bound;
    }
}
