package dev.assay.decide.grade;

import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.model.Attempt;
import dev.assay.model.Ballot;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.Grade;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads from a prompt what its round showed of the models.
public final class Observations {

    private static final double BEST = 10;

    private static final Set<String> NOT_MADE =
            Set.of(
                    FailureCode.OVER_BUDGET.code(),
                    FailureCode.DEADLINE_EXCEEDED.code(),
                    FailureCode.CANCELLED.code());

    private Observations() {}

    /// What the round of this state showed: answers with what was said of them, and the tries that
    /// gave none. Empty where no model was asked.
    ///
    /// @param state with the round's candidates, as grading finds it; or without, where no model
    ///   answered
    /// @param text the beginning of the prompt, or nothing
    public static Optional<Observation> of(
            PromptState state, CheckPolicy policy, Scope scope, String text) {
        Prompt prompt = state.prompt();
        List<Observation.Try> tries = new ArrayList<>();
        for (int index = 0; index < state.attempts().size(); index++) {
            Attempt attempt = state.attempts().get(index);
            if (attempt.round() == state.round() && wasAsked(attempt)) {
                tries.add(
                        tryOf(
                                state,
                                policy,
                                attempt,
                                candidate(state, index),
                                byVote(state, policy, index)));
            }
        }
        return tries.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Observation(
                                prompt.id(),
                                scope,
                                prompt.labels().task(),
                                prompt.labels().tenant(),
                                text,
                                state.round(),
                                tries));
    }

    /// A call that a budget, a deadline or whoever cancelled it kept from being made says nothing
    /// of its model.
    private static boolean wasAsked(Attempt attempt) {
        return attempt.tries() > 0 || !NOT_MADE.contains(attempt.status());
    }

    /// Of a vote only the winner is judged. What says the same does as well; what says something
    /// else than an answer that passed does not pass.
    private static Optional<Boolean> byVote(PromptState state, CheckPolicy policy, int attempt) {
        Optional<Boolean> winner =
                state.candidates().stream()
                        .findFirst()
                        .filter(elected -> standsForAll(policy, elected))
                        .flatMap(elected -> passed(Grader.gradeOf(policy, elected), policy));
        return state.ballots().stream()
                .filter(ballot -> ballot.attempt() == attempt)
                .findFirst()
                .flatMap(
                        ballot ->
                                ballot.elected()
                                        ? winner
                                        : winner.filter(passed -> passed).map(_ -> false));
    }

    /// The winner of a tie won by its standing, and of the others nothing is known. Were ties
    /// counted for it alone, the best member would get the hard prompts and look worse than it is.
    private static boolean tied(PromptState state, List<Verdict> verdicts) {
        return state.ballots().isEmpty() && elected(verdicts);
    }

    private static boolean elected(List<Verdict> verdicts) {
        return verdicts.stream()
                .anyMatch(
                        verdict ->
                                verdict.kind() == Verdict.Kind.AGREEMENT
                                        && verdict.by().equals(Ballot.VOTE)
                                        && verdict.state() == State.PASSED);
    }

    private static Optional<Candidate> candidate(PromptState state, int attempt) {
        return state.candidates().stream()
                .filter(candidate -> candidate.answer().attempt() == attempt)
                .findFirst();
    }

    private static Observation.Try tryOf(
            PromptState state,
            CheckPolicy policy,
            Attempt attempt,
            Optional<Candidate> answer,
            Optional<Boolean> byVote) {
        Optional<Grade> grade =
                answer.filter(candidate -> standsForAll(policy, candidate))
                        .map(candidate -> Grader.gradeOf(policy, candidate));
        List<Verdict> verdicts = answer.map(Candidate::verdicts).orElse(List.of());
        return new Observation.Try(
                attempt.model(),
                attempt.propensity(),
                attempt.status().equals(Attempt.ANSWERED),
                grade.map(found -> points(policy, found, elected(verdicts)))
                        .orElse(OptionalDouble.empty()),
                grade.filter(_ -> !tied(state, verdicts))
                        .flatMap(found -> passed(found, policy))
                        .or(() -> byVote),
                judge(verdicts),
                policy.rubricKey(),
                count(verdicts, State.UNPARSEABLE),
                count(verdicts, State.UNAVAILABLE),
                attempt.costUsd(),
                answer.isPresent() ? checkUsd(state) : OptionalDouble.empty(),
                attempt.latency().toMillis());
    }

    /// Of prompts that judges were not drawn for, only failures are known, by rules. They are left
    /// out, as what is learned must stand for all prompts.
    private static boolean standsForAll(CheckPolicy policy, Candidate candidate) {
        return !policy.asksModels() || candidate.sampled();
    }

    /// What is learned of a grade, 0 to 10. One that is no score is all or nothing. Who wins a vote
    /// is not shown to be right, and without a check an answer is only known where it is none.
    private static OptionalDouble points(CheckPolicy policy, Grade grade, boolean elected) {
        return switch (grade) {
            case Grade.Scored scored when !policy.isNone() -> OptionalDouble.of(scored.score());
            case Grade.Agreement agreement when !elected ->
                    OptionalDouble.of(agreement.agreed() ? BEST : 0);
            case Grade.RulesPassed _ when !elected && !policy.isNone() -> OptionalDouble.of(BEST);
            default -> OptionalDouble.empty();
        };
    }

    private static Optional<Boolean> passed(Grade grade, CheckPolicy policy) {
        return switch (grade) {
            case Grade.Scored scored -> Optional.of(scored.score() >= policy.pass());
            case Grade.Agreement agreement -> Optional.of(agreement.agreed());
            case Grade.RulesPassed _ -> Optional.of(true);
            case Grade.Unchecked _, Grade.Ungraded _ -> Optional.empty();
        };
    }

    private static String judge(List<Verdict> verdicts) {
        String judges =
                verdicts.stream()
                        .filter(verdict -> verdict.state() == State.SCORED)
                        .map(Verdict::by)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("+"));
        boolean byRules =
                judges.isEmpty()
                        && verdicts.stream()
                                .anyMatch(verdict -> verdict.kind() == Verdict.Kind.RULE);
        return byRules ? ScoreKey.BY_RULES : judges;
    }

    private static int count(List<Verdict> verdicts, State state) {
        return (int) verdicts.stream().filter(verdict -> verdict.state() == state).count();
    }

    /// The checks of a round are paid together; those of a first round are known by themselves.
    private static OptionalDouble checkUsd(PromptState state) {
        long checked = state.candidates().stream().filter(Candidate::sampled).count();
        return state.round() == 1 && checked > 0
                ? OptionalDouble.of(state.spend().checkUsd() / checked)
                : OptionalDouble.empty();
    }
}
