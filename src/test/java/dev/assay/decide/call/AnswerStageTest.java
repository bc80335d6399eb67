package dev.assay.decide.call;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.completion;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;
import static dev.assay.model.Samples.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.model.Attempt;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.Catalog;
import dev.assay.model.FailureCode;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.Price;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

class AnswerStageTest {

    private static final CallError AWAY = new CallError(FailureCode.PROVIDER_ERROR, "away");

    private static final Duration TOOK = Duration.ofMillis(1_500);
    private static final Usage USAGE = new Usage(1_000, 400, 200, 50, false);

    /// 1 USD per million input tokens, 0.5 where cached, 10 for output, 0.001 a call: USAGE costs
    /// 0.0038 and a prompt of 400 characters is expected to cost 0.0061.
    private static final Price PRICE = new Price(1, 10, 0.5, 0.001);

    private final AnswerStage stage =
            stage(
                    card("a", PRICE, OptionalInt.empty()),
                    card("b", PRICE, OptionalInt.empty()),
                    card("c"));

    @Test
    void everyPickIsCalledAtOnce() {
        Step step = stage.enter(planned(scatter(List.of("a", "b"), "c")), NOW);

        assertThat(step).isInstanceOf(Step.Continue.class);
        assertThat(step.state().calls())
                .containsExactly(
                        new Call(0, Purpose.ANSWER, "a", 0, 0, 0, NOW, NOW, 1, "one of many"),
                        new Call(1, Purpose.ANSWER, "b", 0, 0, 0, NOW, NOW, 1, "one of many"));
    }

