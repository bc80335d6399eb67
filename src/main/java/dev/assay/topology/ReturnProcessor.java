package dev.assay.topology;

import dev.assay.avro.PromptStateRecord;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.codec.StateCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.ByteBuffer;

/// Takes what comes back through the loop topic: escalated prompts, and those that came without a
/// key. Those that were cancelled meanwhile end here.
final class ReturnProcessor implements Processor<byte[], byte[], String, Waypoint> {

    private final Parts parts;
    private final Deserializer<PromptStateRecord> states;
    private ProcessorContext<String, Waypoint> context;
    private KeyValueStore<String, byte[]> seen;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    ReturnProcessor(Parts parts) {
        this.parts = parts;
        this.states = parts.serdes().promptState().deserializer();
    }

    @Override
    public void init(ProcessorContext<String, Waypoint> processorContext) {
        context = processorContext;
        seen = processorContext.getStateStore(Stores.SEEN);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (CancelMark.of(record.headers()).isPresent()) {
            return;
        }
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        Waypoint waypoint;
        try {
            waypoint = StateCodec.fromRecord(states.deserialize(metadata.topic(), record.value()));
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            waypoint = foreign(record, metadata);
        }
        // The loop's timestamps only sort it before new prompts; what follows bears the time of the
        // clock.
        Record<byte[], Waypoint> onward =
                record.withValue(waypoint).withTimestamp(parts.clock().millis());
        switch (waypoint) {
            case PromptState state when cancelled(state) ->
                    context.forward(
                            onward.withKey(state.prompt().id()).withValue(SeenIds.cancelled(state)),
                            Nodes.FINISH);
            case PromptState state ->
                    context.forward(
                            onward.withKey(state.prompt().id()),
                            state.round() == 0 ? Nodes.DEDUP : Nodes.ASSIGN);
            case Result.Rejected rejected ->
                    context.forward(onward.withKey(rejected.id()), Nodes.FINISH);
            case Result.Answered _, Result.Failed _ ->
                    throw new IllegalStateException("the loop ends no prompt");
        }
    }

    /// While it was between two rounds. One that was in no round yet is looked at when it is
    /// admitted.
    private boolean cancelled(PromptState state) {
        if (state.round() == 0) {
            return false;
        }
        byte[] entry = seen.get(state.prompt().id());
        return entry != null && SeenIds.cancelled(StoreCodec.decodeSeen(entry), state);
    }

    private Result.Rejected foreign(Record<byte[], byte[]> record, RecordMetadata metadata) {
        RecordCoordinates coordinates =
                new RecordCoordinates(metadata.topic(), metadata.partition(), metadata.offset());
        String reason =
                "record "
                        + coordinates
                        + " is no prompt under way; nobody but the pipeline writes to this topic";
        byte[] original = record.value() == null ? new byte[0] : record.value();
        return Result.Rejected.undecodable(
                coordinates, reason, ByteBuffer.wrap(original), parts.clock().instant());
    }
}
