package dev.assay.decide.check;

import dev.assay.decide.assign.Estimates;
import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Judges.Judge;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who may judge the candidates of a prompt, what that is expected to cost, and how many scores
/// there are and must be.
final class Bench {

    /// The tag of models that take images.
    private static final String VISION = "vision";

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;

    Bench(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
    }

    /// The judges that may judge a candidate, in the order of the topology file.
    List<Judge> judges(PromptState state, Candidate candidate) {
        CheckPolicy policy = routes.require(state).check();
        List<String> permitted =
                policy.judges().stream()
                        .filter(judge -> objection(state, judge, candidate).isEmpty())
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

    /// USD that this judge's verdict on this candidate is reckoned at.
    double usd(PromptState state, Candidate candidate, String judge) {
        return catalog.find(judge)
                .map(
                        card ->
                                reckoning.verdictUsd(
                                        state,
                                        card,
                                        () -> chars(state, candidate),
                                        () -> mostBytes(state, candidate)))
                .orElse(0.0);
    }

    /// Bytes that a judge is shown besides the request, at most.
    long mostBytes(PromptState state, Candidate candidate) {
        return JudgePrompt.mostBytes(
                policy(state), state.prompt().reference(), candidate.answer().completion());
    }

    /// How answers are checked; not at all where the file has lost the route, so that what is in
    /// the air can be reckoned.
    CheckPolicy policy(PromptState state) {
        return routes.of(state).map(Route::check).orElse(CheckPolicy.NONE);
    }

    static Candidate candidate(PromptState state, Call call) {
        return state.candidates().get(Seat.of(call.slot()).candidate());
    }

    /// Scores that a grade of the candidate needs.
    int needed(PromptState state, Call call) {
        return routes.require(state)
                .check()
                .panel()
                .needed(judges(state, candidate(state, call)).size());
    }

    /// Scores that the candidate has.
    static long scores(PromptState state, Call call) {
        return candidate(state, call).verdicts().stream()
                .filter(verdict -> verdict.state() == State.SCORED)
                .count();
    }

    /// The open calls to judges of the same candidate, this one among them.
    static Stream<Call> open(PromptState state, Call call) {
        int index = Seat.of(call.slot()).candidate();
        return state.calls().stream().filter(open -> Seat.of(open.slot()).candidate() == index);
    }

    static boolean isBy(Verdict verdict, String judge) {
        return verdict.kind() == Verdict.Kind.JUDGE && verdict.by().equals(judge);
    }

    private String whyNot(PromptState state, String judge, Candidate candidate) {
        return objection(state, judge, candidate)
                .orElseGet(
                        () ->
                                Judges.wrote(judge, candidate.answer().model(), catalog)
                                        ? "it wrote the answer itself"
                                        : "its family wrote the answer, and another judge is named");
    }

    /// Why a judge may not see the prompt or cannot, if so.
    private Optional<String> objection(PromptState state, String judge, Candidate candidate) {
        ModelCard card = catalog.card(judge);
        return routes.objection(state.prompt(), card)
                .or(() -> blind(state, card))
                .or(() -> tooLong(state, card, candidate));
    }

    private static Optional<String> blind(PromptState state, ModelCard card) {
        return state.prompt().request().images() && !card.tags().contains(VISION)
                ? Optional.of(
                        "it sees no images (it lacks the tag vision), and the prompt has some")
                : Optional.empty();
    }

    /// A judge that reads half of a conversation judges another one.
    private Optional<String> tooLong(PromptState state, ModelCard card, Candidate candidate) {
        int chars = chars(state, candidate);
        return fits(card, chars)
                ? Optional.empty()
                : Optional.of(
                        "question, answer and verdict are about %d tokens, more than its context of %d"
                                .formatted(
                                        Estimates.verdictTokens(card, chars),
                                        card.contextTokens().orElseThrow()));
    }

    /// True where a judge's context holds so many characters and a verdict.
    static boolean fits(ModelCard judge, int chars) {
        return Estimates.verdictTokens(judge, chars)
                <= judge.contextTokens().orElse(Integer.MAX_VALUE);
    }

    private int chars(PromptState state, Candidate candidate) {
        Prompt prompt = state.prompt();
        return JudgePrompt.estimatedChars(
                policy(state),
                prompt.request().chars(),
                prompt.reference(),
                candidate.answer().completion());
    }
}