    @Test
    void promptWithoutAPlanDoesNotWaitForEver() {
        assertThatThrownBy(() -> stage.enter(new PromptSample().admitted(), NOW))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> new Plan(List.of(), List.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void answerBecomesACandidateWithItsAttemptAndCost() {
        PromptState state = entered(plan("a"));

        Step step = end(state, 0, answers("fine"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().calls()).isEmpty();
        assertThat(step.state().candidates())
                .singleElement()
                .satisfies(
                        candidate -> {
                            assertThat(candidate.answer().model()).isEqualTo("a");
                            assertThat(candidate.answer().completion().text()).isEqualTo("fine");
                            assertThat(candidate.answer().latency()).isEqualTo(TOOK);
                            assertThat(candidate.answer().costUsd())
                                    .isCloseTo(0.0038, within(1e-12));
                            assertThat(candidate.verdicts()).isEmpty();
                        });
        assertThat(step.state().attempts())
                .singleElement()
                .isEqualTo(attemptOf(step.state(), 0))
                .satisfies(
                        attempt -> {
                            assertThat(attempt.status()).isEqualTo(Attempt.ANSWERED);
                            assertThat(attempt.tries()).isEqualTo(1);
                            assertThat(attempt.usage()).isEqualTo(USAGE);
                            assertThat(attempt.round()).isEqualTo(1);
                            assertThat(attempt.why()).isEqualTo("first");
                        });
        assertThat(step.state().spend().answerUsd()).isCloseTo(0.0038, within(1e-12));
        assertThat(step.state().spend().usage()).isEqualTo(USAGE);
    }

    @Test
    void passingFailureIsTriedAgainLater() {
        PromptState state = entered(plan("a", "c"));

        Step step = end(state, 0, busy());

        assertThat(step).isInstanceOf(Step.Continue.class);
        Call again = step.state().call(0).orElseThrow();
        assertThat(again.model()).isEqualTo("a");
        assertThat(again.tries()).isEqualTo(1);
        assertThat(again.notBefore()).isEqualTo(NOW.plusMillis(250));
        assertThat(step.state().attempts()).isEmpty();
    }

    @Test
    void fallbackTakesOverWhenTheTriesAreUsedUp() {
        PromptState state = entered(plan("a", "c"));

        for (int tries = 1; tries < 8; tries++) {
            state = end(state, 0, busy()).state();
            assertThat(state.call(0).orElseThrow().model()).isEqualTo("a");
        }
        state = end(state, 0, busy()).state();

        Call fallback = state.call(0).orElseThrow();
        assertThat(fallback.model()).isEqualTo("c");
        assertThat(fallback.tries()).isZero();
        assertThat(fallback.why()).isEqualTo("takes over from a: provider_error");
        assertThat(state.attempts())
                .singleElement()
                .satisfies(
                        attempt -> {
                            assertThat(attempt.status()).isEqualTo("provider_error");
                            assertThat(attempt.tries()).isEqualTo(8);
                        });
    }

    @Test
    void callOfAModelThatFailsAtPresentGoesToTheFirstFallbackThatDoesNot() {
        PromptState state = entered(plan("a", "b", "c"));

        Step step =
                stage.elsewhere(state, state.call(0).orElseThrow(), AWAY, "c"::equals, NOW)
                        .orElseThrow();

        Call call = step.state().call(0).orElseThrow();
        assertThat(call.model()).isEqualTo("c");
        assertThat(call.why()).isEqualTo("takes over from a: provider_error");
        assertThat(step.state().attempts())
                .singleElement()
                .satisfies(
                        attempt -> {
                            assertThat(attempt.model()).isEqualTo("a");
                            assertThat(attempt.tries()).isZero();
                            assertThat(attempt.costUsd()).isZero();
                        });
    }

    @Test
    void callWithoutAFallbackThatServesWaits() {
        PromptState state = entered(plan("a", "b"));

        assertThat(stage.elsewhere(state, state.call(0).orElseThrow(), AWAY, _ -> false, NOW))
                .isEmpty();
    }

    @Test
    void fallbackTakesOverAtOnceWhereTryingAgainIsOfNoUse() {
        for (CallResult failure : List.of(badKey(), tooLong())) {
            Step step = end(entered(plan("a", "c")), 0, failure);

            assertThat(step).isInstanceOf(Step.Continue.class);
            assertThat(step.state().call(0).orElseThrow().model()).isEqualTo("c");
        }
    }

    @Test
    void promptFailsWithTheLastErrorWhenNoFallbackIsLeft() {
        PromptState state = end(entered(plan("a", "c")), 0, badKey()).state();

        Step step = end(state, 0, tooLong());

        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failed.class,
                        failed -> {
                            assertThat(failed.failure().code())
                                    .isEqualTo(FailureCode.CONTEXT_TOO_LONG);
                            assertThat(failed.failure().message()).isEqualTo("too long for it");
                        });
        assertThat(step.state().calls()).isEmpty();
        assertThat(step.state().attempts())
                .extracting(Attempt::model, Attempt::status)
                .containsExactly(tuple("a", "provider_error"), tuple("c", "context_too_long"));
    }

    @Test
    void bestAnswerOfEarlierRoundsOutlivesARoundWithoutAnAnswer() {
        PromptState state = entered(plan("a")).withBest(Optional.of(candidate("earlier", 0)));

        Step step = end(state, 0, badKey());

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().candidates()).isEmpty();
    }

    @Test
    void scatterEndsWhenTheLastOfItIsBack() {
        PromptState state = entered(scatter(List.of("a", "b", "c")));

        Step first = end(state, 1, answers("b"));
        Step second = end(first.state(), 2, badKey());
        Step third = end(second.state(), 0, answers("a"));

        assertThat(first).isInstanceOf(Step.Continue.class);
        assertThat(second).isInstanceOf(Step.Continue.class);
        assertThat(third).isInstanceOf(Step.Done.class);
        assertThat(third.state().candidates())
                .extracting(candidate -> candidate.answer().model())
                .containsExactly("b", "a");
        assertThat(third.state().candidates())
                .allSatisfy(
                        candidate ->
                                assertThat(attemptOf(third.state(), candidate.answer().attempt()))
                                        .extracting(Attempt::model)
                                        .isEqualTo(candidate.answer().model()));
    }

    @Test
    void scatterWithoutAnyAnswerFails() {
        PromptState state = entered(scatter(List.of("a", "b")));

        Step step = end(end(state, 0, badKey()).state(), 1, tooLong());

        assertThat(step).isInstanceOf(Step.Failed.class);
    }

    @Test
    void twoPicksThatFailTakeDifferentFallbacks() {
        PromptState state = entered(scatter(List.of("a", "b"), "c"));

        Step first = end(state, 0, badKey());
        Step second = end(first.state(), 1, badKey());

        assertThat(first.state().call(0).orElseThrow().model()).isEqualTo("c");
        assertThat(second.state().calls()).extracting(Call::model).containsExactly("c");
    }

    @Test
    void fallbackThatLeftTheTopologyFileIsPassedOver() {
        Step step = end(entered(plan("a", "retired", "c")), 0, badKey());

        assertThat(step.state().call(0).orElseThrow().model()).isEqualTo("c");
    }

    @Test
    void failureThatMayHaveBeenBilledIsCountedAtItsEstimate() {
        Step step = end(entered(plan("a")), 0, timeout());

        assertThat(step.state().spend().uncertainUsd()).isCloseTo(0.0061, within(1e-12));
        assertThat(step.state().spend().answerUsd()).isCloseTo(0.0061, within(1e-12));
        assertThat(step.state().spend().usage()).isEqualTo(Usage.NONE);
        assertThat(end(entered(plan("a")), 0, busy()).state().spend().totalUsd()).isZero();
    }

    @Test
    void retriesStopWhereTheBudgetMayBeSpent() {
        AnswerStage costly = stage(priced("a", 0.01), priced("b", 0.02), priced("c", 0));
        PromptSample sample = new PromptSample().maxCostUsd(0.025);
        PromptState state = costly.enter(planned(sample, plan("a", "b", "c")), NOW).state();

        PromptState once = end(costly, state, 0, timeout()).state();
        PromptState twice = end(costly, once, 0, timeout()).state();

        assertThat(once.call(0).orElseThrow().model()).isEqualTo("a");
        assertThat(twice.call(0).orElseThrow().model()).isEqualTo("c");
    }

    @Test
    void promptWhoseBudgetKeepsItFromAnotherTryIsOverBudget() {
        AnswerStage costly = stage(priced("a", 0.02), priced("b", 0.02));
        PromptSample sample = new PromptSample().maxCostUsd(0.03);
        PromptState state = costly.enter(planned(sample, plan("a", "b")), NOW).state();

        Step retried = end(costly, state, 0, timeout());
        Step refused = end(costly, state, 0, badKey());

        assertThat(retried)
                .isInstanceOfSatisfying(
                        Step.Failed.class,
                        failed -> {
                            assertThat(failed.failure().code()).isEqualTo(FailureCode.OVER_BUDGET);
                            assertThat(failed.failure().message())
                                    .contains("max_cost_usd of the prompt", "0.020000", "timeout");
                        });
        assertThat(refused.state().calls()).extracting(Call::model).containsExactly("b");
    }

    @Test
    void promptThatABudgetBindsHasNoSecondTryBesideOtherCalls() {
        AnswerStage costly = stage(priced("a", 0.01), priced("b", 0.01));
        PromptState bound =
                costly.enter(
                                planned(
                                        new PromptSample().maxCostUsd(1),
                                        scatter(List.of("a", "b"))),
                                NOW)
                        .state();
        PromptState alone = bound.closeCall(1);
        PromptState free =
                costly.enter(planned(new PromptSample(), scatter(List.of("a", "b"))), NOW).state();

        assertThat(costly.affordsBeside(bound, bound.call(0).orElseThrow())).isFalse();
        assertThat(costly.affordsBeside(alone, alone.call(0).orElseThrow())).isTrue();
        assertThat(costly.affordsBeside(free, free.call(0).orElseThrow())).isTrue();
    }

    @Test
    void fallbackMustBeAffordableBesideTheCallsThatAreOpen() {
        AnswerStage costly = stage(priced("a", 0), priced("b", 0.01), priced("c", 0.02));
        PromptSample sample = new PromptSample().maxCostUsd(0.025);
        PromptState state =
                costly.enter(planned(sample, scatter(List.of("a", "b"), "c")), NOW).state();

        Step beside = end(costly, state, 0, badKey());
        Step alone = end(costly, end(costly, state, 1, badKey()).state(), 0, badKey());

        assertThat(beside.state().calls()).extracting(Call::model).containsExactly("b");
        assertThat(alone.state().calls()).extracting(Call::model).containsExactly("c");
    }

    @Test
    void deadlineEndsAWaitingCallAndAsksNobodyElse() {
        PromptState state = entered(plan("a", "c"));

        Step step = stage.expired(state, state.call(0).orElseThrow(), Expiry.DEADLINE, NOW);

        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failed.class,
                        failed ->
                                assertThat(failed.failure().code())
                                        .isEqualTo(FailureCode.DEADLINE_EXCEEDED));
        assertThat(step.state().attempts())
                .extracting(Attempt::status, Attempt::tries)
                .containsExactly(tuple("deadline_exceeded", 0));
    }

