package dev.assay.sim;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.ProcessorStateManager;
import org.apache.kafka.streams.processor.internals.ProcessorTopology;
import org.apache.kafka.streams.processor.internals.RecordCollectorImpl;
import org.apache.kafka.streams.processor.internals.SinkNode;
import org.apache.kafka.streams.processor.internals.SourceNode;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.processor.internals.StreamsProducer;
import org.apache.kafka.streams.processor.internals.Task;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A task of Kafka Streams itself, with stores in memory that are restored from what has committed.
final class SimTask {

    private final TaskId id;
    private final SimBroker broker;
    private final SimConsumer consumer;
    private final Map<String, String> changelogs;
    private final Set<TopicPartition> inputs;
    private final StreamTask task;

    SimTask(
            TaskId id,
            StreamsRuntime runtime,
            SimBroker broker,
            SimConsumer consumer,
            StreamsProducer producer) {
        this.id = id;
        this.broker = broker;
        this.consumer = consumer;
        ProcessorTopology topology = withStoresInMemory(runtime.build(id.subtopology()));
        this.changelogs = new HashMap<>(topology.storeToChangelogTopic());
        Set<String> own =
                topology.stateStores().stream().map(StateStore::name).collect(Collectors.toSet());
        changelogs.keySet().retainAll(own);
        this.inputs = runtime.inputs(id);
        runtime.prepareSensors(id);
        LogContext log = new LogContext(id + " ");
        ProcessorStateManager stores =
                new ProcessorStateManager(
                        id,
                        Task.TaskType.ACTIVE,
                        true,
                        log,
                        runtime.directory(),
                        changelogs,
                        inputs);
        RecordCollectorImpl collector =
                new RecordCollectorImpl(
                        log,
                        id,
                        producer,
                        runtime.config().productionExceptionHandler(),
                        runtime.metrics(),
                        topology);
        this.task =
                new StreamTask(
                        id,
                        inputs,
                        topology,
                        consumer,
                        runtime.taskConfig(),
                        runtime.metrics(),
                        runtime.directory(),
                        runtime.cache(),
                        runtime.clock(),
                        stores,
                        collector,
                        new ProcessorContextImpl(
                                id, runtime.config(), stores, runtime.metrics(), runtime.cache()),
                        log,
                        false);
    }

    TaskId id() {
        return id;
    }

    StreamTask task() {
        return task;
    }

    Set<TopicPartition> inputs() {
        return inputs;
    }

    /// Restores the stores and begins where the group has committed.
    void open() {
        task.initializeIfNeeded();
        changelogs.forEach(
                (store, topic) -> {
                    InMemoryKeyValueStore bytes = bytes(task.stateManager().store(store));
                    broker.restored(topic, id.partition()).forEach(bytes::put);
                });
        task.completeRestoration(consumer::reset);
    }

    /// Closes without a commit; what was not committed is undone.
    void closeDirty() {
        try {
            task.prepareCommit(false);
        } catch (RuntimeException _) {
            // Kafka Streams goes on as well: the task is broken already.
        }
        try {
            task.suspend();
        } catch (RuntimeException _) {
            // The same.
        }
        task.closeDirty();
    }

    private static ProcessorTopology withStoresInMemory(ProcessorTopology topology) {
        List<StateStore> stores = new ArrayList<>();
        for (StateStore store : topology.stateStores()) {
            if (!(store instanceof KeyValueStore<?, ?>)) {
                throw new IllegalStateException(
                        "the simulation knows key-value stores only, not " + store.name());
            }
            stores.add(
                    Stores.keyValueStoreBuilder(
                                    Stores.inMemoryKeyValueStore(store.name()),
                                    Serdes.String(),
                                    Serdes.ByteArray())
                            .withLoggingEnabled(Map.of())
                            .build());
        }
        return new ProcessorTopology(
                topology.processors(),
                sources(topology),
                sinks(topology),
                stores,
                topology.globalStateStores(),
                topology.storeToChangelogTopic(),
                Set.of(),
                topology.storeNameToReprocessOnRestore());
    }

    private static Map<String, SourceNode<?, ?>> sources(ProcessorTopology topology) {
        Map<String, SourceNode<?, ?>> sources = new HashMap<>();
        topology.sourceTopics().forEach(topic -> sources.put(topic, topology.source(topic)));
        return sources;
    }

    private static Map<String, SinkNode<?, ?>> sinks(ProcessorTopology topology) {
        Map<String, SinkNode<?, ?>> sinks = new HashMap<>();
        topology.sinkTopics().forEach(topic -> sinks.put(topic, topology.sink(topic)));
        return sinks;
    }

    private static InMemoryKeyValueStore bytes(StateStore store) {
        StateStore inner = store;
        while (inner instanceof WrappedStateStore<?, ?, ?> wrapped) {
            inner = wrapped.wrapped();
        }
        return (InMemoryKeyValueStore) inner;
    }
}
