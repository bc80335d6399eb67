package dev.assay.decide.check;

import static dev.assay.decide.check.CheckStageSamples.answered;
import static dev.assay.decide.check.CheckStageSamples.answeredBy;
import static dev.assay.decide.check.CheckStageSamples.badKey;
import static dev.assay.decide.check.CheckStageSamples.busy;
import static dev.assay.decide.check.CheckStageSamples.end;
import static dev.assay.decide.check.CheckStageSamples.enter;
import static dev.assay.decide.check.CheckStageSamples.says;
import static dev.assay.decide.check.CheckStageSamples.scores;
import static dev.assay.decide.check.CheckStageSamples.stage;
import static dev.assay.decide.check.CheckStageSamples.verdicts;
import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.call.Step;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.Panel;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/// Several judges at once.
class CheckPanelTest {

    private static final CheckPolicy THREE = panel(2, "one", "two", "kin-judges");

    @Test
    void allJudgesAreAskedAtOnceForEachCandidate() {
        Step step = enter(THREE, answeredBy("small", "small"));

        assertThat(step.state().calls())
                .extracting(Call::slot, Call::model)
                .containsExactly(
                        tuple(0, "one"),
                        tuple(1000, "two"),
                        tuple(2000, "kin-judges"),
                        tuple(1, "one"),
                        tuple(1001, "two"),
                        tuple(2001, "kin-judges"));
    }

    @Test
    void eachVerdictIsNotedAsItComesAndTheLastEndsTheCheck() {
        PromptState state = enter(THREE, answeredBy("small")).state();

        Step first = end(THREE, state, 2000, scores(4));
        Step second = end(THREE, first.state(), 0, scores(8));
        Step third = end(THREE, second.state(), 1000, scores(7));

        assertThat(first).isInstanceOf(Step.Continue.class);
        assertThat(verdicts(first, 0))
                .containsExactly(Verdict.scored("kin-judges", 4, "seen", false));
        assertThat(second).isInstanceOf(Step.Continue.class);
        assertThat(third).isInstanceOf(Step.Done.class);
        assertThat(verdicts(third, 0))
                .extracting(Verdict::by, verdict -> verdict.score().orElseThrow())
                .containsExactly(tuple("kin-judges", 4.0), tuple("one", 8.0), tuple("two", 7.0));
    }

    @Test
    void judgeOfTheFamilyThatAnsweredIsPassedOverWithItsReason() {
        Step step = enter(THREE, answeredBy("kin-answers"));

        assertThat(step.state().calls()).extracting(Call::model).containsExactly("one", "two");
        assertThat(verdicts(step, 0))
                .containsExactly(
                        Verdict.passedOver(
                                "kin-judges",
                                "its family wrote the answer, and another judge is named"));
    }

    @Test
    void failingJudgeIsTriedAgainOnlyWhileTheQuorumNeedsIt() {
        PromptState state = enter(THREE, answeredBy("small")).state();
        PromptState oneScore = end(THREE, state, 0, scores(8)).state();
        PromptState quorate = end(THREE, oneScore, 1000, scores(7)).state();

        Step needed = end(THREE, oneScore, 2000, busy(false));
        Step spare = end(THREE, quorate, 2000, busy(false));

        assertThat(needed.state().call(2000).orElseThrow().tries()).isEqualTo(1);
        assertThat(spare).isInstanceOf(Step.Done.class);
        assertThat(verdicts(spare, 0))
                .extracting(Verdict::state)
                .containsExactly(State.SCORED, State.SCORED, State.UNAVAILABLE);
    }

    @Test
    void nobodyIsTriedAgainOnceTheQuorumIsOutOfReach() {
        PromptState state = enter(THREE, answeredBy("small")).state();
        PromptState oneLeft =
                end(THREE, end(THREE, state, 0, badKey()).state(), 1000, badKey()).state();

        Step step = end(THREE, oneLeft, 2000, says("hard to say"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0))
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE, State.UNAVAILABLE, State.UNPARSEABLE);
    }

    @Test
    void waitingJudgeIsGivenUpWhereOthersThatServeMakeTheQuorum() {
        PromptState state = enter(THREE, answeredBy("small")).state();
        Call call = state.call(0).orElseThrow();
        CallError away = new CallError(FailureCode.PROVIDER_ERROR, "away");

        assertThat(stage(THREE).elsewhere(state, call, away, "two"::equals, NOW)).isEmpty();
        Step step =
                stage(THREE)
                        .elsewhere(state, call, away, List.of("two", "kin-judges")::contains, NOW)
                        .orElseThrow();
        assertThat(step.state().calls())
                .extracting(Call::model)
                .containsExactly("two", "kin-judges");
        assertThat(verdicts(step, 0)).containsExactly(Verdict.unavailable("one", "away", false));
    }

    @Test
    void judgeThatTheBudgetCannotBearIsLeftOut() {
        CheckPolicy policy = panel(2, "one", "dearest", "two");

        Step step =
                stage(policy)
                        .enter(answered(policy, new PromptSample().maxCostUsd(0.06), "small"), NOW);

        assertThat(step.state().calls()).extracting(Call::model).containsExactly("one", "two");
        assertThat(verdicts(step, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(tuple("dearest", State.UNAVAILABLE));
    }

    @Test
    void nobodyIsPaidWhereTheBudgetCannotBearTheQuorum() {
        CheckPolicy policy = panel(2, "one", "costly");

        Step step =
                stage(policy)
                        .enter(answered(policy, new PromptSample().maxCostUsd(0.03), "small"), NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(
                        tuple("one", State.UNAVAILABLE), tuple("costly", State.UNAVAILABLE));
    }

    /// Whatever judges do: the check ends, each judge speaks exactly once on a candidate, and the
    /// calls that are open never have the same slot.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void checkEndsWithOneVerdictOfEachJudge(long seed) {
        Random random = new Random(seed);
        CheckStage stage = stage(THREE);
        for (int run = 0; run < 1_000; run++) {
            String[] models =
                    random.nextBoolean()
                            ? new String[] {"small", "kin-answers"}
                            : new String[] {"small"};
            Step step = stage.enter(answered(THREE, new PromptSample(), models), NOW);

            for (int calls = 0; step instanceof Step.Continue; calls++) {
                assertThat(calls).isLessThan(models.length * 3 * 9);
                List<Call> open = step.state().calls();
                assertThat(open).isNotEmpty().extracting(Call::slot).doesNotHaveDuplicates();
                Call call = open.get(random.nextInt(open.size()));
                step =
                        random.nextInt(20) == 0
                                ? stage.expired(step.state(), call, Expiry.DEADLINE, NOW)
                                : end(THREE, step.state(), call.slot(), randomResult(random));
            }

            for (Candidate candidate : step.state().candidates()) {
                assertThat(candidate.verdicts())
                        .extracting(Verdict::by)
                        .containsExactlyInAnyOrderElementsOf(THREE.judges());
            }
        }
    }

    private static CallResult randomResult(Random random) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> scores(7);
            case 2 -> says("no idea");
            case 3 -> badKey();
            default -> busy(true);
        };
    }

    private static CheckPolicy panel(int quorum, String... judges) {
        CheckPolicy policy = CheckStageSamples.judges(judges);
        return new CheckPolicy(
                policy.rules(),
                policy.judges(),
                new Panel(Panel.Kind.MEDIAN, quorum),
                policy.agreement(),
                policy.rubric(),
                policy.criteria(),
                policy.pass(),
                policy.sample(),
                policy.allowSelf());
    }
}