    @Test
    void deadlineLeavesWhatTheOthersFound() {
        PromptState state = end(entered(scatter(List.of("a", "b"))), 0, answers("a")).state();

        Step step = stage.expired(state, state.call(1).orElseThrow(), Expiry.DEADLINE, NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().candidates()).hasSize(1);
    }

    @Test
    void failureShortOfTheDeadlineIsNotTriedAgainAfterIt() {
        PromptSample sample = new PromptSample().deadline(NOW.plusMillis(100));
        PromptState state = stage.enter(planned(sample, plan("a", "c")), NOW).state();

        Step step = end(state, 0, busy());

        assertThat(step.state().call(0).orElseThrow().model()).isEqualTo("c");
    }

    @Test
    void laterRoundsKeepTheAttemptsOfEarlierOnes() {
        PromptState state =
                new PromptSample()
                        .admitted()
                        .assigned(route("r", cascade("a", "b")), plan("a"))
                        .plusAttempt(attempt(1, "a"))
                        .assigned(route("r", cascade("a", "b")), plan("b", "a"));

        PromptState after = end(stage.enter(state, NOW).state(), 0, answers("b")).state();

        assertThat(after.attempts()).extracting(Attempt::round).containsExactly(1, 2);
        assertThat(after.candidates().getFirst().answer().attempt()).isEqualTo(1);
    }

