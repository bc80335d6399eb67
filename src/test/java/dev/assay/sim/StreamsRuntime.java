package dev.assay.sim;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig.TaskConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.InternalTopologyBuilder;
import org.apache.kafka.streams.processor.internals.ProcessorTopology;
import org.apache.kafka.streams.processor.internals.StateDirectory;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.processor.internals.metrics.TaskMetrics;
import org.apache.kafka.streams.state.internals.ThreadCache;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What all tasks of an instance share inside Kafka Streams, made from the product's topology.
final class StreamsRuntime implements AutoCloseable {

    private static final String APPLICATION = "sim";

    private final SimClock clock;
    private final StreamsConfig config;
    private final InternalTopologyBuilder builder;
    private final Metrics sensors;
    private final StreamsMetricsImpl metrics;
    private final StateDirectory directory;
    private final ThreadCache cache;
    private final SortedMap<Integer, Set<String>> topics = new TreeMap<>();

    /// @param bufferedRecords that a task holds of a partition before it pauses it
    StreamsRuntime(Topology topology, SimClock clock, int bufferedRecords) {
        this.clock = clock;
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, bufferedRecords);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        this.config = new StreamsConfig(properties);
        this.builder = builder(topology);
        builder.rewriteTopology(config);
        this.sensors = new Metrics(clock);
        this.metrics = new StreamsMetricsImpl(sensors, APPLICATION, clock);
        this.directory = new StateDirectory(config, clock, false, false);
        this.cache = new ThreadCache(new LogContext(), 0, metrics);
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            topics.put(part.id(), sources(part));
        }
    }

    /// Every task that the topology has.
    ///
    /// @param partitions of each topic
    List<TaskId> tasks(int partitions) {
        List<TaskId> tasks = new ArrayList<>();
        for (int part : topics.keySet()) {
            for (int partition = 0; partition < partitions; partition++) {
                tasks.add(new TaskId(part, partition));
            }
        }
        return tasks;
    }

    /// The partitions that a task reads.
    Set<TopicPartition> inputs(TaskId task) {
        Set<TopicPartition> inputs = new HashSet<>();
        topics.getOrDefault(task.subtopology(), Set.of())
                .forEach(topic -> inputs.add(new TopicPartition(topic, task.partition())));
        return inputs;
    }

    ProcessorTopology build(int part) {
        return builder.buildSubtopology(part);
    }

    SimClock clock() {
        return clock;
    }

    StreamsConfig config() {
        return config;
    }

    TaskConfig taskConfig() {
        return builder.topologyConfigs().getTaskConfig();
    }

    StreamsMetricsImpl metrics() {
        return metrics;
    }

    StateDirectory directory() {
        return directory;
    }

    ThreadCache cache() {
        return cache;
    }

    /// A task counts what it drops in a sensor that its thread has made.
    void prepareSensors(TaskId task) {
        TaskMetrics.droppedRecordsSensor(
                Thread.currentThread().getName(), task.toString(), metrics);
    }

    @Override
    public void close() {
        sensors.close();
    }

    private static Set<String> sources(TopologyDescription.Subtopology part) {
        Set<String> sources = new TreeSet<>();
        for (TopologyDescription.Node node : part.nodes()) {
            if (node instanceof TopologyDescription.Source source) {
                sources.addAll(source.topicSet());
            }
        }
        return sources;
    }

    /// Kafka's own test driver reads the field as well; it lives in the same package.
    private static InternalTopologyBuilder builder(Topology topology) {
        try {
            Field field = Topology.class.getDeclaredField("internalTopologyBuilder");
            field.setAccessible(true);
            return (InternalTopologyBuilder) field.get(topology);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Kafka Streams keeps its topology elsewhere now", e);
        }
    }
}
