package dev.assay.decide.grade;

import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Assignment;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.assign.Standings;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Attempt;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Grade;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Route;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/// Turns verdicts into grades and grades into one outcome: pass, escalate or flag.
public final class Grader {

    private final Routes routes;
    private final Assigner assigner;
    private final Standings standings;

    public Grader(Routes routes, Assigner assigner) {
        this.routes = routes;
        this.assigner = assigner;
        this.standings = new Standings(routes);
    }

    /// The outcome of the round whose candidates are in the state.
    ///
    /// @throws NoSuchElementException if no round has a candidate; such a prompt failed before
    public Outcome decide(PromptState state, Knowledge knowledge) {
        CheckPolicy policy = routes.require(state).check();
        Candidate best =
                Stream.concat(state.best().stream(), state.candidates().stream())
                        .reduce((former, later) -> better(state, former, later, knowledge))
                        .orElseThrow();
        Grade grade = gradeOf(policy, best);
        PromptState graded = withGrades(state, policy).withBest(Optional.of(best));
        if (passes(policy, grade)) {
            return ended(graded, best, grade, Result.Outcome.GRADED);
        }
        if (judgesWereAway(policy, state.candidates()) || outOfTime(state)) {
            return ended(graded, best, grade, Result.Outcome.FLAGGED);
        }
        return switch (assigner.assign(graded, knowledge)) {
            case Assignment.Assigned _ -> new Outcome.Escalated(graded.withCandidates(List.of()));
            case Assignment.Refused _ -> ended(graded, best, grade, Result.Outcome.FLAGGED);
        };
    }

    /// The end of a prompt that cannot go on: the best answer of the rounds before, flagged; or the
    /// failure where there is none.
    public Result cutShort(PromptState state, Failure failure) {
        CheckPolicy policy = routes.of(state).map(Route::check).orElse(CheckPolicy.NONE);
        return state.best()
                .<Result>map(
                        best ->
                                new Result.Answered(
                                        state, best, gradeOf(policy, best), Result.Outcome.FLAGGED))
                .orElseGet(() -> new Result.Failed(state, failure));
    }

    /// The grade that the verdicts on a candidate amount to. A failed rule is a 0 whatever judges
    /// said; a failed comparison of final answers is no number, and does not pass.
    public static Grade gradeOf(CheckPolicy policy, Candidate candidate) {
        List<Verdict> verdicts = candidate.verdicts();
        if (has(verdicts, Verdict.Kind.RULE, State.FAILED)) {
            return new Grade.Scored(0);
        }
        if (has(verdicts, Verdict.Kind.AGREEMENT, State.FAILED)) {
            return new Grade.Agreement(false);
        }
        List<Double> scores =
                verdicts.stream()
                        .filter(verdict -> verdict.state() == State.SCORED)
                        .map(verdict -> verdict.score().orElseThrow())
                        .toList();
        OptionalDouble score = PanelGrade.of(policy, mayJudge(policy, verdicts), scores);
        if (score.isPresent()) {
            return new Grade.Scored(score.getAsDouble());
        }
        if (policy.agreed(candidate)) {
            return new Grade.Agreement(true);
        }
        if (!policy.asksModels()) {
            return new Grade.RulesPassed();
        }
        return candidate.sampled() ? new Grade.Ungraded() : new Grade.Unchecked();
    }

    private static boolean has(List<Verdict> verdicts, Verdict.Kind kind, State state) {
        return verdicts.stream()
                .anyMatch(verdict -> verdict.kind() == kind && verdict.state() == state);
    }

    /// How many judges of the route may judge the answer; each that may not has a verdict that says
    /// so.
    private static int mayJudge(CheckPolicy policy, List<Verdict> verdicts) {
        long barred =
                verdicts.stream()
                        .filter(
                                verdict ->
                                        verdict.kind() == Verdict.Kind.JUDGE
                                                && verdict.state() == State.SKIPPED)
                        .count();
        return policy.judges().size() - (int) barred;
    }

    /// No judge of this round could be reached. A stronger model would find the same judges away,
    /// so an outage of theirs would send every prompt through the dearest models there are. A judge
    /// that was reached and made no sense is another matter: it may of the next answer.
    private static boolean judgesWereAway(CheckPolicy policy, List<Candidate> candidates) {
        return !candidates.isEmpty()
                && candidates.stream()
                        .allMatch(
                                candidate ->
                                        gradeOf(policy, candidate) instanceof Grade.Ungraded
                                                && candidate.verdicts().stream()
                                                        .noneMatch(
                                                                verdict ->
                                                                        verdict.state()
                                                                                == State
                                                                                        .UNPARSEABLE));
    }

    /// The deadline passed in this round, or nobody waits for the prompt any more: another would
    /// find the same, model after model.
    private static boolean outOfTime(PromptState state) {
        Set<String> expired =
                Set.of(FailureCode.DEADLINE_EXCEEDED.code(), FailureCode.CANCELLED.code());
        return state.attempts().stream()
                .anyMatch(
                        attempt ->
                                attempt.round() == state.round()
                                        && expired.contains(attempt.status()));
    }

    private static boolean passes(CheckPolicy policy, Grade grade) {
        return switch (grade) {
            case Grade.Scored scored -> scored.score() >= policy.pass();
            case Grade.Agreement agreement -> agreement.agreed();
            case Grade.RulesPassed _, Grade.Unchecked _ -> true;
            case Grade.Ungraded _ -> false;
        };
    }

    /// The better one by grade. A judge may err, so of equals the one whose model has clearly
    /// better scorecards; where they do not tell, the later, which came from the model chosen
    /// later.
    private Candidate better(
            PromptState state, Candidate former, Candidate later, Knowledge knowledge) {
        Route route = routes.require(state);
        int order = byGrade(route.check()).compare(former, later);
        if (order != 0) {
            return order > 0 ? former : later;
        }
        String other = later.answer().model();
        List<String> models = List.of(former.answer().model(), other);
        String best = standings.ranked(state, route, models, knowledge).getLast();
        return best.equals(other) ? later : former;
    }

    /// Best last. An answer nobody could grade is worth more than one known to be worthless, and
    /// less than any with a score.
    private static Comparator<Candidate> byGrade(CheckPolicy policy) {
        return Comparator.comparingDouble(
                candidate ->
                        switch (gradeOf(policy, candidate)) {
                            case Grade.Scored scored -> scored.score();
                            case Grade.Agreement agreement ->
                                    agreement.agreed() ? policy.pass() : Double.MIN_VALUE;
                            case Grade.Ungraded _ -> Double.MIN_VALUE;
                            case Grade.RulesPassed _, Grade.Unchecked _ -> policy.pass();
                        });
    }

    private static PromptState withGrades(PromptState state, CheckPolicy policy) {
        List<Attempt> attempts = new ArrayList<>(state.attempts());
        for (Candidate candidate : state.candidates()) {
            int index = candidate.answer().attempt();
            attempts.set(index, attempts.get(index).withGrade(gradeOf(policy, candidate).value()));
        }
        return state.withAttempts(attempts);
    }

    private static Outcome ended(
            PromptState state, Candidate best, Grade grade, Result.Outcome outcome) {
        return new Outcome.Ended(new Result.Answered(state, best, grade, outcome));
    }
}
