package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.FailedPrompt;
import dev.assay.codec.RegistrySerdes;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Grade;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Result;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class FinishProcessorTest {

    /// No milliseconds hold it, which breaks what writes it.
    private static final Instant UNWRITABLE = Instant.MAX;

    private final RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://finish"));

    @Test
    void endsAPromptWhoseResultCannotBeMadeAsAnInternalError() {
        PromptState state = PromptState.admitted(created(UNWRITABLE));

        FailedPrompt failed =
                finish(
                        "p-1",
                        new Result.Answered(
                                state,
                                candidate("only", 0),
                                new Grade.Scored(8),
                                Result.Outcome.GRADED));

        assertThat(failed.getId()).isEqualTo("p-1");
        assertThat(failed.getCode()).isEqualTo("internal_error");
        assertThat(failed.getMessage()).contains("ArithmeticException");
        assertThat(failed.getTopic()).isEqualTo("prompts");
        assertThat(failed.getPartition()).isEqualTo(3);
        assertThat(failed.getOffset()).isEqualTo(42);
    }

    @Test
    void endsARecordThatTheSerializerCannotWriteAsAnInternalError() {
        FailedPrompt failed = finish("prompts-3-42", rejected(UNWRITABLE));

        assertThat(failed.getId()).isEqualTo("prompts-3-42");
        assertThat(failed.getCode()).isEqualTo("internal_error");
        assertThat(failed.getOffset()).isEqualTo(42);
    }

    /// Kafka would take no record of it, and the stream would end of that again and again.
    @Test
    void failureOfAPromptWithHugeLabelsFitsIntoARecord() {
        String huge = "x".repeat(2 * PartsSample.MAX_RECORD_BYTES);
        Labels labels =
                new Labels(
                        Optional.of(huge),
                        Optional.empty(),
                        Optional.empty(),
                        Priority.BULK,
                        Map.of("doc", huge));

        FailedPrompt failed =
                finish(
                        "p-1",
                        new Result.Rejected(
                                "p-1",
                                new Failure(FailureCode.TOO_LARGE, huge),
                                ByteBuffer.wrap(new byte[] {1}),
                                labels,
                                origin()));

        assertThat(failed.getCode()).isEqualTo("too_large");
        assertThat(failed.getOffset()).isEqualTo(42);
        assertThat(failed.getMetadata()).isEmpty();
        assertThat(failed.getMessage()).hasSizeLessThan(2_000);
    }

    @Test
    void registryThatIsAwayIsNotThePromptsFault() {
        assertThatThrownBy(() -> finish(PartsSample.registryAway(), "prompts-3-42", rejected(NOW)))
                .isInstanceOf(KafkaException.class);
    }

    private FailedPrompt finish(String key, Result result) {
        List<CapturedForward<? extends String, ?>> written = finish(serdes, key, result);
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().childName()).contains(Nodes.FAILED);
        return serdes.failedPrompt()
                .deserializer()
                .deserialize("prompts.failed", (byte[]) written.getFirst().record().value());
    }

    private static List<CapturedForward<? extends String, ?>> finish(
            RegistrySerdes serdes, String key, Result result) {
        Parts parts = PartsSample.parts(serdes);
        MockProcessorContext<String, Object> context = new MockProcessorContext<>();
        FinishProcessor finish = new FinishProcessor(parts);
        finish.init(context);
        finish.process(new Record<>(key, result, 0));
        parts.flights().close();
        return context.forwarded();
    }

    private static Result rejected(Instant recordTime) {
        return new Result.Rejected(
                "prompts-3-42",
                new Failure(FailureCode.UNDECODABLE, "no Avro"),
                ByteBuffer.wrap(new byte[] {1}),
                Labels.NONE,
                Origin.of(origin().coordinates(), recordTime));
    }

    private static Prompt created(Instant createdAt) {
        Prompt prompt = new PromptSample().prompt();
        Origin origin = prompt.origin();
        return new Prompt(
                prompt.id(),
                prompt.generation(),
                prompt.request(),
                prompt.labels(),
                prompt.constraints(),
                prompt.reference(),
                new Origin(
                        origin.coordinates(),
                        origin.customId(),
                        origin.jobId(),
                        origin.jobLine(),
                        createdAt,
                        origin.admittedAt()));
    }
}
