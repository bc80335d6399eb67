package dev.assay.decide.call;

import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Answer;
import dev.assay.model.Attempt;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Spend;
import dev.assay.model.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/// Calls the models of the plan and gathers their answers; where one cannot be reached, the next
/// fallback. Where the plan is an ensemble's, its members are waited for only so long, and another
/// model may make one answer of theirs.
public final class AnswerStage implements StageLogic {

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;
    private final Gathering gathering;

    public AnswerStage(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
        this.gathering = new Gathering(catalog, routes);
    }

    @Override
    public Step enter(PromptState state, Knowledge knowledge, Instant now) {
        List<Plan.Pick> picks = state.plan().orElseThrow().picks();
        List<Call> calls = new ArrayList<>();
        for (int slot = 0; slot < picks.size(); slot++) {
            calls.add(Call.first(slot, Purpose.ANSWER, picks.get(slot), now));
        }
        return new Step.Continue(state.withCalls(calls));
    }

    @Override
    public Step ended(
            PromptState state,
            Call call,
            CallResult result,
            Duration took,
            Instant now,
            double dice) {
        return switch (result) {
            case Answered answered -> answered(state, call, answered, took, now);
            case TryAgain failure -> tryAgain(state, call, failure, took, now, dice);
            case GiveUpOnModel failure -> fallBack(state, call, failure.error(), took, now);
            case GiveUpOnPrompt failure -> fallBack(state, call, failure.error(), took, now);
        };
    }

    @Override
    public Step expired(PromptState state, Call call, Expiry why, Instant now) {
        CallError error =
                switch (why) {
                    case DEADLINE ->
                            new CallError(
                                    FailureCode.DEADLINE_EXCEEDED,
                                    "the prompt's deadline passed before "
                                            + call.model()
                                            + " could be called; allow more time");
                    case LONGEST_WAIT ->
                            new CallError(
                                    FailureCode.TIMEOUT,
                                    call.model()
                                            + " had no room, or failed, for as long as engine.max_wait"
                                            + " allows; see its limits and its provider");
                    case ENOUGH_WAITED ->
                            new CallError(
                                    FailureCode.TIMEOUT,
                                    "other answers came, and the route waits no longer for "
                                            + call.model());
                    case CANCELLED -> new CallError(FailureCode.CANCELLED, "its job was cancelled");
                    case JOB_OVER_BUDGET ->
                            new CallError(
                                    FailureCode.OVER_BUDGET,
                                    "the max_cost_usd of its job is used up");
                };
        return notTried(state, call, error, now);
    }

    @Override
    public Step tooDear(PromptState state, Call call, String budget, Instant now) {
        String message = "calling " + call.model() + " may exceed " + budget;
        return notTried(state, call, new CallError(FailureCode.OVER_BUDGET, message), now);
    }

    private Step notTried(PromptState state, Call call, CallError error, Instant now) {
        return close(
                state.plusAttempt(failed(state, call, error, Duration.ZERO, call.tries())),
                call,
                error,
                now);
    }

    @Override
    public PromptState besides(PromptState state, Call call, int tries) {
        return state.withSpend(
                state.spend().plusUncertain(Purpose.ANSWER, tries * usd(state, call)));
    }

    @Override
    public boolean affordsBeside(PromptState state, Call call) {
        return (!routes.binds(state) || state.calls().size() == 1)
                && affords(state, usd(state, call));
    }

    private Step answered(
            PromptState state, Call call, Answered answered, Duration took, Instant now) {
        Usage usage = answered.completion().usage();
        double costUsd = answered.shared() ? 0 : catalog.card(call.model()).price().costUsd(usage);
        Attempt attempt =
                new Attempt(
                        state.round(),
                        call.model(),
                        Attempt.ANSWERED,
                        OptionalDouble.empty(),
                        took,
                        call.tries() + 1,
                        usage,
                        costUsd,
                        call.propensity(),
                        call.why());
        Answer answer =
                new Answer(
                        call.model(),
                        state.attempts().size(),
                        answered.completion(),
                        costUsd,
                        took);
        boolean fused = call.purpose() == Purpose.FUSE;
        List<Candidate> candidates = new ArrayList<>(fused ? List.of() : state.candidates());
        candidates.add(Candidate.unchecked(answer));
        PromptState next =
                state.plusAttempt(attempt)
                        .withCandidates(candidates)
                        .withSpend(state.spend().plus(Purpose.ANSWER, costUsd, usage))
                        .closeCall(call.slot());
        return fused ? new Step.Done(next) : goOn(gathering.answered(next, took, now), now);
    }

