package dev.assay.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How much waits in each partition's task, and which partitions of the topics of prompts must
/// therefore pause.
///
/// Stages report on stream threads; the consumer asks on the same or another one. Safe for any
/// thread.
final class Backpressure {

    /// By what kind of topic a prompt came. Each is bounded apart, so that bulk prompts which wait
    /// leave others room to come in.
    enum Inlet {
        PROMPTS,
        BULK
    }

    private record Key(int partition, Stage stage, Inlet inlet) {}

    private final int bound;
    private final Map<String, Inlet> inletOfTopic;
    private final Map<Key, Integer> waiting = new ConcurrentHashMap<>();

    /// @param bound calls of one inlet that may wait in one task before that inlet is paused; it
    ///   resumes below half
    /// @param inletOfTopic the topics of prompts; all others always flow
    Backpressure(int bound, Map<String, Inlet> inletOfTopic) {
        this.bound = bound;
        this.inletOfTopic = Map.copyOf(inletOfTopic);
    }

    /// The inlet that a prompt came by.
    ///
    /// @param topic of its event; one that is no input any more counts as prompts
    Inlet inlet(String topic) {
        return inletOfTopic.getOrDefault(topic, Inlet.PROMPTS);
    }

    void report(int partition, Stage stage, Inlet inlet, int calls) {
        waiting.put(new Key(partition, stage, inlet), calls);
    }

    /// The task has left this instance.
    void forget(int partition, Stage stage) {
        for (Inlet inlet : Inlet.values()) {
            waiting.remove(new Key(partition, stage, inlet));
        }
    }

    /// Whether a partition should be paused.
    ///
    /// @param paused whether it is paused now, for the hysteresis between the bound and its half
    boolean pauses(String topic, int partition, boolean paused) {
        Inlet inlet = inletOfTopic.get(topic);
        if (inlet == null) {
            return false;
        }
        int calls = 0;
        for (Stage stage : Stage.values()) {
            calls += waiting.getOrDefault(new Key(partition, stage, inlet), 0);
        }
        return paused ? calls * 2 > bound : calls > bound;
    }
}
