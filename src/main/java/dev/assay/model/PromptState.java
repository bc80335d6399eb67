package dev.assay.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything known of a prompt under way; what stores and the loop topic hold.
///
/// @param route the route's name; empty before the first assign
/// @param strategy the label of the strategy that assigned
/// @param round the assign round, from 1; 0 before the first
/// @param plan the models of this round
/// @param calls what this stage still needs; empty between stages
/// @param candidates this round's answers with their verdicts
/// @param attempts of all rounds
/// @param waitUntil when the members of an ensemble are waited for no longer
/// @param ballots this round's votes, where one answer had more of them than any other
/// @param opinions what models answered on their own for comparison, in any round
/// @param preferences what judges said of this round's candidates, two by two; empty once one is
///   picked
/// @param best the best candidate of earlier rounds
public record PromptState(
        Prompt prompt,
        String route,
        String strategy,
        int round,
        Optional<Plan> plan,
        List<Call> calls,
        List<Candidate> candidates,
        Optional<Instant> waitUntil,
        List<Ballot> ballots,
        List<Opinion> opinions,
        List<Preference> preferences,
        List<Attempt> attempts,
        Optional<Candidate> best,
        Spend spend)
        implements Waypoint {

    public PromptState {
        calls = List.copyOf(calls);
        candidates = List.copyOf(candidates);
        ballots = List.copyOf(ballots);
        opinions = List.copyOf(opinions);
        preferences = List.copyOf(preferences);
        attempts = List.copyOf(attempts);
    }

    /// A prompt that was just admitted.
    public static PromptState admitted(Prompt prompt) {
        return new PromptState(
                prompt,
                "",
                "",
                0,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Spend.NOTHING);
    }

    /// The next round begins with this plan.
    public PromptState assigned(Route byRoute, Plan newPlan) {
        return new PromptState(
                prompt,
                byRoute.name(),
                byRoute.strategy().label(),
                round + 1,
                Optional.of(newPlan),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                opinions,
                List.of(),
                attempts,
                best,
                spend);
    }

    /// The same prompt, sent once more after a failure.
    public PromptState withGeneration(int generation) {
        return new PromptState(
                prompt.withGeneration(generation),
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState withCalls(List<Call> newCalls) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                newCalls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState withCandidates(List<Candidate> newCandidates) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                newCandidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState withWaitUntil(Optional<Instant> newWaitUntil) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                newWaitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState withBallots(List<Ballot> newBallots) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                newBallots,
                opinions,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState plusOpinion(Opinion opinion) {
        List<Opinion> more = new ArrayList<>(opinions);
        more.add(opinion);
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                more,
                preferences,
                attempts,
                best,
                spend);
    }

    public PromptState withPreferences(List<Preference> newPreferences) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                newPreferences,
                attempts,
                best,
                spend);
    }

    /// What that model answered on its own, if it was asked.
    public Optional<Opinion> opinionOf(String model) {
        return opinions.stream().filter(opinion -> opinion.model().equals(model)).findFirst();
    }

    public PromptState withAttempts(List<Attempt> newAttempts) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                newAttempts,
                best,
                spend);
    }

    public PromptState withBest(Optional<Candidate> newBest) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                newBest,
                spend);
    }

    public PromptState withSpend(Spend newSpend) {
        return new PromptState(
                prompt,
                route,
                strategy,
                round,
                plan,
                calls,
                candidates,
                waitUntil,
                ballots,
                opinions,
                preferences,
                attempts,
                best,
                newSpend);
    }

    public PromptState plusAttempt(Attempt attempt) {
        List<Attempt> more = new ArrayList<>(attempts);
        more.add(attempt);
        return withAttempts(more);
    }

    /// The open call of a slot, if any.
    public Optional<Call> call(int slot) {
        return calls.stream().filter(call -> call.slot() == slot).findFirst();
    }

    public PromptState plusCall(Call call) {
        List<Call> more = new ArrayList<>(calls);
        more.add(call);
        return withCalls(more);
    }

    /// With the call of that slot replaced.
    public PromptState replaceCall(Call call) {
        return withCalls(
                calls.stream().map(open -> open.slot() == call.slot() ? call : open).toList());
    }

    /// Without the call of that slot.
    public PromptState closeCall(int slot) {
        return withCalls(calls.stream().filter(open -> open.slot() != slot).toList());
    }
}