    /// Whatever comes back, in whatever order: the stage ends, no model is tried twice, costs add
    /// up, and an answer is never lost.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void stageEndsWithEveryAnswerAndCostAccountedFor(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            List<String> picks = List.of("a", "b", "c").subList(0, 1 + random.nextInt(3));
            PromptState state =
                    entered(random.nextBoolean() ? scatter(picks) : scatter(picks, "c", "b", "a"));
            int answers = 0;
            Step step = new Step.Continue(state);

            for (int calls = 0; step instanceof Step.Continue; calls++) {
                assertThat(calls).isLessThan(3 * 8);
                List<Call> open = step.state().calls();
                assertThat(open).isNotEmpty();
                assertThat(open).extracting(Call::model).doesNotHaveDuplicates();
                Call call = open.get(random.nextInt(open.size()));
                if (random.nextInt(20) == 0) {
                    step = stage.expired(step.state(), call, Expiry.DEADLINE, NOW);
                } else {
                    CallResult result = randomResult(random);
                    answers += result instanceof CallResult.Answered ? 1 : 0;
                    step = end(step.state(), call.slot(), result);
                }
            }

            PromptState end = step.state();
            assertThat(step)
                    .isInstanceOf(end.candidates().isEmpty() ? Step.Failed.class : Step.Done.class);
            assertThat(end.candidates()).hasSize(answers);
            assertThat(end.attempts()).extracting(Attempt::model).doesNotHaveDuplicates();
            assertThat(end.attempts().stream().filter(a -> a.status().equals(Attempt.ANSWERED)))
                    .hasSameSizeAs(end.candidates());
            assertThat(end.spend().answerUsd())
                    .isCloseTo(
                            end.attempts().stream().mapToDouble(Attempt::costUsd).sum()
                                    + end.spend().uncertainUsd(),
                            within(1e-9));
        }
    }

    private static CallResult randomResult(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> answers("text");
            case 1 -> timeout();
            case 2 -> badKey();
            case 3 -> tooLong();
            default -> busy();
        };
    }

    private static AnswerStage stage(ModelCard... cards) {
        Catalog catalog = catalog(cards);
        return new AnswerStage(
                catalog, new Routes(List.of(route("r", cascade("a", "b", "c"))), Map.of()));
    }

    private static PromptState planned(Plan plan) {
        return planned(new PromptSample(), plan);
    }

    private static PromptState planned(PromptSample sample, Plan plan) {
        return sample.admitted().assigned(route("r", cascade("a", "b", "c")), plan);
    }

    private PromptState entered(Plan plan) {
        return stage.enter(planned(plan), NOW).state();
    }

    private Step end(PromptState state, int slot, CallResult result) {
        return end(stage, state, slot, result);
    }

    private static Step end(AnswerStage stage, PromptState state, int slot, CallResult result) {
        return stage.ended(state, state.call(slot).orElseThrow(), result, TOOK, NOW, 0.5);
    }

    private static Attempt attemptOf(PromptState state, int index) {
        return state.attempts().get(index);
    }

    private static CallResult answers(String text) {
        return new CallResult.Answered(completion(text, USAGE));
    }

    private static CallResult busy() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503"),
                Optional.empty(),
                Evidence.CONGESTED,
                false);
    }

    private static CallResult timeout() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.TIMEOUT, "nothing came"),
                Optional.empty(),
                Evidence.CONGESTED,
                true);
    }

    private static CallResult badKey() {
        return new CallResult.GiveUpOnModel(new CallError(FailureCode.PROVIDER_ERROR, "401"));
    }

    private static CallResult tooLong() {
        return new CallResult.GiveUpOnPrompt(
                new CallError(FailureCode.CONTEXT_TOO_LONG, "too long for it"));
    }
}
