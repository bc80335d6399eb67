package dev.assay.decide.check;

import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy.Agreement;
import dev.assay.model.Completion;
import dev.assay.model.Opinion;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The check by agreement: another model answers the prompt on its own, and final answers are
/// compared.
///
/// It is asked once for all candidates, and its answer is kept for later rounds. Where it says the
/// same or not, that decides; where it could not be asked or answers cannot be compared, judges do.
final class AgreementCheck {

    /// The slot of its call, which is about no single candidate.
    static final int SLOT = -1;

    /// Of a longer answer only the end is looked at and kept for later rounds.
    private static final int MAX_KEPT_CHARS = 8_000;

    private static final int MAX_QUOTE_CHARS = 80;

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;

    AgreementCheck(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
    }

    /// Opens the call to the other model where the route has one and it may be asked; else says of
    /// the candidates what can be said.
    ///
    /// @param state with what the rules said of its candidates
    PromptState begin(PromptState state, Instant now) {
        Optional<Agreement> agreement = routes.require(state).check().agreement();
        if (agreement.isEmpty() || state.candidates().stream().noneMatch(AgreementCheck::needsIt)) {
            return state;
        }
        String model = agreement.get().model();
        Optional<Opinion> known = state.opinionOf(model);
        if (known.isPresent()) {
            return compared(state, agreement.get(), known.get().text());
        }
        Optional<String> objection = routes.objection(state.prompt(), catalog.card(model));
        if (objection.isPresent()) {
            return noteAll(state, model, State.SKIPPED, objection.get());
        }
        boolean wroteAll =
                state.candidates().stream()
                        .filter(AgreementCheck::needsIt)
                        .allMatch(candidate -> wrote(model, candidate));
        if (wroteAll) {
            return compared(state, agreement.get(), "");
        }
        if (!routes.affords(state, usd(state, model))) {
            return noteAll(
                    state, model, State.UNAVAILABLE, "asking it may exceed the prompt's budget");
        }
        Plan.Pick pick = new Plan.Pick(model, 1, "answers for comparison");
        return state.plusCall(Call.first(SLOT, Purpose.OPINION, pick, now));
    }

    /// The other model has answered.
    PromptState answered(PromptState state, Call call, Completion completion) {
        String all = completion.text();
        String text = all.substring(Math.max(0, all.length() - MAX_KEPT_CHARS));
        PromptState kept = state.closeCall(SLOT).plusOpinion(new Opinion(call.model(), text));
        // The topology file may have lost its agreement since; then judges decide.
        return routes.require(state)
                .check()
                .agreement()
                .filter(agreement -> agreement.model().equals(call.model()))
                .map(agreement -> compared(kept, agreement, text))
                .orElse(kept);
    }

    /// The other model could not be asked.
    PromptState unavailable(PromptState state, Call call, String reason) {
        return noteAll(state.closeCall(SLOT), call.model(), State.UNAVAILABLE, reason);
    }

    /// USD that its answer is reckoned at.
    double usd(PromptState state, String model) {
        return catalog.find(model).map(card -> reckoning.answerUsd(state, card)).orElse(0.0);
    }

    private PromptState compared(PromptState state, Agreement agreement, String text) {
        return note(state, candidate -> verdict(agreement, candidate, text));
    }

    private Verdict verdict(Agreement agreement, Candidate candidate, String text) {
        String model = agreement.model();
        if (wrote(model, candidate)) {
            return Verdict.compared(model, State.SKIPPED, "it wrote the answer itself");
        }
        List<Optional<String>> answers =
                FinalAnswers.of(
                        agreement.by(), List.of(candidate.answer().completion().text(), text));
        if (answers.stream().anyMatch(Optional::isEmpty)) {
            String whose = answers.getFirst().isEmpty() ? "the answer" : "its own answer";
            return Verdict.compared(
                    model, State.UNPARSEABLE, whose + " holds no final answer that can be told");
        }
        String given = answers.getFirst().orElseThrow();
        String own = answers.getLast().orElseThrow();
        return given.equals(own)
                ? Verdict.compared(model, State.PASSED, "answered " + quoted(own) + " as well")
                : Verdict.compared(
                        model, State.FAILED, "answered " + quoted(own) + ", not " + quoted(given));
    }

    private static PromptState note(PromptState state, Function<Candidate, Verdict> verdict) {
        return state.withCandidates(
                state.candidates().stream()
                        .map(
                                candidate ->
                                        needsIt(candidate)
                                                ? candidate.plusVerdict(verdict.apply(candidate))
                                                : candidate)
                        .toList());
    }

    private static PromptState noteAll(
            PromptState state, String model, State verdict, String reason) {
        return note(state, _ -> Verdict.compared(model, verdict, reason));
    }

    private boolean wrote(String model, Candidate candidate) {
        return Judges.wrote(model, candidate.answer().model(), catalog);
    }

    private static boolean needsIt(Candidate candidate) {
        return candidate.sampled() && !candidate.failed();
    }

    private static String quoted(String text) {
        String shown = Texts.first(MAX_QUOTE_CHARS, text);
        return "`" + shown + (shown.length() < text.length() ? "…" : "") + "`";
    }
}
