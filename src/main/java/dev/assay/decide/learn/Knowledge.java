package dev.assay.decide.learn;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What an instance knows of the models at one moment: immutable, and the same for every decision
/// that is given it.
public final class Knowledge {

    /// Nobody was observed yet.
    public static final Knowledge NONE = new Knowledge(Map.of(), Map.of(), Map.of(), Map.of());

    private final Map<Standing, Tally> firstRounds;
    private final Map<Standing, Tally> laterRounds;
    private final Map<Standing, Tally> byRules;
    private final Map<Scope, Predictor> predictors;

    private Knowledge(
            Map<Standing, Tally> firstRounds,
            Map<Standing, Tally> laterRounds,
            Map<Standing, Tally> byRules,
            Map<Scope, Predictor> predictors) {
        this.firstRounds = Map.copyOf(firstRounds);
        this.laterRounds = Map.copyOf(laterRounds);
        this.byRules = Map.copyOf(byRules);
        this.predictors = Map.copyOf(predictors);
    }

    /// Where a model stands.
    ///
    /// @param rubric that its judges went by
    private record Standing(Scope scope, String model, String rubric) {}

    /// From all scorecards there are.
    public static Knowledge of(Iterable<Scorecard> cards) {
        return of(cards, Map.of());
    }

    /// From all scorecards there are, and what was learned of single prompts.
    public static Knowledge of(Iterable<Scorecard> cards, Map<Scope, Predictor> predictors) {
        Map<Standing, Tally> first = new HashMap<>();
        Map<Standing, Tally> later = new HashMap<>();
        Map<Standing, Tally> byRules = new HashMap<>();
        for (Scorecard card : cards) {
            ScoreKey key = card.key();
            Standing standing = new Standing(key.scope(), key.model(), key.rubric());
            first.merge(standing, card.first(), Tally::plus);
            later.merge(standing, card.later(), Tally::plus);
            if (key.judge().equals(ScoreKey.BY_RULES)) {
                byRules.merge(standing, card.first(), Tally::plus);
            }
        }
        return new Knowledge(first, later, byRules, predictors);
    }

    /// What the grades of a scope teach of single prompts; empty where nothing is learned.
    public Optional<Predictor> predictor(Scope scope) {
        return Optional.ofNullable(predictors.get(scope));
    }

    /// A model's first rounds on a route by this rubric, all judges together, and late grades with
    /// them; empty where there are none.
    public Optional<Tally> tally(Scope scope, String model, String rubric) {
        return sum(firstRounds, scope, model, rubric);
    }

    /// The same of escalations: how it did on prompts that other models had not done well enough.
    public Optional<Tally> laterTally(Scope scope, String model, String rubric) {
        return sum(laterRounds, scope, model, rubric);
    }

    /// What the route's own check, by this rubric, said of a model's first rounds.
    public Tally ownTally(Scope scope, String model, String rubric) {
        return firstRounds.getOrDefault(new Standing(scope, model, rubric), Tally.NOTHING);
    }

    /// The part of that on which rules alone decided.
    public Tally tallyByRules(Scope scope, String model, String rubric) {
        return byRules.getOrDefault(new Standing(scope, model, rubric), Tally.NOTHING);
    }

    /// What grades from outside said of a model's first rounds.
    public Tally outsideTally(Scope scope, String model) {
        return firstRounds.getOrDefault(
                new Standing(scope, model, ScoreKey.FROM_OUTSIDE), Tally.NOTHING);
    }

    private static Optional<Tally> sum(
            Map<Standing, Tally> rounds, Scope scope, String model, String rubric) {
        Tally judged = rounds.getOrDefault(new Standing(scope, model, rubric), Tally.NOTHING);
        Tally late =
                rounds.getOrDefault(
                        new Standing(scope, model, ScoreKey.FROM_OUTSIDE), Tally.NOTHING);
        Tally sum = rubric.isEmpty() ? judged : judged.plus(late);
        return sum.tries() + sum.weight() > 0 ? Optional.of(sum) : Optional.empty();
    }
}
