package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.model.FailureCode;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

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

    private void admit(Parts parts, byte[] value) {
        AdmitProcessor processor = new AdmitProcessor(parts);
        context.setRecordMetadata("prompts", 0, 5);
        processor.init(context);
        processor.process(new Record<>("p1".getBytes(StandardCharsets.UTF_8), value, 0));
        parts.flights().close();
    }
}
