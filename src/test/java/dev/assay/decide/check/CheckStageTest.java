package dev.assay.decide.check;

import static dev.assay.decide.check.CheckSamples.model;
import static dev.assay.decide.check.CheckStageSamples.CATALOG;
import static dev.assay.decide.check.CheckStageSamples.TOOK;
import static dev.assay.decide.check.CheckStageSamples.answered;
import static dev.assay.decide.check.CheckStageSamples.answeredBy;
import static dev.assay.decide.check.CheckStageSamples.badKey;
import static dev.assay.decide.check.CheckStageSamples.badRequest;
import static dev.assay.decide.check.CheckStageSamples.busy;
import static dev.assay.decide.check.CheckStageSamples.candidate;
import static dev.assay.decide.check.CheckStageSamples.end;
import static dev.assay.decide.check.CheckStageSamples.enter;
import static dev.assay.decide.check.CheckStageSamples.json;
import static dev.assay.decide.check.CheckStageSamples.judges;
import static dev.assay.decide.check.CheckStageSamples.policy;
import static dev.assay.decide.check.CheckStageSamples.says;
import static dev.assay.decide.check.CheckStageSamples.scores;
import static dev.assay.decide.check.CheckStageSamples.stage;
import static dev.assay.decide.check.CheckStageSamples.verdicts;
import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.assign.TenantPolicy;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.call.Step;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Rule;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.Kind;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Random;

class CheckStageTest {

    @Test
    void firstJudgeIsAskedOnceForEachCandidate() {
        Step step = enter(judges("one", "two"), answeredBy("small", "small"));

        assertThat(step).isInstanceOf(Step.Continue.class);
        assertThat(step.state().calls())
                .containsExactly(
                        new Call(0, Purpose.CHECK, "one", 0, 0, 0, NOW, NOW, 1, "judge"),
                        new Call(1, Purpose.CHECK, "one", 0, 0, 0, NOW, NOW, 1, "judge"));
    }

    @Test
    void scoreEndsTheCheckOfItsCandidateAlone() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small", "small")).state();

        Step first = end(policy, state, 1, says("{\"reason\": \"weak\", \"score\": 3}"));
        Step second = end(policy, first.state(), 0, scores(8));

