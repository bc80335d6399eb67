package dev.assay.decide.check;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.assign.Standings;
import dev.assay.decide.call.Retries;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.Step;
import dev.assay.decide.check.Judges.Judge;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Completion;
import dev.assay.model.Panel;
import dev.assay.model.Preference.Choice;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Route;
import dev.assay.model.Strategy;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Checks the candidates of a round: the rules at once, then a comparison with another model's own
/// answer where the route has one, then the judges: one after the other until one gives a score, or
/// all of a panel at once.
///
/// A judge whose reply cannot be read is asked once more; one that cannot be reached or read is
/// noted as that, and where judges are asked in turn the next is asked. Neither is ever a score. A
/// panel asks nobody where the budget cannot bear its quorum, and gives up a judge that fails once
/// the quorum is reached or out of reach.
public final class CheckStage implements StageLogic {

    /// How often a judge is asked for a verdict that can be read.
    private static final int MAX_ASKS = 2;

    private final Catalog catalog;
    private final Routes routes;
    private final SchemaValidator schemas;
    private final JsonObjects json;
    private final VerdictReader reader;
    private final Standings standings;
    private final Bench bench;
    private final JudgeCalls judges;
    private final PairCheck pairs;
    private final AgreementCheck agreement;

    public CheckStage(Catalog catalog, Routes routes, SchemaValidator schemas, JsonObjects json) {
        this.catalog = catalog;
        this.routes = routes;
        this.schemas = schemas;
        this.json = json;
        this.reader = new VerdictReader(json);
        this.standings = new Standings(routes);
        this.bench = new Bench(catalog, routes);
        this.judges = new JudgeCalls(routes, bench);
        this.pairs = new PairCheck(catalog, routes, bench);
        this.agreement = new AgreementCheck(catalog, routes);
    }

    @Override
    public Step enter(PromptState state, Knowledge knowledge, Instant now) {
        CheckPolicy policy = routes.require(state).check();
        List<Candidate> ruled = new ArrayList<>();
        for (Candidate candidate : state.candidates()) {
            List<Verdict> verdicts =
                    AnswerRules.check(policy, state.prompt(), candidate.answer(), schemas);
            boolean sampled =
                    Judges.explored(state, candidate)
                            || Judges.sampled(policy, state.prompt().id());
            ruled.add(new Candidate(candidate.answer(), verdicts, sampled));
        }
        PromptState settled = settled(state.withCandidates(ruled), knowledge);
        return goOn(whenPicked(pairs.begin(settled, now), now));
    }

    /// Goes on to the check of what is picked, unless judges are still asked about that.
    private PromptState whenPicked(PromptState state, Instant now) {
        if (!state.calls().isEmpty()) {
            return state;
        }
        PromptState compared = agreement.begin(state, now);
        return compared.calls().isEmpty() ? judgeAll(compared, now) : compared;
    }

    private PromptState settled(PromptState state, Knowledge knowledge) {
        Route route = routes.require(state);
        return route.strategy() instanceof Strategy.Ensemble ensemble
                        && state.strategy().equals(ensemble.label())
                        && !state.candidates().isEmpty()
                ? EnsembleCheck.settle(
                        state,
                        ensemble,
                        standings.ranked(state, route, EnsembleCheck.models(state), knowledge))
                : state;
    }

