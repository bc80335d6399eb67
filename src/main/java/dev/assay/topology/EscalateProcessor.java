package dev.assay.topology;

import dev.assay.avro.PromptStateRecord;
import dev.assay.codec.StateCodec;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.Result;

import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.util.OptionalInt;

/// Sends a prompt through the loop topic: to its next round, or to the partition that its id leads
/// to. One that fits into no record ends here.
final class EscalateProcessor implements Processor<String, PromptState, Object, Object> {

    private final Parts parts;
    private final Serializer<PromptStateRecord> states;
    private ProcessorContext<Object, Object> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    EscalateProcessor(Parts parts) {
        this.parts = parts;
        this.states = parts.serdes().promptState().serializer();
    }

    @Override
    public void init(ProcessorContext<Object, Object> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, PromptState> record) {
        PromptState state = record.value();
        Guard.<Runnable>orElse(state, () -> onward(record), failed -> () -> end(record, failed))
                .run();
    }

    /// What is to be written, once everything that can fail has been done.
    private Runnable onward(Record<String, PromptState> record) {
        PromptState state = record.value();
        byte[] full = encode(state);
        byte[] value = fits(full) ? full : encode(StateCodec.withoutResponses(state));
        if (fits(value)) {
            return () -> loop(record, value);
        }
        String message =
                "what is known of it has %d bytes, more than engine.max_record_bytes allows"
                        .formatted(value.length);
        Result result = parts.grader().cutShort(state, new Failure(FailureCode.TOO_LARGE, message));
        return () -> end(record, result);
    }

    private void loop(Record<String, PromptState> record, byte[] value) {
        boolean admitted = record.value().round() > 0;
        LoopKey key =
                new LoopKey(
                        record.key(),
                        admitted
                                ? OptionalInt.of(context.taskId().partition())
                                : OptionalInt.empty());
        context.forward(
                record.withKey(key).withValue(value).withTimestamp(parts.clock().millis()),
                Nodes.ESCALATED);
    }

    private void end(Record<String, PromptState> record, Result result) {
        context.forward(record.withValue(result), Nodes.FINISH);
    }

    private boolean fits(byte[] value) {
        return value.length <= parts.engine().maxRecordBytes();
    }

    private byte[] encode(PromptState state) {
        return states.serialize(parts.topics().escalated(), StateCodec.toRecord(state));
    }
}
