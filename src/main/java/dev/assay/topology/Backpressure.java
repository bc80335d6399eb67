package dev.assay.topology;

import org.apache.kafka.common.TopicPartition;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// How much waits in each partition's task, and which partitions of the topics of prompts must
/// therefore pause.
///
/// Stages report on stream threads; the consumer asks on the same or another one. Safe for any
/// thread.
final class Backpressure {

    /// By what kind of topic a prompt came, the most urgent first. Each is bounded apart, so that
    /// bulk prompts which wait leave others room to come in.
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

    /// Partitions of prompts that can wait when a backlog comes in: of its own inlet, and of those
    /// less urgent.
    ///
    /// @param backlog partitions of which much comes in; of several inlets the most urgent counts
    /// @param all to choose from
    Set<TopicPartition> notMoreUrgent(Set<TopicPartition> backlog, Set<TopicPartition> all) {
        Optional<Inlet> most =
                backlog.stream()
                        .flatMap(partition -> inletOf(partition).stream())
                        .min(Comparator.naturalOrder());
        return most.map(inlet -> from(inlet, all)).orElse(Set.of());
    }

    private Set<TopicPartition> from(Inlet most, Set<TopicPartition> all) {
        return all.stream()
                .filter(
                        partition ->
                                inletOf(partition)
                                        .filter(at -> at.compareTo(most) >= 0)
                                        .isPresent())
                .collect(Collectors.toSet());
    }

    private Optional<Inlet> inletOf(TopicPartition partition) {
        return Optional.ofNullable(inletOfTopic.get(partition.topic()));
    }
}
