package dev.assay.decide.check;

import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Judges.Judge;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Plan;
import dev.assay.model.Preference;
import dev.assay.model.Preference.Choice;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Strategy.Ensemble;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Picks among the answers of an ensemble by comparing each two of them.
///
/// A judge sees the two in both orders, as calls of their own. An answer is better than another
/// only where both replies say so; where the order sways the judge, or a reply cannot be had, the
/// two are alike. The answers that are better than others most often, less how often they are
/// worse, go on to be judged; where that is more than one, their grades decide. So without any
/// comparison all are judged, as if the route had asked for the best grade.
///
/// A judge compares only answers both of which it may judge. Nothing is compared where the budget
/// cannot bear all of it and a verdict besides.
final class PairCheck {

    static final String PAIRWISE = "pairwise";

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;
    private final Bench bench;

    PairCheck(Catalog catalog, Routes routes, Bench bench) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
        this.bench = bench;
    }

    /// Opens all comparisons, where the round is of an ensemble that picks by them.
    ///
    /// @param state with what the rules said of its candidates
    PromptState begin(PromptState state, Instant now) {
        List<Integer> contenders = contenders(state);
        if (contenders.size() < 2 || !byPairs(state)) {
            return state;
        }
        List<Call> calls = new ArrayList<>();
        for (int one : contenders) {
            for (int other : contenders) {
                if (one != other && !sameText(state, one, other)) {
                    Pairing pairing = new Pairing(one, other);
                    judges(state, pairing).stream()
                            .findFirst()
                            .map(judge -> ask(pairing, judge, now))
                            .ifPresent(calls::add);
                }
            }
        }
        if (!bears(state, contenders, calls)) {
            return note(
                    state,
                    contenders,
                    State.UNAVAILABLE,
                    "comparing %d answers may exceed the prompt's budget"
                            .formatted(contenders.size()));
        }
        return calls.isEmpty() ? pick(state) : state.withCalls(calls);
    }

    /// A judge has said which it prefers.
    PromptState answered(PromptState state, Call call, Choice choice) {
        Pairing pairing = Pairing.of(call.slot());
        List<Preference> preferences = new ArrayList<>(state.preferences());
        preferences.add(new Preference(pairing.first(), pairing.second(), call.model(), choice));
        return pickWhenAllCame(state.closeCall(call.slot()).withPreferences(preferences));
    }

    /// A judge could not say. The next one is asked, where there is one.
    ///
    /// @param verdict unparseable or unavailable
    PromptState failed(PromptState state, Call call, State verdict, String why, Instant now) {
        PromptState without = state.closeCall(call.slot());
        return nextJudge(state, call, _ -> true)
                .filter(
                        judge ->
                                routes.affords(without, openUsd(without) + usd(state, call, judge)))
                .map(judge -> state.replaceCall(ask(Pairing.of(call.slot()), judge, now)))
                .orElseGet(() -> gone(state, call, verdict, why));
    }

    /// Nobody will make this comparison.
    PromptState gone(PromptState state, Call call, State verdict, String why) {
        Pairing pairing = Pairing.of(call.slot());
        String reason = "%s did not compare it: %s".formatted(call.model(), why);
        return pickWhenAllCame(
                note(
                        state.closeCall(call.slot()),
                        List.of(pairing.first(), pairing.second()),
                        verdict,
                        reason));
    }

    /// Whether another judge that serves at present may be asked instead.
    boolean hasNext(PromptState state, Call call, Predicate<String> usable) {
        return nextJudge(state, call, usable).isPresent();
    }

    /// USD that a comparison is reckoned at.
    double usd(PromptState state, Call call) {
        return usd(state, call, call.model());
    }

    private double usd(PromptState state, Call call, String judge) {
        Pairing pairing = Pairing.of(call.slot());
        return catalog.find(judge)
                .map(
                        card ->
                                reckoning.verdictUsd(
                                        state,
                                        card,
                                        () -> chars(state, pairing),
                                        () ->
                                                mostBytes(state, pairing.first())
                                                        + mostBytes(state, pairing.second())))
                .orElse(0.0);
    }

    /// Both answers with a judge's instruction each are more than the two in one comparison.
    private long mostBytes(PromptState state, int index) {
        return bench.mostBytes(state, state.candidates().get(index));
    }

    private double openUsd(PromptState state) {
        return state.calls().stream().mapToDouble(call -> usd(state, call)).sum();
    }

    private boolean bears(PromptState state, Collection<Integer> contenders, List<Call> calls) {
        double verdictUsd =
                contenders.stream()
                        .map(index -> state.candidates().get(index))
                        .mapToDouble(
                                candidate ->
                                        bench.judges(state, candidate).stream()
                                                .limit(1)
                                                .mapToDouble(
                                                        judge ->
                                                                bench.usd(
                                                                        state,
                                                                        candidate,
                                                                        judge.model()))
                                                .sum())
                        .max()
                        .orElse(0);
        return calls.isEmpty()
                || routes.affords(state, openUsd(state.withCalls(calls)) + verdictUsd);
    }

    private static Call ask(Pairing pairing, String judge, Instant now) {
        Plan.Pick pick = new Plan.Pick(judge, 1, "compares two answers");
        return Call.first(pairing.slot(), Purpose.COMPARE, pick, now);
    }

    /// Judges are asked in the order of the topology file, so those after this one were not.
    private Optional<String> nextJudge(PromptState state, Call call, Predicate<String> usable) {
        List<String> judges = judges(state, Pairing.of(call.slot()));
        return judges.stream().skip(judges.indexOf(call.model()) + 1L).filter(usable).findFirst();
    }

    /// Who may judge both answers and can read them at once.
    private List<String> judges(PromptState state, Pairing pairing) {
        List<String> ofSecond = judges(state, pairing.second());
        int chars = chars(state, pairing);
        return judges(state, pairing.first()).stream()
                .filter(ofSecond::contains)
                .filter(judge -> Bench.fits(catalog.card(judge), chars))
                .toList();
    }

    private List<String> judges(PromptState state, int index) {
        return bench.judges(state, state.candidates().get(index)).stream()
                .map(Judge::model)
                .toList();
    }

    private int chars(PromptState state, Pairing pairing) {
        Prompt prompt = state.prompt();
        return PairPrompt.estimatedChars(
                bench.policy(state),
                prompt.request().chars(),
                prompt.reference(),
                text(state, pairing.first()),
                text(state, pairing.second()));
    }

    private static PromptState pickWhenAllCame(PromptState state) {
        return state.calls().isEmpty() ? pick(state) : state;
    }

    /// Leaves the candidates that come out best, and those that judges do not see anyway.
    private static PromptState pick(PromptState state) {
        List<Integer> contenders = contenders(state);
        int best =
                contenders.stream()
                        .mapToInt(index -> lead(state, contenders, index))
                        .max()
                        .orElse(0);
        List<Candidate> kept = new ArrayList<>();
        for (int index = 0; index < state.candidates().size(); index++) {
            Candidate candidate = state.candidates().get(index);
            if (!contenders.contains(index)) {
                kept.add(candidate);
            } else if (lead(state, contenders, index) == best
                    && !saidLater(state, contenders, index, best)) {
                kept.add(candidate.plusVerdict(verdict(state, contenders, index)));
            }
        }
        return state.withPreferences(List.of()).withCandidates(kept);
    }

    /// Of answers that are the same word for word, the last counts of those that came out best:
    /// judges need not say the same of both.
    private static boolean saidLater(
            PromptState state, List<Integer> contenders, int index, int best) {
        return contenders.stream()
                .anyMatch(
                        other ->
                                other > index
                                        && sameText(state, index, other)
                                        && lead(state, contenders, other) == best);
    }

    private static Verdict verdict(PromptState state, List<Integer> contenders, int index) {
        List<String> judges =
                state.preferences().stream().map(Preference::judge).distinct().sorted().toList();
        if (judges.isEmpty()) {
            return Verdict.compared(
                    PAIRWISE, State.SKIPPED, "there was no comparison, so grades decide");
        }
        return Verdict.compared(
                PAIRWISE,
                State.PASSED,
                "better than %d and worse than %d of %d others, compared in both orders by %s"
                        .formatted(
                                beaten(state, contenders, index),
                                beating(state, contenders, index),
                                contenders.size() - 1,
                                String.join(", ", judges)));
    }

    private static int lead(PromptState state, List<Integer> contenders, int index) {
        return beaten(state, contenders, index) - beating(state, contenders, index);
    }

    private static int beaten(PromptState state, List<Integer> contenders, int index) {
        return (int) contenders.stream().filter(other -> isBetter(state, index, other)).count();
    }

    private static int beating(PromptState state, List<Integer> contenders, int index) {
        return (int) contenders.stream().filter(other -> isBetter(state, other, index)).count();
    }

    private static boolean isBetter(PromptState state, int one, int other) {
        return said(state, one, other, Choice.FIRST) && said(state, other, one, Choice.SECOND);
    }

    private static boolean said(PromptState state, int first, int second, Choice choice) {
        return state.preferences().stream()
                .anyMatch(
                        preference ->
                                preference.first() == first
                                        && preference.second() == second
                                        && preference.choice() == choice);
    }

    /// The candidates that judges see.
    private static List<Integer> contenders(PromptState state) {
        return IntStream.range(0, state.candidates().size())
                .filter(index -> state.candidates().get(index).sampled())
                .filter(index -> !state.candidates().get(index).failed())
                .boxed()
                .toList();
    }

    private boolean byPairs(PromptState state) {
        return routes.require(state).strategy() instanceof Ensemble ensemble
                && ensemble.pick() instanceof EnsemblePick.Pairwise
                && ensemble.label().equals(state.strategy());
    }

    private static boolean sameText(PromptState state, int one, int other) {
        return text(state, one).equals(text(state, other));
    }

    private static String text(PromptState state, int index) {
        return JudgePrompt.answerText(state.candidates().get(index).answer().completion());
    }

    private static PromptState note(
            PromptState state, List<Integer> indices, State verdict, String reason) {
        List<Candidate> candidates = new ArrayList<>(state.candidates());
        for (int index : indices) {
            candidates.set(
                    index,
                    candidates.get(index).plusVerdict(Verdict.compared(PAIRWISE, verdict, reason)));
        }
        return state.withCandidates(candidates);
    }
}
