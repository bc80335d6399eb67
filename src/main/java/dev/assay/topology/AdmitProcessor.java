package dev.assay.topology;

import dev.assay.codec.EventDecoder;
import dev.assay.codec.EventDecoder.Decoded;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.PromptCodec.Reading;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// Takes what arrives: decodes and validates it, and refuses what is no prompt with its bytes and
/// coordinates kept.
///
/// Nothing that arrives disappears unaccounted, and nothing that arrives stops the stream.
final class AdmitProcessor implements Processor<byte[], byte[], String, Waypoint> {

    /// What a prompt's state and a result need beside the prompt itself.
    private static final int OVERHEAD_BYTES = 64 * 1024;

    private final Parts parts;
    private final EventDecoder decoder;
    private final PromptCodec prompts;
    private ProcessorContext<String, Waypoint> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    AdmitProcessor(Parts parts) {
        this.parts = parts;
        this.decoder = new EventDecoder(parts.serdes());
        this.prompts = new PromptCodec(parts.engine().maxIdChars());
    }

    @Override
    public void init(ProcessorContext<String, Waypoint> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<byte[], byte[]> arrived) {
        CancelMark.clear(arrived.headers());
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        Record<byte[], byte[]> record =
                metadata.topic().equals(parts.topics().bulk())
                        ? arrived.withTimestamp(BulkTimestamps.restored(arrived.timestamp()))
                        : arrived;
        RecordCoordinates coordinates =
                new RecordCoordinates(metadata.topic(), metadata.partition(), metadata.offset());
        Waypoint waypoint =
                Guard.<Waypoint>orElse(
                        coordinates.toString(),
                        () -> admit(record, coordinates),
                        failure -> undecoded(record, coordinates, failure));
        dropForeignMark(record.headers(), waypoint);
        Record<byte[], Waypoint> onward = record.withValue(waypoint);
        switch (waypoint) {
            case PromptState state ->
                    context.forward(
                            onward.withKey(state.prompt().id()),
                            record.key() == null ? Nodes.ESCALATE : Nodes.DEDUP);
            case Result.Rejected rejected ->
                    context.forward(
                            onward.withKey(rejected.id()),
                            rejected.id().equals(coordinates.toString())
                                    ? Nodes.FINISH
                                    : Nodes.DEDUP);
            case Result.Answered _, Result.Failed _ ->
                    throw new IllegalStateException("admission ends no prompt");
        }
    }

    /// Results bear the headers of their prompt. Whoever asks on with them is no line of its job.
    private static void dropForeignMark(Headers headers, Waypoint waypoint) {
        switch (waypoint) {
            case PromptState state -> JobMark.keepOnly(headers, state.prompt().origin().jobId());
            case Result.Rejected rejected when isDecoded(rejected) ->
                    JobMark.keepOnly(headers, rejected.origin().jobId());
            case Result _ -> {
                // What a line of a job that cannot be read is of, only the header knows.
            }
        }
    }

    private static boolean isDecoded(Result.Rejected rejected) {
        return switch (rejected.failure().code()) {
            case UNDECODABLE, INTERNAL_ERROR -> false;
            default -> true;
        };
    }

    private Waypoint admit(Record<byte[], byte[]> record, RecordCoordinates coordinates) {
        Instant recordTime = Instant.ofEpochMilli(record.timestamp());
        return switch (decoder.decode(coordinates.topic(), record.value())) {
            case Decoded.Undecodable undecodable ->
                    undecoded(
                            record,
                            coordinates,
                            new Failure(FailureCode.UNDECODABLE, undecodable.reason()));
            case Decoded.Event decoded ->
                    switch (prompts.read(
                            decoded.event(), coordinates, recordTime, parts.clock().instant())) {
                        case Reading.Invalid invalid ->
                                rejected(
                                        record,
                                        invalid.id(),
                                        invalid.labels(),
                                        invalid.origin(),
                                        new Failure(FailureCode.INVALID_INPUT, invalid.reason()));
                        case Reading.Valid valid -> fit(record, valid.prompt());
                    };
        };
    }

