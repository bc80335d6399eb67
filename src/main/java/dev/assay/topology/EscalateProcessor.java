package dev.assay.topology;

import dev.assay.avro.PromptStateRecord;
import dev.assay.codec.StateCodec;
import dev.assay.model.PromptState;

import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.util.OptionalInt;

/// Sends a prompt through the loop topic: to its next round, or to the partition that its id leads
/// to.
final class EscalateProcessor implements Processor<String, PromptState, LoopKey, byte[]> {

    private final Parts parts;
    private final Serializer<PromptStateRecord> states;
    private ProcessorContext<LoopKey, byte[]> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    EscalateProcessor(Parts parts) {
        this.parts = parts;
        this.states = parts.serdes().promptState().serializer();
    }

    @Override
    public void init(ProcessorContext<LoopKey, byte[]> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, PromptState> record) {
        PromptState state = record.value();
        byte[] value = encode(state);
        if (value.length > parts.engine().maxRecordBytes()) {
            value = encode(StateCodec.withoutResponses(state));
        }
        boolean admitted = state.round() > 0;
        LoopKey key =
                new LoopKey(
                        record.key(),
                        admitted
                                ? OptionalInt.of(context.taskId().partition())
                                : OptionalInt.empty());
        context.forward(record.withKey(key).withValue(value).withTimestamp(parts.clock().millis()));
    }

    private byte[] encode(PromptState state) {
        return states.serialize(parts.topics().escalated(), StateCodec.toRecord(state));
    }
}
