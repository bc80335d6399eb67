package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.FailedPrompt;
import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.codec.ResultCodec;
import dev.assay.model.FailureCode;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class AdmitProcessorTest {

    private static final byte[] OF_SCHEMA_7 = {0, 0, 0, 0, 7, 1, 2};

    private final MockProcessorContext<String, Waypoint> context = new MockProcessorContext<>();

    @Test
    void bugThatOneRecordMeetsIsItsOwnFailure() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://admit"));
        byte[] value =
                serdes.promptEvent().serializer().serialize("prompts", event("p1", "q").build());
        // It tells the time once, when the lane is made.
        Deque<Instant> clock = new ArrayDeque<>(List.of(NOW));

        admit(PartsSample.parts(serdes, new FakeProvider(), clock::pop), value);

        CapturedForward<?, ?> forward = context.forwarded().getFirst();
        assertThat(forward.childName()).contains(Nodes.FINISH);
        assertThat(forward.record().key()).isEqualTo("prompts-0-5");
        Result.Rejected rejected = (Result.Rejected) forward.record().value();
        assertThat(rejected.failure().code()).isEqualTo(FailureCode.INTERNAL_ERROR);
        assertThat(rejected.original().remaining()).isEqualTo(value.length);
    }

    @Test
    void recordIsReadAgainLaterWhereTheRegistryIsAway() {
        assertThatThrownBy(() -> admit(PartsSample.parts(PartsSample.registryAway()), OF_SCHEMA_7))
                .isInstanceOf(RegistryUnavailable.class);

        assertThat(context.forwarded()).isEmpty();
    }

    /// Else each time it is sent again would make one more failure of another id.
    @Test
    void recordWithoutAnIdThatIsSentAgainKeepsTheIdItFailedUnder() {
        Parts parts = PartsSample.parts(new RegistrySerdes(Map.of("url", "mock://admit")));
        Record<byte[], byte[]> again =
                new Record<>("prompts-3-42".getBytes(StandardCharsets.UTF_8), new byte[] {1}, 0);
        RedriveMark.set(again.headers(), "prompts.failed", 0, 7, 1);

        admit(parts, again);

        CapturedForward<?, ?> forward = context.forwarded().getFirst();
        assertThat(forward.childName()).contains(Nodes.DEDUP);
        assertThat(forward.record().key()).isEqualTo("prompts-3-42");
        assertThat(((Result.Rejected) forward.record().value()).coordinates())
                .hasToString("prompts-0-5");
    }

    /// Its row is what whoever collects the job waits for.
    @Test
    void refusedLineOfAJobStaysALineOfTheJob() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://admit"));
        byte[] value =
                serdes.promptEvent()
                        .serializer()
                        .serialize(
                                "prompts",
                                event("j/7", "q")
                                        .setRequest("no JSON")
                                        .setJobId("j")
                                        .setJobLine(7L)
                                        .setCustomId("mine")
                                        .build());

        admit(PartsSample.parts(serdes), value);

        Result.Rejected rejected =
                (Result.Rejected) context.forwarded().getFirst().record().value();
        FailedPrompt failed = ResultCodec.rejected(rejected, new RecordHeaders(), NOW);
        assertThat(failed.getJobId()).isEqualTo("j");
        assertThat(failed.getJobLine()).isEqualTo(7);
        assertThat(failed.getCustomId()).isEqualTo("mine");
    }

    /// Results bear the headers of their prompts, and whoever asks on may send them along.
    @Test
    void markOfAJobThatThePromptIsNoLineOfIsTakenOff() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://admit"));
        for (Optional<String> own : List.of(Optional.<String>empty(), Optional.of("nightly"))) {
            byte[] value =
                    serdes.promptEvent()
                            .serializer()
                            .serialize(
                                    "prompts", event("p1", "q").setJobId(own.orElse(null)).build());
            Record<byte[], byte[]> record = new Record<>(new byte[] {'p', '1'}, value, 0);
            JobMark.set(record.headers(), "nightly");

            admit(PartsSample.parts(serdes), record);

            assertThat(JobMark.job(context.forwarded().getLast().record().headers()))
                    .isEqualTo(own);
        }
    }

    private void admit(Parts parts, byte[] value) {
        admit(parts, new Record<>("p1".getBytes(StandardCharsets.UTF_8), value, 0));
    }

    private void admit(Parts parts, Record<byte[], byte[]> record) {
        AdmitProcessor processor = new AdmitProcessor(parts);
        context.setRecordMetadata("prompts", 0, 5);
        processor.init(context);
        processor.process(record);
        parts.flights().close();
    }
}
