package dev.assay.topology;

import dev.assay.codec.RegistryUnavailable;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/// Brings what a compacted topic holds to this instance: everything at its start, and then what is
/// new. Runs on the thread of the global stores.
final class FollowProcessor<T> implements Processor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(FollowProcessor.class);

    private final String topic;
    private final String storeName;
    private final Deserializer<T> values;
    private final Consumer<T> view;
    private final Consumer<String> forget;
    private KeyValueStore<String, byte[]> store;

    /// @param view is told each value; may be called again with one it knows
    /// @param forget is told each key whose value is no more
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    FollowProcessor(
            String topic,
            String storeName,
            Deserializer<T> values,
            Consumer<T> view,
            Consumer<String> forget) {
        this.topic = topic;
        this.storeName = storeName;
        this.values = values;
        this.view = view;
        this.forget = forget;
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        store = processorContext.getStateStore(storeName);
        try (KeyValueIterator<String, byte[]> restored = store.all()) {
            restored.forEachRemaining(entry -> know(entry.key, entry.value));
        }
    }

    @Override
    public void process(Record<String, byte[]> record) {
        store.put(record.key(), record.value());
        if (record.value() == null) {
            forget.accept(record.key());
        } else {
            know(record.key(), record.value());
        }
    }

    private void know(String key, byte[] value) {
        try {
            view.accept(values.deserialize(topic, value));
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            LOG.warn("{} on {} cannot be read and is left out", key, topic);
        }
    }
}
