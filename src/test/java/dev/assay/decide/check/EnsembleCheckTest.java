package dev.assay.decide.check;

import static dev.assay.decide.check.CheckStageSamples.CATALOG;
import static dev.assay.decide.check.CheckStageSamples.json;
import static dev.assay.decide.check.CheckStageSamples.judges;
import static dev.assay.decide.check.CheckStageSamples.policy;
import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.completion;
import static dev.assay.model.Samples.route;
import static dev.assay.model.Samples.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.Step;
import dev.assay.decide.grade.Grader;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Answer;
import dev.assay.model.Ballot;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Grade;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Rule;
import dev.assay.model.Strategy;
import dev.assay.model.Strategy.Ensemble;
import dev.assay.model.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/// What judges see of an ensemble, and what passes.
class EnsembleCheckTest {

    private static final List<String> MODELS = List.of("small", "medium", "large");
    private static final EnsemblePick VOTE = new EnsemblePick.Vote(Optional.empty());
    private static final EnsemblePick BEST = new EnsemblePick.Best();

    /// The answers in the order of the models; a dash is one that never came.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    it is 4 | so 4    | 5       | medium | passed | 2 of 3 answers say `4`
                    it is 4 | 5       | so 4    | large  | passed | 2 of 3 answers say `4`
                    it is 4 | 5       | 6       | large  | passed | 1 of 3 answers say `6`
                    it is 4 | 5       | unknown | medium | passed | 1 of 3 answers say `5`
                    it is 4 | -       | so 4    | large  | passed | 2 of 2 answers say `4`
                    it is 4 | 5       | -       | medium | passed | 1 of 2 answers say `5`
                    it is 4 | -       | -       | small  | failed | 1 of 1 answers say `4`; the quorum is 2, and 1 count
                    ''      | ''      | 6       | large  | failed | 1 of 3 answers say `6`; the quorum is 2, and 1 count
                    ''      | ''      | ''      | large  | failed | none of 3 answers holds a final answer that can be told; the quorum is 2, and 0 count
                    """)
    void pluralityOfFinalAnswersWinsAndTheLastOfEquals(
            String one, String two, String three, String winner, String state, String reason) {
        Step step = enter(ensemble(VOTE, 2), judges("one"), answered(one, two, three));

        Candidate elected = only(step);
        assertThat(elected.answer().model()).isEqualTo(winner);
        assertThat(elected.verdicts())
                .filteredOn(verdict -> verdict.kind() == Verdict.Kind.AGREEMENT)
                .singleElement()
                .isEqualTo(
                        Verdict.compared(
                                "vote",
                                Verdict.State.valueOf(state.toUpperCase(Locale.ROOT)),
                                reason));
        boolean judged = state.equals("passed");
        assertThat(step.state().calls())
                .extracting(Call::model)
                .containsExactlyElementsOf(judged ? List.of("one") : List.of());
    }

    @Test
    void whoeverAnsweredFirstTheVoteIsTheSame() {
        List<Candidate> candidates = answered("4", "5", "6");
        Random random = new Random(7);

        for (int i = 0; i < 20; i++) {
            List<Candidate> shuffled = new ArrayList<>(candidates);
            Collections.shuffle(shuffled, random);

            Step step = enter(ensemble(VOTE, 2), judges("one"), shuffled);

            assertThat(only(step).answer().model()).isEqualTo("large");
        }
    }

    /// Of 40 answers of each member so many passed. A tie of three.
    @ParameterizedTest
    @CsvSource({
        "40, 0,  30, small",
        "40, 30, 0,  small",
        "0,  40, 30, medium",
        "30, 20, 40, large",
        "38, 36, 36, large",
        "40, 40, 40, large",
    })
    void tieGoesToWhomScorecardsShowToBeBestAtTheTimeOfTheVote(
            int small, int medium, int large, String winner) {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < 40; i++) {
            cards.add(observed("small", i < small, i));
            cards.add(observed("medium", i < medium, i));
            cards.add(observed("large", i < large, i));
        }

        Step step =
                enter(
                        ensemble(VOTE, 2),
                        judges("one"),
                        answered("4", "5", "6"),
                        Knowledge.of(cards.all()));

        assertThat(only(step).answer().model()).isEqualTo(winner);
    }

    @Test
    void majorityBeatsTheBestScorecard() {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < 40; i++) {
            cards.add(observed("small", true, i));
            cards.add(observed("medium", false, i));
            cards.add(observed("large", false, i));
        }

        Step step =
                enter(
                        ensemble(VOTE, 2),
                        judges("one"),
                        answered("4", "5", "5"),
                        Knowledge.of(cards.all()));

        assertThat(only(step).answer().completion().text()).isEqualTo("5");
    }

    @Test
    void scorecardsOfTooFewAnswersSayNothing() {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < 29; i++) {
            cards.add(observed("small", true, i));
            cards.add(observed("large", false, i));
        }

        Step step =
                enter(
                        ensemble(VOTE, 2),
                        judges("one"),
                        answered("4", "5", "6"),
                        Knowledge.of(cards.all()));

        assertThat(only(step).answer().model()).isEqualTo("large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    4  | 4 | 5 | + + -
                    5  | 4 | 4 | - + +
                    4  | 5 | 6 | ''
                    '' | 4 | 4 | ' + +'
                    4  | - | - | +
                    4  | 4 | - | + +
                    """)
    void whoVotedForTheWinnerIsKeptWhereTheVoteWasClear(
            String one, String two, String three, String ballots) {
        Step step = enter(ensemble(VOTE, 1), judges("one"), answered(one, two, three));

        List<Ballot> expected = new ArrayList<>();
        String[] votes = ballots.split(" ", -1);
        for (int attempt = 0; attempt < votes.length; attempt++) {
            if (!votes[attempt].isEmpty()) {
                expected.add(new Ballot(attempt, votes[attempt].equals("+")));
            }
        }
        assertThat(step.state().ballots()).isEqualTo(expected);
    }

    @Test
    void answerThatFailsARuleHasNoVote() {
        CheckPolicy short6 = policy(List.of(new Rule.MaxChars(6)), 1, false);

        Step step = enter(ensemble(VOTE, 1), short6, answered("so it is 4", "so it is 4", "5"));

        assertThat(only(step).answer().completion().text()).isEqualTo("5");
        assertThat(Grader.gradeOf(short6, only(step))).isEqualTo(new Grade.RulesPassed());
    }

    @Test
    void voteShortOfItsQuorumDoesNotPassAndIsNoZero() {
        Step step = enter(ensemble(VOTE, 3), CheckPolicy.NONE, answered("4", "4", "-"));

        assertThat(Grader.gradeOf(CheckPolicy.NONE, only(step)))
                .isEqualTo(new Grade.Agreement(false));
    }

    @Test
    void voteWithoutJudgesPassesByTheRules() {
        Step step = enter(ensemble(VOTE, 2), CheckPolicy.NONE, answered("4", "4", "5"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(Grader.gradeOf(CheckPolicy.NONE, only(step))).isEqualTo(new Grade.RulesPassed());
    }

    @Test
    void bestHasAllOfThemJudged() {
        Step step = enter(ensemble(BEST, 2), judges("one"), answered("4", "5", "6"));

        assertThat(step.state().candidates())
                .extracting(candidate -> candidate.answer().model())
                .containsExactly("small", "medium", "large");
        assertThat(step.state().calls()).extracting(Call::slot).containsExactly(0, 1, 2);
    }

    @Test
    void bestOfFewerThanTheQuorumDoesNotPassAndCostsNoJudge() {
        Step step = enter(ensemble(BEST, 2), judges("one"), answered("4", "-", "-"));

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(only(step).verdicts())
                .containsExactly(
                        Verdict.compared(
                                "quorum",
                                Verdict.State.FAILED,
                                "1 answer came; the quorum is 2, and 1 count"));
    }

    @Test
    void roundThatAnotherStrategyBeganIsCheckedAsThatOne() {
        Route now = route("r", ensemble(VOTE, 2), judges("one"));
        PromptState state =
                state(answered("4", "-", "-"))
                        .assigned(
                                route("r", new Strategy.Cascade(MODELS)), scatter(List.of("small")))
                        .withCandidates(answered("4", "-", "-"));

        Step step = stage(now).enter(state, NOW);

        assertThat(only(step).verdicts()).isEmpty();
        assertThat(step.state().calls()).hasSize(1);
    }

    private static Observation observed(String model, boolean passed, int number) {
        return new Observation(
                "p-" + number,
                new Scope("r", Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                "",
                1,
                List.of(
                        new Observation.Try(
                                model,
                                1,
                                true,
                                OptionalDouble.of(passed ? 9 : 2),
                                Optional.of(passed),
                                "judge",
                                judges("one").rubricKey(),
                                0,
                                0,
                                0.01,
                                OptionalDouble.empty(),
                                100)));
    }

    private static Ensemble ensemble(EnsemblePick pick, int quorum) {
        return new Ensemble(MODELS, 3, pick, quorum, Optional.empty());
    }

    private static List<Candidate> answered(
            @Nullable String one, @Nullable String two, @Nullable String three) {
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(one);
        texts.add(two);
        texts.add(three);
        List<Candidate> candidates = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            String text = texts.get(index) == null ? "" : texts.get(index);
            if (!"-".equals(text)) {
                candidates.add(
                        Candidate.unchecked(
                                new Answer(
                                        MODELS.get(index),
                                        candidates.size(),
                                        completion(text),
                                        0,
                                        Duration.ZERO)));
            }
        }
        return candidates;
    }

    private static Step enter(Ensemble ensemble, CheckPolicy policy, List<Candidate> candidates) {
        return enter(ensemble, policy, candidates, Knowledge.NONE);
    }

    private static Step enter(
            Ensemble ensemble,
            CheckPolicy policy,
            List<Candidate> candidates,
            Knowledge knowledge) {
        Route route = route("r", ensemble, policy);
        PromptState state = state(candidates).assigned(route, scatter(MODELS));
        for (Candidate candidate : candidates) {
            state = state.plusAttempt(attempt(state.round(), candidate.answer().model()));
        }
        return stage(route).enter(state.withCandidates(candidates), knowledge, NOW);
    }

    private static PromptState state(List<Candidate> candidates) {
        return new PromptSample().admitted().withCandidates(candidates);
    }

    private static CheckStage stage(Route route) {
        return new CheckStage(
                CATALOG, new Routes(List.of(route), Map.of()), (_, _) -> List.of(), json());
    }

    private static Candidate only(Step step) {
        assertThat(step.state().candidates()).hasSize(1);
        return step.state().candidates().getFirst();
    }
}
