package dev.assay.decide.check;

import dev.assay.decide.assign.Estimates;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.Retries;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.Step;
import dev.assay.decide.check.Judges.Judge;
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
import dev.assay.model.Plan;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Checks the candidates of a round: the rules at once, then one judge after the other until one
/// gives a score.
///
/// Slot i is candidate i. A judge whose reply cannot be read is asked once more; one that cannot be
/// reached or read is noted as that and the next is asked. Neither is ever a score.
public final class CheckStage implements StageLogic {

    /// How often a judge is asked for a verdict that can be read.
    private static final int MAX_ASKS = 2;

    private final Catalog catalog;
    private final Routes routes;
    private final SchemaValidator schemas;
    private final VerdictReader reader;

    public CheckStage(Catalog catalog, Routes routes, SchemaValidator schemas, JsonObjects json) {
        this.catalog = catalog;
        this.routes = routes;
        this.schemas = schemas;
        this.reader = new VerdictReader(json);
    }

    @Override
    public Step enter(PromptState state, Instant now) {
        CheckPolicy policy = routes.require(state).check();
        boolean sampled = Judges.sampled(policy, state.prompt().id());
        List<Candidate> ruled = new ArrayList<>();
        for (Candidate candidate : state.candidates()) {
            List<Verdict> verdicts =
                    AnswerRules.check(policy, state.prompt(), candidate.answer(), schemas);
            ruled.add(new Candidate(candidate.answer(), verdicts, sampled));
        }
        PromptState next = state.withCandidates(ruled);
        for (int slot = 0; slot < ruled.size(); slot++) {
            Candidate candidate = ruled.get(slot);
            boolean failed =
                    candidate.verdicts().stream()
                            .anyMatch(verdict -> verdict.state() == State.FAILED);
            if (!failed && sampled) {
                next =
                        judges(next, candidate).isEmpty()
                                ? passOver(next, slot, policy.judges())
                                : askNext(next, slot, now);
            }
        }
        return goOn(next);
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
            case GiveUpOnPrompt failure -> unavailable(state, call, failure.error(), now);
        };
    }

    @Override
    public Step expired(PromptState state, Call call, Expiry why, Instant now) {
        String reason =
                switch (why) {
                    case DEADLINE -> "the prompt's deadline passed before it could be asked";
                    case LONGEST_WAIT ->
                            "it had no room, or failed, for as long as engine.max_wait allows";
                };
        return goOn(
                note(state, call, Verdict.unavailable(call.model(), reason, self(state, call)))
                        .closeCall(call.slot()));
    }

    @Override
    public PromptState besides(PromptState state, Call call, int tries) {
        double usd = tries * usd(state, call.slot(), call.model());
        return state.withSpend(state.spend().plusUncertain(Purpose.CHECK, usd));
    }

    @Override
    public boolean affordsBeside(PromptState state, Call call) {
        return affords(state, call.slot(), call.model());
    }

    private Step answered(
            PromptState state, Call call, Completion completion, Duration took, Instant now) {
        Usage usage = completion.usage();
        double costUsd = catalog.card(call.model()).price().costUsd(usage);
        PromptState paid = state.withSpend(state.spend().plus(Purpose.CHECK, costUsd, usage));
        return switch (reader.read(completion.text(), material(state, call))) {
            case Reading.Read read ->
                    goOn(
                            note(
                                            paid,
                                            call,
                                            Verdict.scored(
                                                    call.model(),
                                                    read.score(),
                                                    read.reason(),
                                                    self(state, call)))
                                    .closeCall(call.slot()));
            case Reading.Unreadable unreadable ->
                    call.asks() + 1 < MAX_ASKS && affordsAgain(paid, call)
                            ? new Step.Continue(paid.replaceCall(call.askAgain(took, now)))
                            : next(
                                    paid,
                                    call,
                                    Verdict.unparseable(
                                            call.model(), unreadable.why(), self(state, call)),
                                    now);
        };
    }

    private Step tryAgain(
            PromptState state,
            Call call,
            TryAgain failure,
            Duration took,
            Instant now,
            double dice) {
        RetryPolicy policy = catalog.card(call.model()).retry();
        double expectedUsd = usd(state, call.slot(), call.model());
        PromptState billed =
                failure.billed()
                        ? state.withSpend(state.spend().plusUncertain(Purpose.CHECK, expectedUsd))
                        : state;
        return Retries.next(call, failure, policy, state.prompt().constraints(), took, now, dice)
                .filter(_ -> affordsAgain(billed, call))
                .<Step>map(again -> new Step.Continue(billed.replaceCall(again)))
                .orElseGet(() -> unavailable(billed, call, failure.error(), now));
    }

    private Step unavailable(PromptState state, Call call, CallError error, Instant now) {
        return next(
                state,
                call,
                Verdict.unavailable(call.model(), error.message(), self(state, call)),
                now);
    }

    @Override
    public Optional<Step> elsewhere(
            PromptState state, Call call, CallError error, Predicate<String> usable, Instant now) {
        boolean another =
                unasked(state, state.candidates().get(call.slot())).stream()
                        .map(Judge::model)
                        .anyMatch(judge -> !judge.equals(call.model()) && usable.test(judge));
        return another ? Optional.of(unavailable(state, call, error, now)) : Optional.empty();
    }

    private Step next(PromptState state, Call call, Verdict verdict, Instant now) {
        return goOn(askNext(note(state, call, verdict).closeCall(call.slot()), call.slot(), now));
    }

    /// Nobody may judge this answer, and its result must say why it has no grade.
    private static PromptState passOver(PromptState state, int slot, List<String> judges) {
        PromptState noted = state;
        for (String judge : judges) {
            String reason = "it wrote the answer itself, or may not see this prompt";
            noted = note(noted, slot, Verdict.passedOver(judge, reason));
        }
        return noted;
    }

    /// Opens a call to the first judge that has not spoken on this candidate yet, if there is one.
    private PromptState askNext(PromptState state, int slot, Instant now) {
        Candidate candidate = state.candidates().get(slot);
        Optional<Judge> judge = unasked(state, candidate).stream().findFirst();
        if (judge.isEmpty()) {
            return state;
        }
        String model = judge.get().model();
        if (!affords(state, slot, model)) {
            Verdict verdict =
                    Verdict.unavailable(
                            model,
                            "asking it is expected to exceed the prompt's budget",
                            judge.get().self());
            return askNext(note(state, slot, verdict), slot, now);
        }
        List<Call> calls = new ArrayList<>(state.calls());
        calls.add(Call.first(slot, Purpose.CHECK, new Plan.Pick(model, 1, "judge"), now));
        return state.withCalls(calls);
    }

    /// The judges that have not spoken on this candidate yet.
    private List<Judge> unasked(PromptState state, Candidate candidate) {
        return judges(state, candidate).stream()
                .filter(
                        possible ->
                                candidate.verdicts().stream()
                                        .noneMatch(verdict -> isBy(verdict, possible)))
                .toList();
    }

    private static boolean isBy(Verdict verdict, Judge judge) {
        return verdict.kind() == Verdict.Kind.JUDGE && verdict.by().equals(judge.model());
    }

    private boolean affordsAgain(PromptState state, Call call) {
        return affords(state.closeCall(call.slot()), call.slot(), call.model());
    }

    /// True where the budget has room for one more verdict beside those that are open.
    private boolean affords(PromptState state, int slot, String judge) {
        double openUsd =
                state.calls().stream()
                        .mapToDouble(open -> usd(state, open.slot(), open.model()))
                        .sum();
        return routes.affords(state, openUsd + usd(state, slot, judge));
    }

    /// USD to expect for this judge's verdict on this candidate.
    private double usd(PromptState state, int slot, String judge) {
        Prompt prompt = state.prompt();
        int chars =
                JudgePrompt.estimatedChars(
                        routes.require(state).check().rubric(),
                        prompt.request().chars(),
                        prompt.reference(),
                        state.candidates().get(slot).answer().completion());
        return Estimates.verdictUsd(catalog.card(judge), chars);
    }

    private List<Judge> judges(PromptState state, Candidate candidate) {
        CheckPolicy policy = routes.require(state).check();
        List<String> permitted =
                policy.judges().stream()
                        .filter(judge -> routes.permits(state.prompt(), catalog.card(judge)))
                        .toList();
        return Judges.eligible(policy.withJudges(permitted), candidate.answer().model(), catalog);
    }

    private boolean self(PromptState state, Call call) {
        return judges(state, state.candidates().get(call.slot())).stream()
                .anyMatch(judge -> judge.model().equals(call.model()) && judge.self());
    }

    private static PromptState note(PromptState state, Call call, Verdict verdict) {
        return note(state, call.slot(), verdict);
    }

    private static PromptState note(PromptState state, int slot, Verdict verdict) {
        Candidate candidate = state.candidates().get(slot);
        List<Verdict> verdicts = new ArrayList<>(candidate.verdicts());
        verdicts.add(verdict);
        List<Candidate> candidates = new ArrayList<>(state.candidates());
        candidates.set(slot, new Candidate(candidate.answer(), verdicts, candidate.sampled()));
        return state.withCandidates(candidates);
    }

    private static Step goOn(PromptState state) {
        return state.calls().isEmpty() ? new Step.Done(state) : new Step.Continue(state);
    }

    /// What the judge was shown and did not write.
    private static String material(PromptState state, Call call) {
        return JudgePrompt.answerText(state.candidates().get(call.slot()).answer().completion());
    }
}
