package dev.assay.decide.grade;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.judges;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.model.Attempt;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Rule;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// What one answer teaches by how it was checked.
class ObservationsTest {

    private static final Verdict BROKEN = Verdict.failed("max_chars", "too long");
    private static final Verdict KEPT = Verdict.passed("max_chars");
    private static final CheckPolicy RULES =
            CheckPolicy.NONE.withRules(List.of(new Rule.MaxChars(100)));
    private static final CheckPolicy JUDGED = judges("judge").withRules(RULES.rules());
    private static final CheckPolicy AGREEING =
            CheckPolicy.NONE.withAgreement(
                    Optional.of(new CheckPolicy.Agreement("other", Optional.empty())));

    @Test
    void rulesAloneAreAllOrNothing() {
        assertThat(seen(RULES, true, KEPT).grade()).hasValue(10);
        assertThat(seen(RULES, true, KEPT).passed()).contains(true);
        assertThat(seen(RULES, true, BROKEN).grade()).hasValue(0);
        assertThat(seen(RULES, true, BROKEN).passed()).contains(false);
    }

    @Test
    void agreementIsAllOrNothing() {
        Verdict same = Verdict.compared("other", State.PASSED, "the same");
        Verdict another = Verdict.compared("other", State.FAILED, "another");

        assertThat(seen(AGREEING, true, same).grade()).hasValue(10);
        assertThat(seen(AGREEING, true, another).grade()).hasValue(0);
    }

    /// Where judges see one prompt in twenty, failures of the other nineteen would outweigh them.
    @Test
    void failedRuleTeachesNothingWhereJudgesWereNotDrawn() {
        assertThat(seen(JUDGED, false, BROKEN).grade()).isEmpty();
        assertThat(seen(JUDGED, false, BROKEN).passed()).isEmpty();
        assertThat(seen(JUDGED, true, BROKEN).grade()).hasValue(0);
        assertThat(seen(JUDGED, true, BROKEN).passed()).contains(false);
    }

    @Test
    void withoutACheckNothingIsLearnedOfAnswers() {
        assertThat(seen(CheckPolicy.NONE, true).grade()).isEmpty();
        assertThat(seen(CheckPolicy.NONE, true, BROKEN).grade()).isEmpty();
    }

    /// A tenant whose money is used up says nothing of the models that all tenants share.
    @Test
    void callThatWasNotMadeTeachesNothing() {
        for (String status : List.of("over_budget", "cancelled", "deadline_exceeded")) {
            assertThat(failedWith(status, 0)).as(status).isEmpty();
            assertThat(failedWith(status, 1)).as(status + " after a try").isPresent();
        }
        assertThat(failedWith("timeout", 0)).isPresent();
    }

    private static Optional<Observation> failedWith(String status, int tries) {
        Attempt one = attempt(1, "small", status);
        Attempt made =
                new Attempt(
                        one.round(),
                        one.model(),
                        one.status(),
                        one.grade(),
                        one.latency(),
                        tries,
                        one.usage(),
                        one.costUsd(),
                        one.propensity(),
                        one.why());
        PromptState state =
                new PromptSample()
                        .admitted()
                        .assigned(route("r", cascade("small"), JUDGED), plan("small"))
                        .withAttempts(List.of(made));
        return Observations.of(state, JUDGED, new Scope("r", Optional.empty()), "");
    }

    private static Observation.Try seen(CheckPolicy policy, boolean sampled, Verdict... verdicts) {
        Candidate answer = candidate("small", 0);
        PromptState state =
                new PromptSample()
                        .admitted()
                        .assigned(route("r", cascade("small"), policy), plan("small"))
                        .withAttempts(List.of(attempt(1, "small")))
                        .withCandidates(
                                List.of(
                                        new Candidate(
                                                answer.answer(), List.of(verdicts), sampled)));
        return Observations.of(state, policy, new Scope("r", Optional.empty()), "")
                .orElseThrow()
                .tries()
                .getFirst();
    }
}
