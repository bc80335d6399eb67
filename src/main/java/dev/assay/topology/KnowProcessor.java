package dev.assay.topology;

import dev.assay.avro.ScorecardRecord;
import dev.assay.codec.LearnCodec;
import dev.assay.codec.RegistryUnavailable;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the scorecards of all routes to this instance. Runs on the thread of the global store.
final class KnowProcessor implements Processor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(KnowProcessor.class);

    private final Parts parts;
    private final Deserializer<ScorecardRecord> cards;
    private KeyValueStore<String, byte[]> store;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    KnowProcessor(Parts parts) {
        this.parts = parts;
        this.cards = parts.serdes().scorecard().deserializer();
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        store = processorContext.getStateStore(Stores.SCORECARDS);
        try (KeyValueIterator<String, byte[]> restored = store.all()) {
            restored.forEachRemaining(card -> know(card.key, card.value));
        }
    }

    @Override
    public void process(Record<String, byte[]> record) {
        store.put(record.key(), record.value());
        if (record.value() != null) {
            know(record.key(), record.value());
        }
    }

    private void know(String key, byte[] value) {
        try {
            ScorecardRecord card = cards.deserialize(parts.topics().scorecards(), value);
            parts.knowledge().put(LearnCodec.fromRecord(card));
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            LOG.warn("scorecard {} cannot be read and is left out", key);
        }
    }
}
