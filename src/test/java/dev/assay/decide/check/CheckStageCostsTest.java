package dev.assay.decide.check;

import static dev.assay.decide.check.CheckStageSamples.answered;
import static dev.assay.decide.check.CheckStageSamples.answeredBy;
import static dev.assay.decide.check.CheckStageSamples.busy;
import static dev.assay.decide.check.CheckStageSamples.candidate;
import static dev.assay.decide.check.CheckStageSamples.end;
import static dev.assay.decide.check.CheckStageSamples.enter;
import static dev.assay.decide.check.CheckStageSamples.judges;
import static dev.assay.decide.check.CheckStageSamples.policy;
import static dev.assay.decide.check.CheckStageSamples.says;
import static dev.assay.decide.check.CheckStageSamples.scores;
import static dev.assay.decide.check.CheckStageSamples.stage;
import static dev.assay.decide.check.CheckStageSamples.verdicts;
import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.call.Step;
import dev.assay.model.Call;
import dev.assay.model.CheckPolicy;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;

import java.util.List;

class CheckStageCostsTest {

    @Test
    void judgeTheBudgetDoesNotPayForIsPassedOver() {
        CheckPolicy policy = judges("costly", "free");
        PromptState state = answered(policy, new PromptSample().maxCostUsd(0.0099), "small");

        Step step = stage(policy).enter(state, NOW);

        assertThat(step.state().calls()).extracting(Call::model).containsExactly("free");
        assertThat(verdicts(step, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(tuple("costly", State.UNAVAILABLE));
        assertThat(verdicts(step, 0).getFirst().reason()).contains("budget");
    }

    @Test
    void budgetCountsTheVerdictsThatAreUnderWay() {
        CheckPolicy policy = judges("costly");
        PromptState two = answered(policy, new PromptSample().maxCostUsd(0.019), "small", "small");
        PromptState three =
                answered(policy, new PromptSample().maxCostUsd(0.02), "small", "small", "small");

        assertThat(stage(policy).enter(two, NOW).state().calls()).hasSize(1);
        assertThat(stage(policy).enter(three, NOW).state().calls()).hasSize(2);
    }

    @Test
    void verdictIsPricedByWhatTheJudgeReadsNotByThePromptAlone() {
        CheckPolicy policy = judges("one");
        PromptSample sample = new PromptSample().maxOutputTokens(1).maxCostUsd(0.05);
        PromptState brief = answered(policy, sample, "small");
        PromptState lengthy =
                brief.withCandidates(List.of(candidate("small", "word ".repeat(40_000))));

        assertThat(stage(policy).enter(brief, NOW)).isInstanceOf(Step.Continue.class);
        assertThat(verdicts(stage(policy).enter(lengthy, NOW), 0))
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE);
    }

    @Test
    void noJudgeIsAskedOnceMoreWhereTheBudgetIsSpent() {
        CheckPolicy policy = judges("costly");
        PromptState state =
                stage(policy)
                        .enter(answered(policy, new PromptSample().maxCostUsd(0.015), "small"), NOW)
                        .state();

        Step unread = end(policy, state, 0, says("hmm"));
        Step timedOut = end(policy, state, 0, busy(true));
        Step busy = end(policy, state, 0, busy(false));

        assertThat(verdicts(unread, 0))
                .extracting(Verdict::state)
                .containsExactly(State.UNPARSEABLE);
        assertThat(verdicts(timedOut, 0))
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE);
        assertThat(busy).isInstanceOf(Step.Continue.class);
    }

    @Test
    void everyReplyIsPaidUnderCheck() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        state = end(policy, state, 0, says("hmm")).state();
        state = end(policy, state, 0, says("hmm")).state();
        state = end(policy, state, 0, scores(8)).state();

        assertThat(state.spend().checkUsd()).isCloseTo(3 * 0.0015, within(1e-12));
        assertThat(state.spend().answerUsd()).isZero();
        assertThat(state.spend().uncertainUsd()).isZero();
        assertThat(state.spend().usage()).isEqualTo(new Usage(3_000, 0, 150, 0, false));
        assertThat(state.attempts()).isEmpty();
    }

    @Test
    void failureThatMayHaveBeenBilledIsCountedUnderCheck() {
        CheckPolicy policy = judges("costly");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step step = end(policy, state, 0, busy(true));

        assertThat(step.state().spend().checkUsd()).isEqualTo(0.01);
        assertThat(step.state().spend().uncertainUsd()).isEqualTo(0.01);
    }
}
