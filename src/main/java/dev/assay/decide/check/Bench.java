package dev.assay.decide.check;

import dev.assay.decide.assign.Estimates;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Judges.Judge;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Verdict;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who may judge the candidates of a prompt, and what that is expected to cost.
final class Bench {

    private final Catalog catalog;
    private final Routes routes;

    Bench(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
    }

    /// The judges that may judge a candidate, in the order of the topology file.
    List<Judge> judges(PromptState state, Candidate candidate) {
        CheckPolicy policy = routes.require(state).check();
        List<String> permitted =
                policy.judges().stream()
                        .filter(judge -> objection(state, judge).isEmpty())
                        .toList();
        return Judges.eligible(policy.withJudges(permitted), candidate.answer().model(), catalog);
    }

    /// The judges that have not spoken on a candidate yet.
    List<Judge> unasked(PromptState state, Candidate candidate) {
        return judges(state, candidate).stream()
                .filter(
                        judge ->
                                candidate.verdicts().stream()
                                        .noneMatch(verdict -> isBy(verdict, judge.model())))
                .toList();
    }

    /// A note for each judge that may not judge a candidate: its result must say why it has no
    /// verdict of that judge.
    Stream<Verdict> passedOver(PromptState state, Candidate candidate) {
        List<String> able = judges(state, candidate).stream().map(Judge::model).toList();
        return routes.require(state).check().judges().stream()
                .filter(judge -> !able.contains(judge))
                .map(judge -> Verdict.passedOver(judge, whyNot(state, judge, candidate)));
    }

    boolean self(PromptState state, Call call) {
        return judges(state, candidate(state, call)).stream()
                .anyMatch(judge -> judge.model().equals(call.model()) && judge.self());
    }

    /// True where the budget has room for one more verdict beside those that are open.
    boolean affords(PromptState state, Candidate candidate, String judge) {
        double openUsd =
                state.calls().stream()
                        .mapToDouble(open -> usd(state, candidate(state, open), open.model()))
                        .sum();
        return routes.affords(state, openUsd + usd(state, candidate, judge));
    }

    /// USD to expect for this judge's verdict on this candidate.
    double usd(PromptState state, Candidate candidate, String judge) {
        Prompt prompt = state.prompt();
        int chars =
                JudgePrompt.estimatedChars(
                        routes.require(state).check(),
                        prompt.request().chars(),
                        prompt.reference(),
                        candidate.answer().completion());
        return Estimates.verdictUsd(catalog.card(judge), chars);
    }

    static Candidate candidate(PromptState state, Call call) {
        return state.candidates().get(Seat.of(call.slot()).candidate());
    }

    static boolean isBy(Verdict verdict, String judge) {
        return verdict.kind() == Verdict.Kind.JUDGE && verdict.by().equals(judge);
    }

    private String whyNot(PromptState state, String judge, Candidate candidate) {
        return objection(state, judge)
                .orElseGet(
                        () ->
                                Judges.wrote(judge, candidate.answer().model(), catalog)
                                        ? "it wrote the answer itself"
                                        : "its family wrote the answer, and another judge is named");
    }

    /// Why a judge may not see the prompt, if so.
    private Optional<String> objection(PromptState state, String judge) {
        ModelCard card = catalog.card(judge);
        return routes.objection(state.prompt(), card);
    }
}