    /// A prompt must leave room for its state and result in one record, and may not claim another's
    /// tenant.
    private Waypoint fit(Record<byte[], byte[]> record, Prompt prompt) {
        RecordCoordinates coordinates = prompt.origin().coordinates();
        int maxBytes = (parts.engine().maxRecordBytes() - OVERHEAD_BYTES) / 2;
        if (record.value().length > maxBytes) {
            String reason =
                    "it has %d bytes; a prompt may have %d, so that its answer fits beside it; see engine.max_record_bytes"
                            .formatted(record.value().length, maxBytes);
            return rejected(record, prompt, new Failure(FailureCode.TOO_LARGE, reason));
        }
        int headerBytes = FinishProcessor.bytes(record.headers());
        if (headerBytes > FinishProcessor.MAX_HEADER_BYTES) {
            String reason =
                    "its headers have %d bytes; they may have %d, since they go wherever it goes"
                            .formatted(headerBytes, FinishProcessor.MAX_HEADER_BYTES);
            return rejected(record, prompt, new Failure(FailureCode.TOO_LARGE, reason));
        }
        Optional<String> claimed = prompt.labels().tenant();
        Optional<String> tenant = tenant(claimed, coordinates.topic());
        if (claimed.isPresent() && !claimed.equals(tenant)) {
            String reason =
                    "it names tenant %s, which this topic does not speak for; send it to that tenant's own topic"
                            .formatted(claimed.orElse(""));
            return rejected(record, prompt, new Failure(FailureCode.REFUSED_BY_POLICY, reason));
        }
        Priority priority =
                coordinates.topic().equals(parts.topics().bulk())
                        ? Priority.BULK
                        : prompt.labels().priority();
        return PromptState.admitted(labelled(prompt, labelled(prompt.labels(), tenant, priority)));
    }

    /// What the topic says of a prompt counts, whatever its event says: a tenant that has a topic
    /// comes by that one only.
    private Optional<String> tenant(Optional<String> claimed, String topic) {
        return Optional.ofNullable(parts.tenantOfTopic().get(topic))
                .or(() -> claimed.filter(name -> !parts.tenantOfTopic().containsValue(name)));
    }

    private static Labels labelled(Labels labels, Optional<String> tenant, Priority priority) {
        return new Labels(labels.task(), tenant, labels.route(), priority, labels.metadata());
    }

    private static Prompt labelled(Prompt prompt, Labels labels) {
        return new Prompt(
                prompt.id(),
                prompt.generation(),
                prompt.request(),
                labels,
                prompt.constraints(),
                prompt.reference(),
                prompt.origin());
    }

    private Result.Rejected rejected(
            Record<byte[], byte[]> record, Prompt prompt, Failure failure) {
        return rejected(
                record, Optional.of(prompt.id()), prompt.labels(), prompt.origin(), failure);
    }

    private Result.Rejected undecoded(
            Record<byte[], byte[]> record, RecordCoordinates coordinates, Failure failure) {
        Origin origin = Origin.of(coordinates, Instant.ofEpochMilli(record.timestamp()));
        return rejected(record, Optional.empty(), Labels.NONE, origin, failure);
    }

    /// What has no id of its own goes by its coordinates; when it is sent again by its first ones,
    /// which then are its key.
    private Result.Rejected rejected(
            Record<byte[], byte[]> record,
            Optional<String> id,
            Labels labels,
            Origin origin,
            Failure failure) {
        byte[] original = record.value() == null ? new byte[0] : record.value();
        return new Result.Rejected(
                id.or(() -> redriven(record)).orElse(origin.coordinates().toString()),
                new Failure(
                        failure.code(),
                        "record " + origin.coordinates() + " is refused: " + failure.message()),
                ByteBuffer.wrap(original),
                labelled(
                        labels,
                        tenant(labels.tenant(), origin.coordinates().topic()),
                        labels.priority()),
                origin);
    }

    private Optional<String> redriven(Record<byte[], byte[]> record) {
        return RedriveMark.offset(record.headers()).isPresent() && record.key() != null
                ? Optional.of(new String(record.key(), StandardCharsets.UTF_8))
                        .filter(id -> !id.isBlank() && id.length() <= parts.engine().maxIdChars())
                : Optional.empty();
    }
}
