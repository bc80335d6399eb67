package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.origin;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.StoreCodec;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.codec.StoreCodec.UnreadableStore;
import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.flight.Lane;
import dev.assay.model.Call;
import dev.assay.model.ChatRequest;
import dev.assay.model.Constraints;
import dev.assay.model.FailureCode;
import dev.assay.model.Labels;
import dev.assay.model.Plan;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What becomes of calls, lanes and schedules where tasks break, close and open again.
@Timeout(60)
class CallStageProcessorTest {

    private static final Duration LANDING = Duration.ofSeconds(30);

    private final FakeProvider model = new FakeProvider();
    private Duration perLook = Duration.ZERO;
    private Instant now = NOW;
    private final Parts parts =
            PartsSample.parts(new RegistrySerdes(Map.of("url", "mock://stage")), model, this::look);
    private final Lane lane = parts.lanes().lane("only");
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
    void laneGetsBackWhatItGrantedToACallThatCouldNotBeMade() {
        CallStageProcessor stage = opened();
        int all = takeAll();
        process(stage, "p1", "q");
        process(stage, "p2", "q");
        store.put("p1", new byte[] {1});
        giveBack(all);

        assertThatThrownBy(this::turn).isInstanceOf(UnreadableStore.class);

        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void closedTaskLeavesNoScheduleBehind() {
        CallStageProcessor stage = opened();

        stage.close();

        assertThat(context.scheduledPunctuators())
                .hasSize(2)
                .allMatch(CapturedPunctuator::cancelled);
    }

    @Test
    void reopenedTaskAwaitsTheCallThatIsInTheAir() {
        CountDownLatch mayLand = new CountDownLatch(1);
        model.does(
                _ -> {
                    awaited(mayLand);
                    return FakeProvider.answer("fine");
                });
        CallStageProcessor first = opened();
        process(first, "p1", "q");
        first.close();

        opened();
        mayLand.countDown();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(model.requests()).hasSize(1);
        assertThat(answers()).containsExactly("fine");
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void callsWaitWhileLargeRequestsTakeTheMemoryButNotThoseOfAnotherPriority() {
        CountDownLatch mayLand = new CountDownLatch(1);
        model.does(
                _ -> {
                    awaited(mayLand);
                    return FakeProvider.answer("fine");
                });
        String large = "q".repeat(PartsSample.REQUEST_MEMORY_BYTES / 7);
        CallStageProcessor stage = opened();
        process(stage, "p1", large, Priority.BULK);
        process(stage, "p2", large, Priority.BULK);
        process(stage, "p3", "q", Priority.BULK);
        assertThat(lane.inFlight()).isEqualTo(2);
        process(stage, "p4", "q", Priority.INTERACTIVE);
        assertThat(lane.inFlight()).isEqualTo(3);

        mayLand.countDown();
        parts.flights().awaitLanding(LANDING);
        turn();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(answers()).containsExactly("fine", "fine", "fine", "fine");
    }

    @Test
    void modelOutOfServiceIsToldToCallsThatWaitForMemory() {
        CountDownLatch mayLand = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        model.does(
                request -> {
                    boolean small = request.chatJson().length() < 10;
                    awaited(small ? mayFail : mayLand);
                    return small ? FakeProvider.badKey() : FakeProvider.answer("fine");
                });
        CallStageProcessor stage = opened();
        process(stage, "p1", "q");
        process(stage, "p2", "q".repeat(PartsSample.REQUEST_MEMORY_BYTES / 6));
        process(stage, "p3", "q");
        assertThat(lane.inFlight()).isEqualTo(2);

        mayFail.countDown();
        await().atMost(LANDING).until(() -> lane.inFlight() == 1);
        await().atMost(LANDING)
                .untilAsserted(
                        () -> {
                            turn();
                            assertThat(failures()).hasSize(2);
                        });

        assertThat(model.requests()).hasSize(2);
        mayLand.countDown();
    }

    @Test
    void promptThatIsAdmittedAgainAwaitsTheCallThatIsInTheAir() {
        CountDownLatch mayLand = new CountDownLatch(1);
        model.does(
                _ -> {
                    awaited(mayLand);
                    return FakeProvider.answer("fine");
                });
        CallStageProcessor stage = opened();
        process(stage, "p1", "q");
        stage.close();
        store.delete("p1");

        stage = opened();
        process(stage, "p1", "q");
        int inFlight = lane.inFlight();
        mayLand.countDown();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(inFlight).isEqualTo(1);
        assertThat(model.requests()).hasSize(1);
        assertThat(answers()).containsExactly("fine");
    }

    @Test
    void callPutOffByAClockThatWasAheadWaitsNoLongerThanItsRetriesMay() {
        CallStageProcessor stage = opened();
        now = NOW.plus(Duration.ofHours(2));
        int all = takeAll();
        process(stage, "p1", "q");
        stage.close();
        giveBack(all);
        now = NOW;

        opened();
        turn();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(answers()).containsExactly("fine");
    }

    @Test
    void answerToAnotherTextUnderTheSameIdIsNotTaken() {
        model.does(request -> FakeProvider.answer(request.chatJson()));
        CallStageProcessor stage = opened();
        int all = takeAll();
        process(stage, "p1", "second");
        byte[] second = store.delete("p1");
        stage.close();
        giveBack(all);
        stage = opened();
        process(stage, "p1", "first");
        parts.flights().awaitLanding(LANDING);
        stage.close();
        store.put("p1", second);

        opened();
        turn();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(answers()).containsExactly("second");
    }

    @Test
    void turnEndsInTimeForItsCommitAndTheNextGoesOn() {
        CallStageProcessor stage = opened();
        for (int i = 0; i < 50; i++) {
            process(stage, "p" + i, "q");
        }
        parts.flights().awaitLanding(LANDING);
        perLook = Duration.ofMillis(100);

        turn();

        assertThat(answers()).hasSizeBetween(1, 20);
        for (int i = 0; i < 50; i++) {
            turn();
        }
        assertThat(answers()).hasSize(50);
    }

    @Test
    void callsToAModelThatHasLeftTheFileFallBackOrEndThePrompt() {
        CallStageProcessor stage = opened();

        process(stage, state("p1", "q", Optional.empty(), plan("gone", "only")));
        process(stage, state("p2", "q", Optional.empty(), plan("gone")));
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(failures()).containsExactly(FailureCode.NO_MODEL);
        assertThat(answers()).containsExactly("fine");
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void fullLaneHoldsNoPromptPastItsDeadline() {
        CallStageProcessor stage = opened();
        int all = takeAll();
        Instant deadline = now.plusSeconds(1);
        process(stage, state("p1", "q", Optional.of(deadline), plan("only")));
        lookAtDeadlines();
        assertThat(context.forwarded()).isEmpty();

        now = deadline;
        lookAtDeadlines();

        assertThat(failures()).containsExactly(FailureCode.DEADLINE_EXCEEDED);
        assertThat(model.requests()).isEmpty();
        assertThat(lane.inFlight()).isEqualTo(all);
    }

    @Test
    void promptsWaitWhileTheirOnlyModelIsAwayAndNoneFails() {
        model.does(_ -> FakeProvider.busy());
        CallStageProcessor stage = opened();
        process(stage, "first", "q");
        for (int i = 0; i < 20; i++) {
            now = now.plusSeconds(1);
            turn();
            parts.flights().awaitLanding(LANDING);
        }
        for (int i = 0; i < 20; i++) {
            process(stage, "p" + i, "q");
        }
        int callsBefore = model.requests().size();
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 12; i++) {
                now = now.plusSeconds(5);
                turn();
                parts.flights().awaitLanding(LANDING);
            }
        }
        assertThat(context.forwarded()).isEmpty();
        assertThat(model.requests().size() - callsBefore).isBetween(30, 80);

        model.says("back");
        for (int i = 0; i < 100; i++) {
            now = now.plusSeconds(5);
            turn();
            parts.flights().awaitLanding(LANDING);
        }

        assertThat(answers()).hasSize(21).containsOnly("back");
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void promptThatWaitsLongerThanAllowedEnds() {
        CallStageProcessor stage = opened();
        takeAll();
        process(stage, "p1", "q");
        now = now.plus(parts.engine().maxWait()).plusSeconds(1);

        lookAtDeadlines();

        assertThat(failures()).containsExactly(FailureCode.TIMEOUT);
    }

    @Test
    void closedTaskTakesNoRoomFromOthers() {
        CallStageProcessor stage = opened();
        int all = takeAll();
        process(stage, "p1", "q");
        process(stage, "p2", "q");

        stage.close();
        giveBack(all);
        parts.ownership().opened(Stage.ANSWER, 0);

        assertThat(takeAll(Lane.Precedence.ANSWER)).isEqualTo(all);
    }

    @Test
    void slowCallGetsASecondTryWhoseAnswerCounts() {
        CallStageProcessor stage = opened();
        for (int i = 0; i < 40; i++) {
            process(stage, "quick" + i, "q");
        }
        parts.flights().awaitLanding(LANDING);
        turn();
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        model.does(
                _ -> {
                    if (calls.incrementAndGet() == 1) {
                        awaited(never);
                    }
                    return FakeProvider.answer("second");
                });
        process(stage, "slow", "q");
        turn();
        await().until(() -> calls.get() == 1);

        now = now.plusSeconds(100);
        turn();
        parts.flights().awaitLanding(LANDING);
        turn();

        assertThat(answers()).hasSize(41).last().isEqualTo("second");
        assertThat(calls).hasValue(2);
        assertThat(lane.inFlight()).isZero();
        double uncertainUsd =
                forwarded(PromptState.class)
                        .map(state -> state.spend().uncertainUsd())
                        .reduce((_, last) -> last)
                        .orElseThrow();
        assertThat(uncertainUsd).isPositive();
    }

    /// It would hold a place of its lane until its model answers, and nobody listens.
    @Test
    void callThatIsWaitedForNoLongerLeavesTheAir() {
        CountDownLatch never = new CountDownLatch(1);
        model.does(
                _ -> {
                    awaited(never);
                    return FakeProvider.answer("late");
                });
        PromptState waits =
                state("p1", "q", Optional.empty(), plan("only"))
                        .withCalls(
                                List.of(
                                        Call.first(
                                                0,
                                                Purpose.ANSWER,
                                                plan("only").picks().getFirst(),
                                                NOW)))
                        .withWaitUntil(Optional.of(NOW.plusSeconds(5)));
        store.put("p1", StoreCodec.encode(new Pending(waits, 0, new RecordHeaders())));
        opened();
        turn();
        await().until(() -> model.requests().size() == 1);

        now = now.plusSeconds(5);
        turn();

        await().until(() -> lane.inFlight() == 0);
        assertThat(store.get("p1")).isNull();
    }

    /// Every look at the clock takes its time.
    private synchronized Instant look() {
        now = now.plus(perLook);
        return now;
    }

    private CallStageProcessor opened() {
        CallStageProcessor stage =
                new CallStageProcessor(parts, Stage.ANSWER, parts.answering(), Nodes.CHECK);
        stage.init(context);
        return stage;
    }

    private void turn() {
        PartsSample.turn(context);
    }

    private void lookAtDeadlines() {
        context.scheduledPunctuators().stream()
                .filter(due -> due.getInterval().toMillis() > TurnSchedule.LONGEST_MS)
                .reduce((_, last) -> last)
                .orElseThrow()
                .getPunctuator()
                .punctuate(0);
    }

    private int takeAll() {
        return takeAll(Lane.Precedence.CHECK);
    }

    private int takeAll(Lane.Precedence precedence) {
        Lane.Waiter waiter = lane.waiter(precedence);
        int taken = 0;
        while (waiter.tryStart(Demand.NONE) instanceof Admission.Granted) {
            taken++;
        }
        return taken;
    }

    private void giveBack(int calls) {
        for (int i = 0; i < calls; i++) {
            lane.released();
        }
    }

    private List<String> answers() {
        return forwarded(PromptState.class)
                .map(state -> state.candidates().getFirst().answer().completion().text())
                .toList();
    }

    private List<FailureCode> failures() {
        return forwarded(Result.Failed.class).map(failed -> failed.failure().code()).toList();
    }

    private <T> Stream<T> forwarded(Class<T> type) {
        return context.forwarded().stream()
                .map(forward -> forward.record().value())
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static void process(CallStageProcessor stage, String id, String text) {
        process(stage, id, text, Priority.INTERACTIVE);
    }

    private static void process(
            CallStageProcessor stage, String id, String text, Priority priority) {
        process(stage, state(id, text, priority, Optional.empty(), plan("only")));
    }

    private static void process(CallStageProcessor stage, PromptState state) {
        stage.process(new Record<>(state.prompt().id(), state, 0));
    }

    private static PromptState state(
            String id, String text, Optional<Instant> deadline, Plan plan) {
        return state(id, text, Priority.INTERACTIVE, deadline, plan);
    }

    private static PromptState state(
            String id, String text, Priority priority, Optional<Instant> deadline, Plan plan) {
        Prompt prompt =
                new Prompt(
                        id,
                        1,
                        new ChatRequest(text, text.length(), OptionalInt.empty()),
                        new Labels(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                priority,
                                Map.of()),
                        new Constraints(deadline, OptionalDouble.empty(), List.of()),
                        Optional.empty(),
                        origin());
        return PromptState.admitted(prompt).assigned(route("all", cascade("only")), plan);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
