package dev.assay.topology;

import dev.assay.avro.SeenPrompt;
import dev.assay.codec.StoreCodec;
import dev.assay.model.PromptState;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// Cancels single prompts: tells the stage that a prompt is in, and remembers it for a prompt that
/// is not in any yet, or on its way to the next round.
final class CancelProcessor implements Processor<byte[], byte[], String, PromptState> {

    private final Parts parts;
    private final Map<Stage, KeyValueStore<String, byte[]>> pending = new EnumMap<>(Stage.class);
    private ProcessorContext<String, PromptState> context;
    private KeyValueStore<String, byte[]> seen;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    CancelProcessor(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, PromptState> processorContext) {
        context = processorContext;
        seen = processorContext.getStateStore(Stores.SEEN);
        for (Stage stage : Stage.values()) {
            pending.put(stage, processorContext.getStateStore(Stores.pending(stage)));
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.key() != null) {
            CancelMark.of(record.headers()).ifPresent(mark -> cancel(record, mark));
        }
    }

    private void cancel(Record<byte[], byte[]> record, CancelMark mark) {
        String id = new String(record.key(), StandardCharsets.UTF_8);
        byte[] before = seen.get(id);
        SeenPrompt entry =
                before == null
                        ? SeenIds.neverAdmitted(parts.clock().instant())
                        : StoreCodec.decodeSeen(before);
        seen.put(id, StoreCodec.encode(SeenIds.withCancelledFor(entry, mark.text())));
        pending.forEach(
                (stage, store) -> {
                    byte[] found = store.get(id);
                    if (found != null) {
                        tell(stage, StoreCodec.decodePending(found).state(), record, mark);
                    }
                });
    }

    private void tell(
            Stage stage, PromptState state, Record<byte[], byte[]> record, CancelMark mark) {
        if (mark.means(state)) {
            context.forward(
                    record.withKey(state.prompt().id()).withValue(state),
                    switch (stage) {
                        case ANSWER -> Nodes.ANSWER;
                        case CHECK -> Nodes.CHECK;
                    });
        }
    }
}
