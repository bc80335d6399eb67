package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.codec.RegistrySerdes;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Map;

/// A stage without transactions holds each prompt until what it became is safe.
@Timeout(60)
class CallStageAtLeastOnceTest {

    private static final Duration LANDING = Duration.ofSeconds(30);

    private final FakeProvider model = new FakeProvider();
    private final Parts parts =
            PartsSample.parts(
                    new RegistrySerdes(Map.of("url", "mock://least")),
                    model,
                    () -> NOW,
                    "kafka: {processing.guarantee: at_least_once}");
    private final PromptState prompt =
            new PromptSample().admitted().assigned(route("all", cascade("only")), plan("only"));
    private final MockProcessorContext<String, Waypoint> context = new MockProcessorContext<>();
    private final KeyValueStore<String, byte[]> store =
            org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(
                                    Stores.pending(Stage.ANSWER)),
                            Serdes.String(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();

    @BeforeEach
    void openStore() {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    @AfterEach
    void close() {
        parts.flights().close();
        store.close();
    }

    @Test
    void promptThatWentOnIsInTheStoreUntilTheBrokerHasItElsewhere() {
        process(opened());
        land();
        turn();
        assertThat(context.forwarded()).hasSize(1);
        assertThat(store.approximateNumEntries()).isEqualTo(1);

        parts.deliveries().flushed();
        turn();
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void promptThatWentOnGoesAgainWhenTheTaskBreaksBeforeTheFlush() {
        CallStageProcessor first = opened();
        process(first);
        land();
        first.close();

        opened();
        turn();
        land();

        assertThat(model.requests()).hasSize(2);
        assertThat(context.forwarded()).hasSize(2);
    }

    @Test
    void promptDeliveredAgainWhileItIsHeldIsCalledOnce() {
        CallStageProcessor stage = opened();
        process(stage);
        process(stage);
        land();

        assertThat(model.requests()).hasSize(1);
        assertThat(context.forwarded()).hasSize(1);
    }

    private CallStageProcessor opened() {
        CallStageProcessor stage =
                new CallStageProcessor(parts, Stage.ANSWER, parts.answering(), Nodes.CHECK);
        stage.init(context);
        return stage;
    }

    private void process(CallStageProcessor stage) {
        stage.process(new Record<>(prompt.prompt().id(), prompt, 0));
    }

    private void land() {
        parts.flights().awaitLanding(LANDING);
        turn();
    }

    private void turn() {
        PartsSample.turn(context);
    }
}