    /// Opens the calls to judges that the candidates need.
    private PromptState judgeAll(PromptState state, Instant now) {
        CheckPolicy policy = routes.require(state).check();
        PromptState next = state;
        for (int index = 0; index < state.candidates().size(); index++) {
            Candidate candidate = state.candidates().get(index);
            if (candidate.sampled() && !candidate.failed() && !policy.agreed(candidate)) {
                next = judges.begin(next, index, now);
            }
        }
        return next;
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
            case Answered answered -> answered(state, call, answered.completion(), took, now);
            case TryAgain failure -> tryAgain(state, call, failure, took, now, dice);
            case GiveUpOnModel failure -> unavailable(state, call, failure.error(), now);
            case GiveUpOnPrompt failure -> refused(state, call, failure, took, now);
        };
    }

    @Override
    public Step expired(PromptState state, Call call, Expiry why, Instant now) {
        String reason =
                switch (why) {
                    case DEADLINE -> "the prompt's deadline passed before it could be asked";
                    case LONGEST_WAIT ->
                            "it had no room, or failed, for as long as engine.max_wait allows";
                    case ENOUGH_WAITED -> "it was waited for no longer";
                    case CANCELLED -> "the job was cancelled before it could be asked";
                    case JOB_OVER_BUDGET -> "the max_cost_usd of the job is used up";
                };
        return call.purpose() == Purpose.OPINION && why == Expiry.LONGEST_WAIT
                ? judgedInstead(state, call, reason, now)
                : notAsked(state, call, reason, now);
    }

    @Override
    public Step tooDear(PromptState state, Call call, String budget, Instant now) {
        String reason = "asking it may exceed " + budget;
        return call.purpose() == Purpose.OPINION
                ? judgedInstead(state, call, reason, now)
                : notAsked(state, call, reason, now);
    }

    /// The other model could not be asked whether it agrees, so judges are.
    private Step judgedInstead(PromptState state, Call call, String reason, Instant now) {
        return goOn(judgeAll(agreement.unavailable(state, call, reason), now));
    }

    private Step notAsked(PromptState state, Call call, String reason, Instant now) {
        if (call.purpose() == Purpose.OPINION) {
            return goOn(agreement.unavailable(state, call, reason));
        }
        if (call.purpose() == Purpose.COMPARE) {
            return goOn(whenPicked(pairs.gone(state, call, State.UNAVAILABLE, reason), now));
        }
        return goOn(
                note(
                                state,
                                call,
                                Verdict.unavailable(call.model(), reason, bench.self(state, call)))
                        .closeCall(call.slot()));
    }

    @Override
    public PromptState besides(PromptState state, Call call, int tries) {
        double usd = tries * usd(state, call);
        return state.withSpend(state.spend().plusUncertain(Purpose.CHECK, usd));
    }

    @Override
    public boolean affordsBeside(PromptState state, Call call) {
        return (!routes.binds(state) || state.calls().size() == 1) && affordsMore(state, call);
    }

    private boolean affordsMore(PromptState state, Call call) {
        double openUsd = state.calls().stream().mapToDouble(open -> usd(state, open)).sum();
        return routes.affords(state, openUsd + usd(state, call));
    }

    @Override
    public double usd(PromptState state, Call call) {
        return switch (call.purpose()) {
            case OPINION -> agreement.usd(state, call.model());
            case COMPARE -> pairs.usd(state, call);
            case ANSWER, FUSE, CHECK ->
                    bench.usd(state, Bench.candidate(state, call), call.model());
        };
    }

    private Step answered(
            PromptState state, Call call, Completion completion, Duration took, Instant now) {
        Usage usage = completion.usage();
        double costUsd = catalog.card(call.model()).price().costUsd(usage);
        PromptState paid = state.withSpend(state.spend().plus(Purpose.CHECK, costUsd, usage));
        if (call.purpose() == Purpose.OPINION) {
            return goOn(judgeAll(agreement.answered(paid, call, completion), now));
        }
        if (call.purpose() == Purpose.COMPARE) {
            return compared(paid, call, completion, took, now);
        }
        Reading reading =
                reader.read(
                        completion.text(),
                        material(state, call),
                        routes.require(state).check().criteria());
        return switch (reading) {
            case Reading.Read read ->
                    goOn(
                            note(
                                            paid,
                                            call,
                                            Verdict.scored(
                                                    call.model(),
                                                    read.score(),
                                                    read.reason(),
                                                    bench.self(state, call)))
                                    .closeCall(call.slot()));
            case Reading.Unreadable unreadable ->
                    call.asks() + 1 < MAX_ASKS && matters(paid, call) && affordsAgain(paid, call)
                            ? new Step.Continue(paid.replaceCall(call.askAgain(took, now)))
                            : next(
                                    paid,
                                    call,
                                    Verdict.unparseable(
                                            call.model(),
                                            unreadable.why(),
                                            bench.self(state, call)),
                                    now);
        };
    }

    private Step compared(
            PromptState paid, Call call, Completion completion, Duration took, Instant now) {
        Optional<Choice> choice = PairPrompt.read(json, completion.text());
        if (choice.isPresent()) {
            return goOn(whenPicked(pairs.answered(paid, call, choice.get()), now));
        }
        if (call.asks() + 1 < MAX_ASKS && affordsAgain(paid, call)) {
            return new Step.Continue(paid.replaceCall(call.askAgain(took, now)));
        }
        String why = "its reply names no winner";
        return goOn(whenPicked(pairs.failed(paid, call, State.UNPARSEABLE, why, now), now));
    }

    private Step tryAgain(
            PromptState state,
            Call call,
            TryAgain failure,
            Duration took,
            Instant now,
            double dice) {
        RetryPolicy policy = catalog.card(call.model()).retry();
        double expectedUsd = usd(state, call);
        PromptState billed =
                failure.billed()
                        ? state.withSpend(state.spend().plusUncertain(Purpose.CHECK, expectedUsd))
                        : state;
        return Retries.next(call, failure, policy, state.prompt().constraints(), took, now, dice)
                .filter(_ -> matters(billed, call) && affordsAgain(billed, call))
                .<Step>map(again -> new Step.Continue(billed.replaceCall(again)))
                .orElseGet(() -> unavailable(billed, call, failure.error(), now));
    }

    /// A judge that was asked with a schema may be one whose provider takes none after all.
    private Step refused(
            PromptState state, Call call, GiveUpOnPrompt failure, Duration took, Instant now) {
        boolean withSchema =
                call.purpose() == Purpose.CHECK
                        && JudgePrompt.withSchema(catalog.card(call.model()), call)
                        && matters(state, call);
        return withSchema
                ? new Step.Continue(state.replaceCall(call.askAgain(took, now)))
                : unavailable(state, call, failure.error(), now);
    }

    private Step unavailable(PromptState state, Call call, CallError error, Instant now) {
        if (call.purpose() == Purpose.OPINION) {
            return judgedInstead(state, call, error.message(), now);
        }
        if (call.purpose() == Purpose.COMPARE) {
            return goOn(
                    whenPicked(
                            pairs.failed(state, call, State.UNAVAILABLE, error.message(), now),
                            now));
        }
        return next(
                state,
                call,
                Verdict.unavailable(call.model(), error.message(), bench.self(state, call)),
                now);
    }

    @Override
    public Optional<Step> elsewhere(
            PromptState state, Call call, CallError error, Predicate<String> usable, Instant now) {
        if (call.purpose() == Purpose.OPINION) {
            return judgesServe(state, usable)
                    ? Optional.of(unavailable(state, call, error, now))
                    : Optional.empty();
        }
        if (call.purpose() == Purpose.COMPARE) {
            return pairs.hasNext(state, call, usable)
                    ? Optional.of(unavailable(state, call, error, now))
                    : Optional.empty();
        }
        Stream<String> others =
                panel(state).kind() == Panel.Kind.FIRST
                        ? bench.unasked(state, Bench.candidate(state, call)).stream()
                                .map(Judge::model)
                        : Bench.open(state, call).map(Call::model);
        long serving =
                others.filter(judge -> !judge.equals(call.model()) && usable.test(judge)).count();
        return Bench.scores(state, call) + serving >= bench.needed(state, call)
                ? Optional.of(unavailable(state, call, error, now))
                : Optional.empty();
    }

    private boolean judgesServe(PromptState state, Predicate<String> usable) {
        return state.candidates().stream()
                .filter(candidate -> candidate.sampled() && !candidate.failed())
                .map(candidate -> bench.unasked(state, candidate))
                .allMatch(
                        judges ->
                                judges.stream().filter(judge -> usable.test(judge.model())).count()
                                        >= panel(state).needed(judges.size()));
    }

    private Step next(PromptState state, Call call, Verdict verdict, Instant now) {
        PromptState noted = note(state, call, verdict).closeCall(call.slot());
        return goOn(
                panel(state).kind() == Panel.Kind.FIRST
                        ? judges.askNext(noted, Seat.of(call.slot()).candidate(), now)
                        : noted);
    }

    /// Whether a further try of this judge can still decide: the panel has no quorum yet and can
    /// reach it. Judges that are asked in turn always matter.
    private boolean matters(PromptState state, Call call) {
        if (call.purpose() != Purpose.CHECK) {
            return true;
        }
        long scores = Bench.scores(state, call);
        long needed = bench.needed(state, call);
        return scores < needed && scores + Bench.open(state, call).count() >= needed;
    }

    private Panel panel(PromptState state) {
        return routes.require(state).check().panel();
    }

    private boolean affordsAgain(PromptState state, Call call) {
        return affordsMore(state.closeCall(call.slot()), call);
    }

    private static PromptState note(PromptState state, Call call, Verdict verdict) {
        return JudgeCalls.note(state, Seat.of(call.slot()).candidate(), List.of(verdict));
    }

    private static Step goOn(PromptState state) {
        return state.calls().isEmpty() ? new Step.Done(state) : new Step.Continue(state);
    }

    /// What the judge was shown and did not write.
    private static String material(PromptState state, Call call) {
        return JudgePrompt.answerText(Bench.candidate(state, call).answer().completion());
    }
}