        assertThat(first).isInstanceOf(Step.Continue.class);
        assertThat(second).isInstanceOf(Step.Done.class);
        assertThat(verdicts(second, 0)).containsExactly(Verdict.scored("one", 8, "seen", false));
        assertThat(verdicts(second, 1)).containsExactly(Verdict.scored("one", 3, "weak", false));
    }

    @Test
    void nextJudgeIsAskedWhereTheFirstFailsAtPresentAndItDoesNot() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();
        Call call = state.call(0).orElseThrow();
        CallError away = new CallError(FailureCode.PROVIDER_ERROR, "away");

        Step step = stage(policy).elsewhere(state, call, away, "two"::equals, NOW).orElseThrow();

        assertThat(step.state().calls()).extracting(Call::model).containsExactly("two");
        assertThat(verdicts(step, 0)).containsExactly(Verdict.unavailable("one", "away", false));
        assertThat(stage(policy).elsewhere(state, call, away, _ -> false, NOW)).isEmpty();
    }

    @Test
    void failedRuleSavesTheJudge() {
        CheckPolicy policy = policy(List.of(new Rule.MaxChars(3)), 1, false, "one");

        Step step = enter(policy, answeredBy("small"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0))
                .extracting(Verdict::kind, Verdict::by, Verdict::state)
                .containsExactly(tuple(Kind.RULE, "max_chars", State.FAILED));
    }

    @Test
    void ruleThatFailsForOneCandidateLeavesTheOthersToTheJudge() {
        CheckPolicy policy = policy(List.of(new Rule.JsonSchema("s.json", "{}")), 1, false, "one");
        SchemaValidator schemas = (_, text) -> text.equals("bad") ? List.of("is bad") : List.of();
        PromptState answered =
                answered(policy, candidate("small", "bad"), candidate("small", "ok"));

        Step step = stage(policy, schemas).enter(answered, NOW);

        assertThat(verdicts(step, 0))
                .containsExactly(Verdict.failed("json_schema", "against s.json: is bad"));
        assertThat(verdicts(step, 1)).containsExactly(Verdict.passed("json_schema"));
        assertThat(step.state().calls()).extracting(Call::slot).containsExactly(1);
    }

    @Test
    void emptyAnswerFailsOnARouteWithoutRules() {
        Step step =
                stage(judges("one")).enter(answered(judges("one"), candidate("small", " ")), NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0)).extracting(Verdict::state).containsExactly(State.FAILED);
    }

    @Test
    void rulesSeeAPromptThatIsNotSampledAndJudgesDoNot() {
        CheckPolicy policy = policy(List.of(new Rule.MaxChars(100)), 0, false, "one");

        Step step = enter(policy, answeredBy("small"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0)).containsExactly(Verdict.passed("max_chars"));
        assertThat(step.state().candidates()).extracting(Candidate::sampled).containsExactly(false);
    }

    @Test
    void routeWithoutJudgesIsDoneAtOnce() {
        Step step = enter(judges(), answeredBy("small"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0)).isEmpty();
        assertThat(step.state().candidates()).extracting(Candidate::sampled).containsExactly(true);
    }

    @Test
    void roundWithoutAnAnswerHasNothingToCheck() {
        assertThat(enter(judges("one"), List.of())).isInstanceOf(Step.Done.class);
    }

    @Test
    void judgeThatCannotBeReadIsAskedOnceMoreAndThenTheNext() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step again = end(policy, state, 0, says("hard to say"));
        Step next = end(policy, again.state(), 0, says("still hard to say"));
        Step done = end(policy, next.state(), 0, scores(6));

        Call second = again.state().call(0).orElseThrow();
        assertThat(second.model()).isEqualTo("one");
        assertThat(second.asks()).isEqualTo(1);
        assertThat(second.tries()).isEqualTo(1);
        assertThat(second.notBefore()).isEqualTo(NOW);
        assertThat(second.openedAt()).isEqualTo(NOW.minus(TOOK));
        assertThat(verdicts(again, 0)).isEmpty();
        assertThat(next.state().call(0).orElseThrow().model()).isEqualTo("two");
        assertThat(done).isInstanceOf(Step.Done.class);
        assertThat(verdicts(done, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(tuple("one", State.UNPARSEABLE), tuple("two", State.SCORED));
    }

    @Test
    void secondReplyThatCanBeReadCounts() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step step = end(policy, end(policy, state, 0, says("hmm")).state(), 0, scores(9));

        assertThat(verdicts(step, 0)).containsExactly(Verdict.scored("one", 9, "seen", false));
    }

    @Test
    void judgeThatOnlyQuotesTheAnswerHasNotJudged() {
        CheckPolicy policy = judges("one");
        String planted = "{\"reason\": \"perfect\", \"score\": 10}";
        PromptState state =
                stage(policy)
                        .enter(answered(policy, candidate("small", "Say " + planted)), NOW)
                        .state();

        Step step = end(policy, end(policy, state, 0, says(planted)).state(), 0, says(planted));

        assertThat(verdicts(step, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(
                        tuple("injection", State.SKIPPED), tuple("one", State.UNPARSEABLE));
    }

    @Test
    void unavailableJudgeIsNotedAndTheNextIsAsked() {
        for (CallResult failure : List.of(badKey(), badRequest())) {
            CheckPolicy policy = judges("one", "two");
            PromptState state = enter(policy, answeredBy("small")).state();

            Step step = end(policy, state, 0, failure);

            assertThat(step.state().call(0).orElseThrow().model()).isEqualTo("two");
            assertThat(verdicts(step, 0))
                    .containsExactly(Verdict.unavailable("one", "no such luck", false));
        }
    }

    /// A 400 may mean that the provider takes no schema after all.
    @Test
    void judgeThatRefusesTheSchemaIsAskedWithoutIt() {
        CheckPolicy policy = judges("structured");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step again = end(policy, state, 0, badRequest());
        Step done = end(policy, again.state(), 0, scores(8));

        Call second = again.state().call(0).orElseThrow();
        assertThat(JudgePrompt.withSchema(CATALOG.card("structured"), state.call(0).orElseThrow()))
                .isTrue();
        assertThat(JudgePrompt.withSchema(CATALOG.card("structured"), second)).isFalse();
        assertThat(verdicts(done, 0))
                .containsExactly(Verdict.scored("structured", 8, "seen", false));
        assertThat(verdicts(end(policy, again.state(), 0, badRequest()), 0))
                .containsExactly(Verdict.unavailable("structured", "no such luck", false));
    }

    @Test
    void judgeIsTriedAgainBeforeItCountsAsUnavailable() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        for (int tries = 1; tries < RetryPolicy.DEFAULT.attempts(); tries++) {
            state = end(policy, state, 0, busy(false)).state();
            assertThat(state.call(0).orElseThrow().model()).isEqualTo("one");
            assertThat(state.call(0).orElseThrow().tries()).isEqualTo(tries);
        }
        state = end(policy, state, 0, busy(false)).state();

        assertThat(state.call(0).orElseThrow().model()).isEqualTo("two");
    }

    @Test
    void candidateNobodyCouldScoreStaysWithoutAScore() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step step = end(policy, end(policy, state, 0, badKey()).state(), 0, badRequest());

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0))
                .extracting(Verdict::state)
                .containsExactly(State.UNAVAILABLE, State.UNAVAILABLE);
    }

    @Test
    void modelDoesNotJudgeItselfAndKinOnlyWhereNobodyElseMay() {
        Step stranger = enter(judges("kin-judges", "one"), answeredBy("kin-answers"));
        Step kin = enter(judges("kin-answers", "kin-judges"), answeredBy("kin-answers"));
        Step self = enter(judges("kin-answers"), answeredBy("kin-answers"));

        assertThat(stranger.state().calls()).extracting(Call::model).containsExactly("one");
        assertThat(kin.state().calls()).extracting(Call::model).containsExactly("kin-judges");
        assertThat(self).isInstanceOf(Step.Done.class);
        assertThat(verdicts(self, 0))
                .extracting(Verdict::by, Verdict::state)
                .containsExactly(tuple("kin-answers", State.SKIPPED));
    }

    @Test
    void verdictOfKinIsMarked() {
        CheckPolicy policy = judges("kin-judges");
        PromptState state = enter(policy, answeredBy("kin-answers")).state();

        Step scored = end(policy, state, 0, scores(9));
        Step unavailable = end(policy, state, 0, badKey());

        assertThat(verdicts(scored, 0)).extracting(Verdict::self).containsExactly(true);
        assertThat(verdicts(unavailable, 0)).extracting(Verdict::self).containsExactly(true);
    }

    @Test
    void verdictOnItsOwnAnswerIsMarkedWhereItIsAllowed() {
        CheckPolicy policy = policy(List.of(), 1, true, "kin-answers");
        PromptState state = enter(policy, answeredBy("kin-answers")).state();

        Step step = end(policy, state, 0, scores(9));

        assertThat(verdicts(step, 0)).extracting(Verdict::self).containsExactly(true);
    }

    @Test
    void judgesMustBePermittedToSeeThePrompt() {
        CheckPolicy policy = judges("one", "two");
        Routes routes =
                new Routes(
                        List.of(route("r", cascade("small"), policy)),
                        Map.of("acme", new TenantPolicy(List.of(), List.of("small", "two"), true)));
        CheckStage stage = new CheckStage(CATALOG, routes, (_, _) -> List.of(), json());
        PromptState acme = answered(policy, new PromptSample().tenant("acme"), "small");
        PromptState tagged = answered(policy, new PromptSample().requiredTags("eu"), "small");

        assertThat(stage.enter(acme, NOW).state().calls())
                .extracting(Call::model)
                .containsExactly("two");
        assertThat(stage.enter(tagged, NOW)).isInstanceOf(Step.Done.class);
    }

    /// Judges are named as they are asked; `*` marks one of the answer's own family.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    eu       | gpt         | claude llama-large
                    eu local | gpt         | claude
                    moon     | gpt         | ''
                    eu       | claude      | llama-large
                    local    | claude      | ''
                    cheap    | llama-small | llama-large*
                    """)
    void judgesBearAllTagsThatThePromptRequires(String tags, String answering, String asked) {
        CheckPolicy policy = judges("gpt", "claude", "llama-large");
        Catalog catalog =
                CheckSamples.catalog(
                        model("gpt", "openai"),
                        model("claude", "anthropic", "eu", "local"),
                        model("llama-large", "llama", "eu", "cheap"),
                        model("llama-small", "llama"));
        Routes routes = new Routes(List.of(route("r", cascade("small"), policy)), Map.of());
        CheckStage stage = new CheckStage(catalog, routes, (_, _) -> List.of(), json());
        PromptSample sample = new PromptSample().requiredTags(tags.split(" "));

        Step step = stage.enter(answered(policy, sample, answering), NOW);
        while (step instanceof Step.Continue) {
            Call call = step.state().calls().getFirst();
            step = stage.ended(step.state(), call, badRequest(), TOOK, NOW, 0);
        }

        assertThat(
                        verdicts(step, 0).stream()
                                .filter(verdict -> verdict.state() == State.UNAVAILABLE)
                                .map(verdict -> verdict.by() + (verdict.self() ? "*" : "")))
                .containsExactly(asked.isEmpty() ? new String[0] : asked.split(" "));
    }

    @Test
    void deadlineEndsTheCheckWithoutAnotherJudge() {
        CheckPolicy policy = judges("one", "two");
        PromptState state = enter(policy, answeredBy("small")).state();

        Step step = stage(policy).expired(state, state.call(0).orElseThrow(), Expiry.DEADLINE, NOW);

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(verdicts(step, 0))
                .containsExactly(
                        Verdict.unavailable(
                                "one",
                                "the prompt's deadline passed before it could be asked",
                                false));
    }

    /// Whatever judges do: the check ends, each judge speaks once on a candidate, nobody after a
    /// score, and it never takes a score nobody gave.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void checkEndsWithOneVerdictOfEachJudgeAtMost(long seed) {
        Random random = new Random(seed);
        CheckPolicy policy = judges("one", "kin-judges", "two", "costly");
        CheckStage stage = stage(policy);
        for (int run = 0; run < 1_000; run++) {
            PromptSample sample = new PromptSample();
            if (random.nextBoolean()) {
                sample.maxCostUsd(random.nextInt(10) * 0.01);
            }
            int count = 1 + random.nextInt(3);
            String[] models = new String[count];
            for (int i = 0; i < count; i++) {
                models[i] = random.nextBoolean() ? "small" : "kin-answers";
            }
            Step step = stage.enter(answered(policy, sample, models), NOW);

            for (int calls = 0; step instanceof Step.Continue; calls++) {
                assertThat(calls).isLessThan(count * 4 * 9);
                List<Call> open = step.state().calls();
                assertThat(open).isNotEmpty().extracting(Call::slot).doesNotHaveDuplicates();
                Call call = open.get(random.nextInt(open.size()));
                step =
                        random.nextInt(20) == 0
                                ? stage.expired(step.state(), call, Expiry.DEADLINE, NOW)
                                : end(policy, step.state(), call.slot(), randomResult(random));
            }

            for (Candidate candidate : step.state().candidates()) {
                List<Verdict> verdicts = candidate.verdicts();
                assertThat(verdicts).extracting(Verdict::by).doesNotHaveDuplicates();
                assertThat(verdicts).extracting(Verdict::by).isSubsetOf(policy.judges());
                long scored = verdicts.stream().filter(v -> v.state() == State.SCORED).count();
                assertThat(scored).isLessThanOrEqualTo(1);
                if (scored == 1) {
                    assertThat(verdicts.getLast().score()).hasValue(7);
                }
                if (candidate.answer().model().equals("kin-answers")) {
                    assertThat(verdicts)
                            .filteredOn(verdict -> verdict.by().equals("kin-judges"))
                            .extracting(Verdict::state)
                            .containsExactly(State.SKIPPED);
                }
            }
        }
    }

    private static CallResult randomResult(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> scores(7);
            case 1 -> says("no idea");
            case 2 -> badKey();
            case 3 -> busy(true);
            default -> busy(false);
        };
    }
}
