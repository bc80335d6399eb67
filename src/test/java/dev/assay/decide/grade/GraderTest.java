package dev.assay.decide.grade;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Attempt;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Grade;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Result;
import dev.assay.model.Samples;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

class GraderTest {

    private static final CheckPolicy JUDGED = Samples.judges("judge", "other");
    private static final CheckPolicy UNJUDGED = Samples.judges();

    /// Verdicts are told in short: `+` a rule passed, `-` it failed, `s` it was skipped, `?` a
    /// judge could not be read, `!` it could not be reached, a number is a score.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    judged   | true  | 8     | 8
                    judged   | true  | 10    | 10
                    judged   | true  | + 3   | 3
                    judged   | true  | ? 7   | 7
                    judged   | true  | ! 7   | 7
                    judged   | true  | s 7.5 | 7.5
                    judged   | true  | -     | 0
                    judged   | true  | + -   | 0
                    judged   | true  | - 9   | 0
                    judged   | false | -     | 0
                    judged   | true  |       | ungraded
                    judged   | true  | +     | ungraded
                    judged   | true  | ? !   | ungraded
                    judged   | true  | + ?   | ungraded
                    judged   | false |       | unchecked
                    judged   | false | +     | unchecked
                    unjudged | true  |       | rules passed
                    unjudged | true  | + s   | rules passed
                    unjudged | true  | + -   | 0
                    """)
    void verdictsAmountToAGrade(
            String policy, boolean sampled, @Nullable String verdicts, String grade) {
        Candidate candidate =
                new Candidate(candidate("m", 0).answer(), verdicts(verdicts), sampled);

        Grade actual = Grader.gradeOf(policy.equals("judged") ? JUDGED : UNJUDGED, candidate);

        assertThat(actual).isEqualTo(grade(grade));
    }

    @ParameterizedTest
    @CsvSource({"1, FLAGGED", "6.9, FLAGGED", "7, GRADED", "7.1, GRADED", "10, GRADED"})
    void gradeAtTheBarPasses(double score, Result.Outcome outcome) {
        PromptState state = lastRound(scored("b", 1, score));

        Result.Answered result = ended(state);

        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(result.grade()).isEqualTo(new Grade.Scored(score));
    }

    @Test
    void weakAnswerEscalatesWhileAModelIsLeft() {
        PromptState state = round(1, "a").withCandidates(List.of(scored("a", 0, 3)));

        Outcome outcome = grader(JUDGED).decide(state, Knowledge.NONE);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Escalated.class,
                        escalated -> {
                            assertThat(escalated.state().best()).contains(scored("a", 0, 3));
                            assertThat(escalated.state().candidates()).isEmpty();
                            assertThat(escalated.state().attempts())
                                    .extracting(Attempt::grade)
                                    .containsExactly(OptionalDouble.of(3));
                        });
    }

    @Test
    void weakAnswerOfTheLastModelIsFlagged() {
        Result.Answered result = ended(lastRound(scored("b", 1, 3)));

        assertThat(result.outcome()).isEqualTo(Result.Outcome.FLAGGED);
        assertThat(result.returned().answer().model()).isEqualTo("b");
    }

    /// Grades of the earlier rounds' best and of this round's two answers, and whose is returned.
    @ParameterizedTest
    @CsvSource({
        "5, 3, 2, best",
        "3, 5, 2, first",
        "3, 2, 5, second",
        "5, 5, 2, first",
        "5, 2, 5, second",
        "5, 5, 5, second",
        "3, 8, 9, second",
        "3, 9, 8, first",
        "-, ?, -, first",
        "?, -, -, best",
        "?, ?, 1, second",
        "1, ?, -, best",
    })
    void bestOfAllRoundsIsReturnedAndOfEqualsTheLater(
            String best, String first, String second, String returned) {
        PromptState state =
                lastRound(graded("b", 1, first), graded("b", 1, second))
                        .withBest(Optional.of(graded("a", 0, best)));

        Result.Answered result = ended(state);

        Candidate expected =
                switch (returned) {
                    case "best" -> state.best().orElseThrow();
                    case "first" -> state.candidates().getFirst();
                    default -> state.candidates().getLast();
                };
        assertThat(result.returned()).isSameAs(expected);
        assertThat(result.state().best()).containsSame(expected);
    }

    @Test
    void ofEqualsTheOneWhoseModelHasClearlyBetterScorecardsIsReturned() {
        PromptState state = lastRound(scored("b", 1, 3)).withBest(Optional.of(scored("a", 0, 3)));

        assertThat(returned(state, known(60, 50))).isEqualTo("a");
        assertThat(returned(state, known(60, 58))).isEqualTo("b");
        assertThat(returned(state.withCandidates(List.of(scored("b", 1, 4))), known(60, 50)))
                .isEqualTo("b");
    }

    private static String returned(PromptState state, Knowledge knowledge) {
        Outcome outcome = grader(JUDGED).decide(state, knowledge);
        return ((Outcome.Ended) outcome).result().returned().answer().model();
    }

    /// So many of 60 answers of either model passed.
    private static Knowledge known(int ofA, int ofB) {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < 60; i++) {
            cards.add(
                    new Observation(
                            "p" + i,
                            new Scope("r", Optional.empty()),
                            Optional.empty(),
                            Optional.empty(),
                            "",
                            1,
                            List.of(tried("a", i < ofA), tried("b", i < ofB))));
        }
        return Knowledge.of(cards.all());
    }

    private static Observation.Try tried(String model, boolean passed) {
        return new Observation.Try(
                model,
                1,
                true,
                OptionalDouble.of(passed ? 9 : 2),
                Optional.of(passed),
                "judge",
                JUDGED.rubricKey(),
                0,
                0,
                0.001,
                OptionalDouble.empty(),
                10);
    }

    @Test
    void answerIsFlaggedAndNotEscalatedWhileTheJudgesAreAway() {
        PromptState state =
                round(1, "a")
                        .withCandidates(
                                List.of(
                                        candidate(
                                                "a",
                                                0,
                                                Verdict.unavailable("judge", "", false),
                                                Verdict.unavailable("other", "", false))));

        Result.Answered result = ended(state);

        assertThat(result.outcome()).isEqualTo(Result.Outcome.FLAGGED);
        assertThat(result.grade()).isEqualTo(new Grade.Ungraded());
        assertThat(result.state().attempts())
                .extracting(Attempt::grade)
                .containsExactly(OptionalDouble.empty());
    }

    @Test
    void answerThatConfusesItsJudgesEscalates() {
        PromptState state = round(1, "a").withCandidates(List.of(graded("a", 0, "?")));

        assertThat(grader(JUDGED).decide(state, Knowledge.NONE))
                .isInstanceOf(Outcome.Escalated.class);
    }

    @Test
    void oneGradeBelowTheBarEscalatesWhateverTheOthersHave() {
        PromptState state =
                round(1, "a").withCandidates(List.of(graded("a", 0, "?"), graded("a", 0, "2")));

        assertThat(grader(JUDGED).decide(state, Knowledge.NONE))
                .isInstanceOf(Outcome.Escalated.class);
    }

    @Test
    void failedRuleEscalates() {
        PromptState state =
                round(1, "a")
                        .withCandidates(List.of(candidate("a", 0, Verdict.failed("regex", ""))));

        assertThat(grader(JUDGED).decide(state, Knowledge.NONE))
                .isInstanceOf(Outcome.Escalated.class);
        assertThat(grader(UNJUDGED).decide(state, Knowledge.NONE))
                .isInstanceOf(Outcome.Escalated.class);
    }

    @Test
    void roundWithoutAnAnswerGoesOnWithTheBestOfEarlierOnes() {
        PromptState unanswered = round(1, "a").withBest(Optional.of(scored("a", 0, 4)));
        PromptState last = lastRound().withBest(Optional.of(scored("a", 0, 4)));

        assertThat(grader(JUDGED).decide(unanswered, Knowledge.NONE))
                .isInstanceOf(Outcome.Escalated.class);
        assertThat(ended(last).returned()).isEqualTo(scored("a", 0, 4));
    }

    /// Or nobody waits for it any more, as when its job was cancelled.
    @ParameterizedTest
    @ValueSource(strings = {"deadline_exceeded", "cancelled"})
    void promptThatRanOutOfTimeGoesThroughNoFurtherRound(String status) {
        PromptState state =
                new PromptSample()
                        .admitted()
                        .assigned(route("r", cascade("a", "b")), plan("a"))
                        .plusAttempt(attempt(1, "a", status))
                        .withBest(Optional.of(scored("earlier", 0, 4)));

        assertThat(ended(state).outcome()).isEqualTo(Result.Outcome.FLAGGED);
    }

    @Test
    void promptWithoutAnyAnswerCannotBeGraded() {
        assertThatThrownBy(() -> grader(JUDGED).decide(round(1, "a"), Knowledge.NONE))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void promptThatWasNotSampledIsGradedWithoutAGrade() {
        Candidate unsampled = new Candidate(candidate("a", 0).answer(), List.of(), false);

        Result.Answered result = ended(round(1, "a").withCandidates(List.of(unsampled)));

        assertThat(result.outcome()).isEqualTo(Result.Outcome.GRADED);
        assertThat(result.grade()).isEqualTo(new Grade.Unchecked());
    }

    @Test
    void gradesGoToTheAttemptsThatWonThem() {
        PromptState state =
                round(1, "a")
                        .plusAttempt(attempt(1, "x", "timeout"))
                        .plusAttempt(attempt(1, "b"))
                        .withCandidates(List.of(scored("b", 2, 9), scored("a", 0, 4)));

        assertThat(ended(state).state().attempts())
                .extracting(Attempt::grade)
                .containsExactly(
                        OptionalDouble.of(4), OptionalDouble.empty(), OptionalDouble.of(9));
    }

    /// Whatever the verdicts: costs stay as they are, nothing graded is below the bar, nothing is
    /// returned that another answer beats, and an escalated prompt has somewhere to go.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void outcomeFollowsFromTheBestGrade(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            CheckPolicy policy = random.nextBoolean() ? JUDGED : UNJUDGED;
            boolean sampled = random.nextInt(4) > 0;
            List<Candidate> candidates = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                candidates.add(
                        new Candidate(candidate("a", 0).answer(), randomVerdicts(random), sampled));
            }
            PromptState before = random.nextBoolean() ? round(1, "a") : lastRound();
            PromptState state =
                    before.withCandidates(candidates)
                            .withSpend(before.spend().plus(Purpose.CHECK, 0.5, Usage.NONE));

            switch (grader(policy).decide(state, Knowledge.NONE)) {
                case Outcome.Ended ended -> {
                    Result.Answered result = ended.result();
                    assertThat(result.state().spend()).isEqualTo(state.spend());
                    assertThat(candidates).contains(result.returned());
                    double returned = worth(policy, result.grade());
                    assertThat(candidates)
                            .allSatisfy(
                                    other ->
                                            assertThat(worth(policy, Grader.gradeOf(policy, other)))
                                                    .isLessThanOrEqualTo(returned));
                    assertThat(result.outcome() == Result.Outcome.GRADED).isEqualTo(returned >= 7);
                }
                case Outcome.Escalated escalated -> {
                    assertThat(escalated.state().spend()).isEqualTo(state.spend());
                    assertThat(escalated.state().best()).isPresent();
                    assertThat(state.round()).isEqualTo(1);
                }
            }
        }
    }

    private static double worth(CheckPolicy policy, Grade grade) {
        return switch (grade) {
            case Grade.Scored scored -> scored.score();
            case Grade.Agreement agreement -> agreement.agreed() ? policy.pass() : 0.5;
            case Grade.Ungraded _ -> 0.5;
            case Grade.Unchecked _, Grade.RulesPassed _ -> policy.pass();
        };
    }

    private static List<Verdict> randomVerdicts(Random random) {
        List<String> all = List.of("+", "-", "s", "?", "!", "3", "6", "7", "9");
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return verdicts(some.isEmpty() ? null : String.join(" ", some));
    }

    private static Grader grader(CheckPolicy policy) {
        Catalog catalog = catalog(card("a"), card("b"));
        Routes routes = new Routes(List.of(route("r", cascade("a", "b"), policy)), Map.of());
        return new Grader(routes, new Assigner(catalog, routes, ChatRequest::json));
    }

    private static Result.Answered ended(PromptState state) {
        Outcome outcome = grader(JUDGED).decide(state, Knowledge.NONE);
        assertThat(outcome).isInstanceOf(Outcome.Ended.class);
        return ((Outcome.Ended) outcome).result();
    }

    private static PromptState round(int round, String model) {
        return new PromptSample()
                .admitted()
                .assigned(route("r", cascade("a", "b")), plan(model))
                .plusAttempt(attempt(round, model));
    }

    /// Both models of the route were tried.
    private static PromptState lastRound(Candidate... candidates) {
        return round(1, "a")
                .assigned(route("r", cascade("a", "b")), plan("b"))
                .plusAttempt(attempt(2, "b"))
                .withCandidates(List.of(candidates));
    }

    private static Candidate scored(String model, int attempt, double score) {
        return candidate(model, attempt, Verdict.scored("judge", score, "", false));
    }

    private static Candidate graded(String model, int attempt, String grade) {
        return new Candidate(candidate(model, attempt).answer(), verdicts(grade), true);
    }

    private static List<Verdict> verdicts(@Nullable String verdicts) {
        return verdicts == null
                ? List.of()
                : Arrays.stream(verdicts.split(" ")).map(GraderTest::verdict).toList();
    }

    private static Verdict verdict(String verdict) {
        return switch (verdict) {
            case "+" -> Verdict.passed("rule");
            case "-" -> Verdict.failed("rule", "broken");
            case "s" -> Verdict.skipped("rule", "no reference");
            case "?" -> Verdict.unparseable("judge", "", false);
            case "!" -> Verdict.unavailable("judge", "", false);
            default -> Verdict.scored("judge", Double.parseDouble(verdict), "", false);
        };
    }

    private static Grade grade(String grade) {
        return switch (grade) {
            case "ungraded" -> new Grade.Ungraded();
            case "unchecked" -> new Grade.Unchecked();
            case "rules passed" -> new Grade.RulesPassed();
            default -> new Grade.Scored(Double.parseDouble(grade));
        };
    }
}