    private Step tryAgain(
            PromptState state,
            Call call,
            TryAgain failure,
            Duration took,
            Instant now,
            double dice) {
        RetryPolicy policy = catalog.card(call.model()).retry();
        Spend spend = state.spend();
        PromptState billed =
                failure.billed()
                        ? state.withSpend(spend.plusUncertain(Purpose.ANSWER, usd(state, call)))
                        : state;
        Optional<Call> again =
                Retries.next(call, failure, policy, state.prompt().constraints(), took, now, dice);
        if (again.isEmpty()) {
            return fallBack(billed, call, failure.error(), took, now);
        }
        return affords(billed.closeCall(call.slot()), usd(billed, call))
                ? new Step.Continue(billed.replaceCall(again.get()))
                : fallBack(billed, call, tooDear(billed, failure.error()), took, now);
    }

    private Step fallBack(
            PromptState state, Call call, CallError error, Duration took, Instant now) {
        PromptState noted = state.plusAttempt(failed(state, call, error, took, call.tries() + 1));
        List<String> left = fallbacks(noted, call);
        return left.stream()
                .filter(model -> affords(noted.closeCall(call.slot()), usd(noted, model)))
                .findFirst()
                .map(model -> fallback(call, model, error, now))
                .<Step>map(fallback -> new Step.Continue(noted.replaceCall(fallback)))
                .orElseGet(
                        () ->
                                close(
                                        noted,
                                        call,
                                        left.isEmpty() ? error : tooDear(noted, error),
                                        now));
    }

    /// The budget keeps a prompt from another try.
    private CallError tooDear(PromptState state, CallError last) {
        return last.code() == FailureCode.OVER_BUDGET
                ? last
                : new CallError(
                        FailureCode.OVER_BUDGET,
                        "another try may exceed %s; the last came to this: %s: %s"
                                .formatted(
                                        routes.budgetInWords(state),
                                        last.code().code(),
                                        last.message()));
    }

    @Override
    public Optional<Step> elsewhere(
            PromptState state, Call call, CallError error, Predicate<String> usable, Instant now) {
        PromptState noted =
                state.plusAttempt(failed(state, call, error, Duration.ZERO, call.tries()));
        return fallbacks(noted, call).stream()
                .filter(usable)
                .filter(model -> affords(noted.closeCall(call.slot()), usd(noted, model)))
                .findFirst()
                .map(
                        model ->
                                new Step.Continue(
                                        noted.replaceCall(fallback(call, model, error, now))));
    }

    private static Call fallback(Call call, String model, CallError error, Instant now) {
        String why = "takes over from " + call.model() + ": " + error.code().code();
        return Call.first(
                call.slot(), Purpose.ANSWER, new Plan.Pick(model, call.propensity(), why), now);
    }

    /// Nobody takes over from the model that makes one answer of several.
    private List<String> fallbacks(PromptState noted, Call call) {
        PromptState state = noted.closeCall(call.slot());
        List<String> fallbacks =
                call.purpose() == Purpose.FUSE
                        ? List.of()
                        : state.plan().map(Plan::fallbacks).orElse(List.of());
        return fallbacks.stream()
                .filter(catalog::has)
                .filter(
                        model ->
                                state.attempts().stream()
                                        .noneMatch(
                                                attempt ->
                                                        attempt.round() == state.round()
                                                                && attempt.model().equals(model)))
                .filter(
                        model ->
                                state.calls().stream()
                                        .noneMatch(open -> open.model().equals(model)))
                .toList();
    }

    /// True where the budget has room for so much more beside the calls that are open.
    private boolean affords(PromptState state, double moreUsd) {
        double openUsd = state.calls().stream().mapToDouble(open -> usd(state, open)).sum();
        return routes.affords(state, openUsd + moreUsd);
    }

    @Override
    public double usd(PromptState state, Call call) {
        return call.purpose() == Purpose.FUSE
                ? gathering.fusionUsd(state, call.model())
                : usd(state, call.model());
    }

    private double usd(PromptState state, String model) {
        return catalog.find(model).map(card -> reckoning.answerUsd(state, card)).orElse(0.0);
    }

    /// A pick came to nothing. What the others of this or earlier rounds found is still worth
    /// having.
    private Step close(PromptState state, Call call, CallError error, Instant now) {
        PromptState closed = state.closeCall(call.slot());
        if (call.purpose() == Purpose.FUSE) {
            return new Step.Done(closed);
        }
        boolean answered = !closed.candidates().isEmpty() || closed.best().isPresent();
        return answered || !closed.calls().isEmpty()
                ? goOn(closed, now)
                : new Step.Failed(closed, new Failure(error.code(), error.message()));
    }

    private Step goOn(PromptState state, Instant now) {
        PromptState next = state.calls().isEmpty() ? gathering.complete(state, now) : state;
        return next.calls().isEmpty() ? new Step.Done(next) : new Step.Continue(next);
    }

    private static Attempt failed(
            PromptState state, Call call, CallError error, Duration took, int tries) {
        return new Attempt(
                state.round(),
                call.model(),
                error.code().code(),
                OptionalDouble.empty(),
                took,
                tries,
                Usage.NONE,
                0,
                call.propensity(),
                call.why());
    }
}
