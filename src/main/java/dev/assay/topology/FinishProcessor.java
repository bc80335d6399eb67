package dev.assay.topology;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.ResultCodec;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Result;

import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;

/// Writes the one result of a prompt, made to fit before it is written: a record too large would
/// break the transaction it is in.
final class FinishProcessor implements Processor<String, Result, String, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(FinishProcessor.class);

    private final Parts parts;
    private final Serializer<GradedAnswer> answers;
    private final Serializer<FailedPrompt> failures;
    private final Serializer<PromptEvent> events;
    private ProcessorContext<String, byte[]> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    FinishProcessor(Parts parts) {
        this.parts = parts;
        this.answers = parts.serdes().gradedAnswer().serializer();
        this.failures = parts.serdes().failedPrompt().serializer();
        this.events = parts.serdes().promptEvent().serializer();
    }

    @Override
    public void init(ProcessorContext<String, byte[]> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, Result> record) {
        Instant now = parts.clock().instant();
        switch (record.value()) {
            case Result.Answered answered -> answered(record, answered, now);
            case Result.Failed failed -> failed(record, failed, now);
            case Result.Rejected rejected -> rejected(record, rejected, now);
        }
    }

    private void answered(Record<String, Result> record, Result.Answered result, Instant now) {
        boolean passed = result.outcome() == Result.Outcome.GRADED;
        String topic = passed ? parts.topics().graded() : parts.topics().flagged();
        GradedAnswer full = ResultCodec.toRecord(result, record.headers(), now);
        byte[] value = answers.serialize(topic, full);
        if (value.length > parts.engine().maxRecordBytes()) {
            value = answers.serialize(topic, ResultCodec.withoutResponse(full));
        }
        if (value.length > parts.engine().maxRecordBytes()) {
            String message =
                    "its result has %d bytes, more than engine.max_record_bytes allows"
                            .formatted(value.length);
            failed(
                    record,
                    new Result.Failed(result.state(), new Failure(FailureCode.TOO_LARGE, message)),
                    now);
            return;
        }
        forward(record, value, now, passed ? Nodes.GRADED : Nodes.FLAGGED);
    }

    private void failed(Record<String, Result> record, Result.Failed result, Instant now) {
        byte[] original =
                events.serialize(
                        parts.topics().prompts(), PromptCodec.event(result.state().prompt()));
        LOG.debug("prompt {} failed: {}", record.key(), result.failure().message());
        write(record, ResultCodec.toRecord(result, original, record.headers(), now), now);
    }

    private void rejected(Record<String, Result> record, Result.Rejected rejected, Instant now) {
        LOG.warn("{}: {}", rejected.failure().code().code(), rejected.failure().message());
        write(record, ResultCodec.rejected(rejected, record.headers(), now), now);
    }

    private void write(Record<String, Result> record, FailedPrompt failed, Instant now) {
        FailedPrompt fitting = ResultCodec.cutOriginal(failed, parts.engine().maxRecordBytes() / 2);
        forward(record, failures.serialize(parts.topics().failed(), fitting), now, Nodes.FAILED);
    }

    private void forward(Record<String, Result> record, byte[] value, Instant now, String sink) {
        context.forward(record.withValue(value).withTimestamp(now.toEpochMilli()), sink);
    }
}
