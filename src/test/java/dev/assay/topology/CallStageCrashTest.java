package dev.assay.topology;

import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.StoreCodec;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.flight.Lane;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// What budgets make of calls that were in the air when their instance died.
@Timeout(60)
class CallStageCrashTest {

    /// The most one try of the sample's model can cost, at 1 USD per million tokens: the limit that
    /// is sent, the template, and the bytes of the request.
    private static final double MOST_USD = (2_048 + 256 + 15) * 1e-6;

    private final CountDownLatch over = new CountDownLatch(1);
    private final FakeProvider model = new FakeProvider();
    private final Parts first = parts("first");
    private final Parts second = parts("second");
    private final MockProcessorContext<String, Waypoint> context = new MockProcessorContext<>();
    private final KeyValueStore<String, byte[]> store =
            PartsSample.store(Stores.pending(Stage.ANSWER));

    @BeforeEach
    void openStore() {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        model.does(
                _ -> {
                    awaitTheEnd();
                    return FakeProvider.answer("late");
                });
    }

    @AfterEach
    void close() {
        over.countDown();
        first.flights().close();
        second.flights().close();
        store.close();
    }

    @Test
    void callInTheAirCountsWithItsSecondTryAndIsMadeAgain() {
        process(opened(first), new PromptSample().maxCostUsd(1));

        opened(second);
        turn();

        assertThat(stored().state().spend().uncertainUsd()).isCloseTo(2 * MOST_USD, within(1e-9));
        assertThat(stored().begun()).containsExactly(0);
        assertThat(second.lanes().lane("only").inFlight()).isOne();
    }

    @Test
    void secondTryThatTheBudgetDoesNotBearIsNotCounted() {
        process(opened(first), new PromptSample().maxCostUsd(1.5 * MOST_USD));

        opened(second);

        assertThat(stored().state().spend().uncertainUsd()).isCloseTo(MOST_USD, within(1e-9));
    }

    @Test
    void callCountsOnceHoweverManyOwnersLoseIt() {
        Parts full = parts("full");
        takeAll(full.lanes().lane("only").waiter(Lane.Precedence.CHECK));
        process(opened(first), new PromptSample().maxCostUsd(1));

        opened(full);
        opened(full);

        assertThat(stored().state().spend().uncertainUsd()).isCloseTo(2 * MOST_USD, within(1e-9));
        full.flights().close();
    }

    @Test
    void callThatIsStillKnownToWhoeverGetsThePromptBackCountsNoMore() {
        Parts full = parts("full");
        takeAll(full.lanes().lane("only").waiter(Lane.Precedence.CHECK));
        process(opened(first), new PromptSample().maxCostUsd(1));
        opened(full);

        opened(first);

        assertThat(stored().state().spend().uncertainUsd()).isCloseTo(0, within(1e-9));
        assertThat(stored().begun()).containsExactly(0);
        assertThat(stored().lost()).isEmpty();
        full.flights().close();
    }

    @Test
    void callThatOnlyWaitedCostsNothing() {
        Parts full = parts("full");
        takeAll(full.lanes().lane("only").waiter(Lane.Precedence.CHECK));
        process(opened(full), new PromptSample().maxCostUsd(1));
        assertThat(stored().begun()).isEmpty();

        opened(second);
        turn();

        assertThat(stored().state().spend().uncertainUsd()).isZero();
        full.flights().close();
    }

    @Test
    void promptWhoseBudgetIsUsedUpByWhatWasLostEnds() {
        process(opened(first), new PromptSample().maxCostUsd(2.5 * MOST_USD));

        opened(second);
        turn();

        assertThat(
                        context.forwarded().stream()
                                .map(forward -> forward.record().value())
                                .filter(Result.Failed.class::isInstance)
                                .map(Result.Failed.class::cast)
                                .map(failed -> failed.failure().code()))
                .containsExactly(FailureCode.OVER_BUDGET);
    }

    @Test
    void promptWithoutABudgetIsNotWrittenOnceMore() {
        process(opened(first), new PromptSample());

        assertThat(stored().begun()).isEmpty();
        opened(second);
        assertThat(stored().state().spend().uncertainUsd()).isZero();
    }

    /// What it may have cost nobody knows any more; that it goes on matters more.
    @Test
    void modelThatLeftTheFileWhileItsCallWasInTheAirDoesNotStopTheTask() {
        process(opened(first), new PromptSample().maxCostUsd(1));
        Parts others = PartsSample.partsWithout(serdes("others"), "only");

        opened(others);
        turn();

        assertThat(store.get("p1")).isNull();
        Result.Failed failed = (Result.Failed) context.forwarded().getLast().record().value();
        assertThat(failed.failure().code()).isEqualTo(FailureCode.NO_MODEL);
        others.flights().close();
    }

    private Parts parts(String name) {
        return PartsSample.parts(serdes(name), model);
    }

    private static RegistrySerdes serdes(String name) {
        return new RegistrySerdes(Map.of("url", "mock://crash-" + name));
    }

    private CallStageProcessor opened(Parts parts) {
        CallStageProcessor stage =
                new CallStageProcessor(parts, Stage.ANSWER, parts.answering(), Nodes.CHECK);
        stage.init(context);
        return stage;
    }

    private void turn() {
        PartsSample.turn(context);
    }

    private static void takeAll(Lane.Waiter waiter) {
        Admission last = waiter.tryStart(Demand.NONE);
        while (last instanceof Admission.Granted) {
            last = waiter.tryStart(Demand.NONE);
        }
    }

    private Pending stored() {
        return StoreCodec.decodePending(store.get("p1"));
    }

    private static void process(CallStageProcessor stage, PromptSample sample) {
        PromptState state =
                sample.id("p1").admitted().assigned(route("all", cascade("only")), plan("only"));
        stage.process(new Record<>("p1", state, 0));
    }

    private void awaitTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
