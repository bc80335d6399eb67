package dev.assay.decide.check;

import static dev.assay.decide.check.CheckStageSamples.CATALOG;
import static dev.assay.decide.check.CheckStageSamples.USAGE;
import static dev.assay.decide.check.CheckStageSamples.badKey;
import static dev.assay.decide.check.CheckStageSamples.busy;
import static dev.assay.decide.check.CheckStageSamples.candidate;
import static dev.assay.decide.check.CheckStageSamples.end;
import static dev.assay.decide.check.CheckStageSamples.judges;
import static dev.assay.decide.check.CheckStageSamples.says;
import static dev.assay.decide.check.CheckStageSamples.scores;
import static dev.assay.decide.check.CheckStageSamples.stage;
import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.call.Step;
import dev.assay.decide.grade.Grader;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.Grade;
import dev.assay.model.Opinion;
import dev.assay.model.Panel;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.Kind;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The check by another model's own answer.
class AgreementCheckTest {

    private static final CheckPolicy ALONE = agreement("one");
    private static final CheckPolicy BEFORE_A_JUDGE = agreement("one", "two");

    @Test
    void otherModelIsAskedOnceForAllCandidatesAndNoJudgeYet() {
        Step step = enter(BEFORE_A_JUDGE, candidate("small", "4"), candidate("costly", "5"));

        assertThat(step.state().calls())
                .extracting(Call::model, Call::purpose)
                .containsExactly(tuple("one", Purpose.OPINION));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    so it is 4.0 | 4          | PASSED      | answered `4` as well
                    so it is 4   | I get 5    | FAILED      | answered `5`, not `4`
                    (B)          | Answer: B  | PASSED      | answered `B` as well
                    Paris        | paris.     | PASSED      | answered `paris` as well
                    4            | ''         | UNPARSEABLE | its own answer holds no final answer that can be told
                    """)
    void finalAnswersDecide(String answer, String own, State state, String reason) {
        Step step = asked(ALONE, candidate("small", answer), own);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(only(step).verdicts()).containsExactly(Verdict.compared("one", state, reason));
        assertThat(Grader.gradeOf(ALONE, only(step)))
                .isEqualTo(
                        state == State.UNPARSEABLE
                                ? new Grade.Ungraded()
                                : new Grade.Agreement(state == State.PASSED));
    }

    @Test
    void itsCostIsThatOfACheck() {
        Step step = asked(ALONE, candidate("small", "4"), "4");

        assertThat(step.state().spend().answerUsd()).isZero();
        assertThat(step.state().spend().checkUsd())
                .isCloseTo(CATALOG.card("one").price().costUsd(USAGE), within(1e-12));
        assertThat(step.state().attempts()).isEmpty();
    }

    @Test
    void judgeIsAskedOnlyWhereAnswersCannotBeCompared() {
        assertThat(asked(BEFORE_A_JUDGE, candidate("small", "4"), "4").state().calls()).isEmpty();
        assertThat(asked(BEFORE_A_JUDGE, candidate("small", "4"), "5").state().calls()).isEmpty();

        Step unclear = asked(BEFORE_A_JUDGE, candidate("small", "4"), "");

        assertThat(unclear.state().calls())
                .extracting(Call::model, Call::purpose)
                .containsExactly(tuple("two", Purpose.CHECK));
        Step judged = end(BEFORE_A_JUDGE, unclear.state(), 0, scores(8));
        assertThat(Grader.gradeOf(BEFORE_A_JUDGE, only(judged))).isEqualTo(new Grade.Scored(8));
    }

    @Test
    void judgeIsAskedWhereTheOtherModelCannotBeReached() {
        PromptState entered = enter(BEFORE_A_JUDGE, candidate("small", "4")).state();

        Step step = end(BEFORE_A_JUDGE, entered, AgreementCheck.SLOT, badKey());

        assertThat(only(step).verdicts())
                .extracting(Verdict::kind, Verdict::by, Verdict::state)
                .containsExactly(tuple(Kind.AGREEMENT, "one", State.UNAVAILABLE));
        assertThat(step.state().calls()).extracting(Call::model).containsExactly("two");
    }

    @Test
    void otherModelIsTriedAgainLikeAnyOther() {
        PromptState entered = enter(ALONE, candidate("small", "4")).state();

        Step again = end(ALONE, entered, AgreementCheck.SLOT, busy(true));

        assertThat(again.state().calls())
                .extracting(Call::model, Call::purpose, Call::tries)
                .containsExactly(tuple("one", Purpose.OPINION, 1));
        assertThat(again.state().spend().uncertainUsd()).isPositive();
        Step done = end(ALONE, again.state(), AgreementCheck.SLOT, says("4"));
        assertThat(Grader.gradeOf(ALONE, only(done))).isEqualTo(new Grade.Agreement(true));
    }

    @Test
    void whatItAnsweredHoldsForLaterRounds() {
        Step first = asked(ALONE, candidate("small", "4"), "5");
        PromptState second =
                first.state()
                        .assigned(route("r", cascade("costly"), ALONE), plan("costly"))
                        .withCandidates(List.of(candidate("costly", "5")));

        Step step = stage(ALONE).enter(second, NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().opinions()).containsExactly(new Opinion("one", "5"));
        assertThat(Grader.gradeOf(ALONE, only(step))).isEqualTo(new Grade.Agreement(true));
    }

    @Test
    void onlyTheEndOfALongAnswerIsKept() {
        String essay = "so ".repeat(10_000) + "it is 4";

        Step step = asked(ALONE, candidate("small", "4"), essay);

        assertThat(step.state().opinions().getFirst().text()).hasSize(8_000).endsWith("it is 4");
        assertThat(Grader.gradeOf(ALONE, only(step))).isEqualTo(new Grade.Agreement(true));
    }

    @Test
    void nobodyAgreesWithItself() {
        Step step = enter(BEFORE_A_JUDGE, candidate("one", "4"));

        assertThat(only(step).verdicts())
                .containsExactly(
                        Verdict.compared("one", State.SKIPPED, "it wrote the answer itself"));
        assertThat(step.state().calls()).extracting(Call::model).containsExactly("two");
    }

    @Test
    void requiredTagsHoldForTheOtherModel() {
        PromptState state =
                state(ALONE, new PromptSample().requiredTags("eu"), candidate("small", "4"));

        Step step = stage(ALONE).enter(state, NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(only(step).verdicts())
                .containsExactly(
                        Verdict.compared(
                                "one",
                                State.SKIPPED,
                                "it lacks the tag eu that the prompt requires"));
        assertThat(Grader.gradeOf(ALONE, only(step))).isEqualTo(new Grade.Ungraded());
    }

    @Test
    void budgetHoldsForTheOtherModel() {
        PromptState state =
                state(ALONE, new PromptSample().maxCostUsd(1e-9), candidate("small", "4"));

        Step step = stage(ALONE).enter(state, NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(only(step).verdicts())
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE);
    }

    @Test
    void promptWithoutTimeLeftEndsUngraded() {
        PromptState entered = enter(ALONE, candidate("small", "4")).state();

        Step step =
                stage(ALONE)
                        .expired(
                                entered,
                                entered.calls().getFirst(),
                                Expiry.DEADLINE,
                                NOW.plusSeconds(1));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(only(step).verdicts())
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE);
    }

    @Test
    void promptThatIsNotSampledIsNotCompared() {
        CheckPolicy never =
                new CheckPolicy(
                        List.of(),
                        List.of(),
                        ALONE.panel(),
                        ALONE.agreement(),
                        ALONE.rubric(),
                        List.of(),
                        7,
                        0,
                        false);

        Step step = enter(never, candidate("small", "4"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(Grader.gradeOf(never, only(step))).isEqualTo(new Grade.Unchecked());
    }

    @Test
    void failingModelIsWaitedForWhereNoJudgeServes() {
        assertThat(elsewhere(ALONE, _ -> true)).isEmpty();
        assertThat(elsewhere(BEFORE_A_JUDGE, _ -> false)).isEmpty();
    }

    @Test
    void judgesAreAskedWhileTheModelFails() {
        assertThat(elsewhere(BEFORE_A_JUDGE, _ -> true).orElseThrow().state().calls())
                .extracting(Call::purpose)
                .containsExactly(Purpose.CHECK);
    }

    /// A quorum of three is one of each where only two judges may judge.
    @Test
    void panelServesWhereAllDoWhoMayJudge() {
        CheckPolicy two = agreement("one", "two", "costly");
        CheckPolicy panel =
                new CheckPolicy(
                        two.rules(),
                        two.judges(),
                        new Panel(Panel.Kind.MEDIAN, 3),
                        two.agreement(),
                        two.rubric(),
                        two.criteria(),
                        two.pass(),
                        two.sample(),
                        two.allowSelf());

        assertThat(elsewhere(panel, _ -> true)).isPresent();
        assertThat(elsewhere(panel, "two"::equals)).isEmpty();
    }

    @Test
    void judgesAreAskedWhereTheModelHadNoRoomOrIsTooDear() {
        PromptState entered = enter(BEFORE_A_JUDGE, candidate("small", "4")).state();
        Call opinion = entered.calls().getFirst();
        CheckStage stage = stage(BEFORE_A_JUDGE);

        Step waited = stage.expired(entered, opinion, Expiry.LONGEST_WAIT, NOW);
        Step dear = stage.tooDear(entered, opinion, "usd_per_day", NOW);
        Step late = stage.expired(entered, opinion, Expiry.DEADLINE, NOW);

        assertThat(waited.state().calls()).extracting(Call::purpose).containsExactly(Purpose.CHECK);
        assertThat(dear.state().calls()).extracting(Call::purpose).containsExactly(Purpose.CHECK);
        assertThat(late).isInstanceOf(Step.Done.class);
    }

    private static Optional<Step> elsewhere(CheckPolicy policy, Predicate<String> usable) {
        PromptState entered = enter(policy, candidate("small", "4")).state();
        CallError away = new CallError(FailureCode.PROVIDER_ERROR, "away");
        return stage(policy).elsewhere(entered, entered.calls().getFirst(), away, usable, NOW);
    }

    private static CheckPolicy agreement(String model, String... judges) {
        CheckPolicy policy = judges(judges);
        return new CheckPolicy(
                policy.rules(),
                policy.judges(),
                policy.panel(),
                Optional.of(new CheckPolicy.Agreement(model, Optional.empty())),
                policy.rubric(),
                policy.criteria(),
                policy.pass(),
                policy.sample(),
                policy.allowSelf());
    }

    private static Step asked(CheckPolicy policy, Candidate candidate, String own) {
        PromptState entered = enter(policy, candidate).state();
        return end(policy, entered, AgreementCheck.SLOT, says(own));
    }

    private static Step enter(CheckPolicy policy, Candidate... candidates) {
        return stage(policy).enter(state(policy, new PromptSample(), candidates), NOW);
    }

    private static PromptState state(
            CheckPolicy policy, PromptSample sample, Candidate... candidates) {
        return sample.admitted()
                .assigned(route("r", cascade("small"), policy), plan("small"))
                .withCandidates(List.of(candidates));
    }

    private static Candidate only(Step step) {
        assertThat(step.state().candidates()).hasSize(1);
        return step.state().candidates().getFirst();
    }
}
