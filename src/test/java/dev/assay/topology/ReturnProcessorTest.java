package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class ReturnProcessorTest {

    private static final byte[] OF_SCHEMA_7 = {0, 0, 0, 0, 7, 1, 2};

    private final MockProcessorContext<String, Waypoint> context = new MockProcessorContext<>();

    @Test
    void promptUnderWayIsReadAgainLaterWhereTheRegistryIsAway() {
        assertThatThrownBy(() -> process(PartsSample.registryAway(), OF_SCHEMA_7))
                .isInstanceOf(RegistryUnavailable.class);

        assertThat(context.forwarded()).isEmpty();
    }

    @Test
    void recordsThatOthersWroteAreRefusedAndDoNotStopTheStream() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://return"));

        process(serdes, "not avro".getBytes(StandardCharsets.UTF_8));
        process(serdes, OF_SCHEMA_7);
        process(
                serdes,
                serdes.promptEvent()
                        .serializer()
                        .serialize("prompts.escalated", event("p1", "q").build()));

        assertThat(context.forwarded())
                .hasSize(3)
                .allSatisfy(
                        forward ->
                                assertThat(forward.record().value())
                                        .isInstanceOf(Result.Rejected.class));
    }

    private void process(RegistrySerdes serdes, byte[] value) {
        Parts parts = PartsSample.parts(serdes);
        ReturnProcessor processor = new ReturnProcessor(parts);
        context.setRecordMetadata("prompts.escalated", 0, 5);
        processor.init(context);
        processor.process(new Record<>("p1".getBytes(StandardCharsets.UTF_8), value, 0));
        parts.flights().close();
    }
}
