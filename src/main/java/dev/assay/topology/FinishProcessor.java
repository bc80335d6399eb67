package dev.assay.topology;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobEvent;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.JobCodec;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.ResultCodec;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;

/// Writes the one result of a prompt, made to fit before it is written: a record too large would
/// break the transaction it is in.
final class FinishProcessor implements Processor<String, Result, String, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(FinishProcessor.class);

    /// Within what topics and producers allow beyond `engine.max_record_bytes`, which is for
    /// values.
    static final int MAX_HEADER_BYTES = 512 * 1024;

    /// How soon a result that came too soon after a commit asks for another one.
    private static final Duration COMMIT_CHECK = Duration.ofMillis(5);

    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(1);

    /// The lengths of a header's key and value, as varints.
    private static final int MAX_HEADER_LENGTHS = 10;

    private final Parts parts;
    private final Serializer<GradedAnswer> answers;
    private final Serializer<FailedPrompt> failures;
    private final Serializer<PromptEvent> events;
    private final Serializer<JobEvent> jobEvents;
    private final ObservationWriter observations;
    private ProcessorContext<String, Object> context;
    private Cancellable schedule;
    private Instant warnAgainAt = Instant.EPOCH;
    private int unsaid;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    FinishProcessor(Parts parts) {
        this.parts = parts;
        this.answers = parts.serdes().gradedAnswer().serializer();
        this.failures = parts.serdes().failedPrompt().serializer();
        this.jobEvents = parts.serdes().jobEvent().serializer();
        this.observations = new ObservationWriter(parts);
        this.events = parts.serdes().promptEvent().serializer();
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        schedule =
                processorContext.schedule(
                        COMMIT_CHECK, PunctuationType.WALL_CLOCK_TIME, _ -> commitIfDue());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
    }

    @Override
    public void process(Record<String, Result> record) {
        Result result = record.value();
        Headers headers = record.headers();
        Instant now = parts.clock().instant();
        KeyValue<String, byte[]> encoded =
                Guard.orElse(
                        record.key(),
                        () -> encoded(result, headers, now),
                        failure ->
                                encoded(
                                        ResultCodec.broken(
                                                record.key(), failure, coordinates(result), now)));
        parts.metrics().ended(result, now);
        Record<String, byte[]> bare = new Record<>(record.key(), encoded.value, now.toEpochMilli());
        context.forward(
                bytes(headers) > MAX_HEADER_BYTES ? bare : bare.withHeaders(headers), encoded.key);
        parts.commits().resultWritten();
        JobMark.job(headers).ifPresent(job -> tell(job, result, now));
        if (result instanceof Result.Failed failed) {
            // Its last round came to no answer, and so not to grading.
            observations.write(failed.state(), record, context);
        }
        commitIfDue();
    }

    private void commitIfDue() {
        if (parts.commits().due()) {
            context.commit();
        }
    }

    /// Its job has one line less to wait for.
    private void tell(String job, Result result, Instant now) {
        byte[] event =
                jobEvents.serialize(
                        parts.topics().jobsProgress(), JobCodec.ended(job, result, now));
        context.forward(new Record<>(job, event, now.toEpochMilli()), Nodes.LINES_ENDED);
    }

    /// How large a record's headers are at most.
    static int bytes(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            int valueBytes = header.value() == null ? 0 : header.value().length;
            bytes += Utils.utf8Length(header.key()) + valueBytes + MAX_HEADER_LENGTHS;
        }
        return bytes;
    }

    /// The sink, and the bytes for it.
    private KeyValue<String, byte[]> encoded(Result result, Headers headers, Instant now) {
        return switch (result) {
            case Result.Answered answered -> answered(answered, headers, now);
            case Result.Failed failed -> failed(failed, headers, now);
            case Result.Rejected rejected -> rejected(rejected, headers, now);
        };
    }

    private KeyValue<String, byte[]> answered(
            Result.Answered result, Headers headers, Instant now) {
        boolean passed = result.outcome() == Result.Outcome.GRADED;
        String topic = passed ? parts.topics().graded() : parts.topics().flagged();
        GradedAnswer full = ResultCodec.toRecord(result, headers, now);
        byte[] value = answers.serialize(topic, full);
        if (value.length > parts.engine().maxRecordBytes()) {
            value = answers.serialize(topic, ResultCodec.withoutResponse(full));
        }
        if (value.length > parts.engine().maxRecordBytes()) {
            String message =
                    "its result has %d bytes, more than engine.max_record_bytes allows"
                            .formatted(value.length);
            return failed(
                    new Result.Failed(result.state(), new Failure(FailureCode.TOO_LARGE, message)),
                    headers,
                    now);
        }
        return KeyValue.pair(passed ? Nodes.GRADED : Nodes.FLAGGED, value);
    }

    private KeyValue<String, byte[]> failed(Result.Failed result, Headers headers, Instant now) {
        byte[] original =
                events.serialize(
                        parts.topics().prompts(), PromptCodec.event(result.state().prompt()));
        LOG.debug("prompt {} failed: {}", result.state().prompt().id(), result.failure().message());
        return encoded(ResultCodec.toRecord(result, original, headers, now));
    }

    private KeyValue<String, byte[]> rejected(
            Result.Rejected rejected, Headers headers, Instant now) {
        warn(rejected, now);
        return encoded(ResultCodec.rejected(rejected, headers, now));
    }

    /// Says what was refused, once a second at most: garbage comes in floods.
    private void warn(Result.Rejected rejected, Instant now) {
        if (now.isBefore(warnAgainAt)) {
            unsaid++;
            return;
        }
        warnAgainAt = now.plus(BETWEEN_WARNINGS);
        String others = unsaid == 0 ? "" : " (and before it %d others)".formatted(unsaid);
        unsaid = 0;
        LOG.warn(
                "{}: {}{}", rejected.failure().code().code(), rejected.failure().message(), others);
    }

    private KeyValue<String, byte[]> encoded(FailedPrompt failed) {
        int most = parts.engine().maxRecordBytes();
        String topic = parts.topics().failed();
        byte[] value = failures.serialize(topic, ResultCodec.cutOriginal(failed, most / 2));
        if (value.length > most) {
            // Of what nobody bounds the topic takes nothing, and the stream would end of it.
            value = failures.serialize(topic, ResultCodec.bare(failed));
        }
        return KeyValue.pair(Nodes.FAILED, value);
    }

    private static RecordCoordinates coordinates(Result result) {
        return switch (result) {
            case Result.Answered answered -> coordinates(answered.state());
            case Result.Failed failed -> coordinates(failed.state());
            case Result.Rejected rejected -> rejected.coordinates();
        };
    }

    private static RecordCoordinates coordinates(PromptState state) {
        return state.prompt().origin().coordinates();
    }
}
