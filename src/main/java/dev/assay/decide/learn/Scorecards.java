package dev.assay.decide.learn;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All scorecards of their owner, who adds to them. For one thread.
public final class Scorecards {

    /// Names of judges and sources come from outside; beyond so many cards a new source counts as
    /// [#OTHER].
    static final int MOST_CARDS = 10_000;

    static final String OTHER = "other";

    private final Map<ScoreKey, Scorecard> cards = new HashMap<>();
    private final Map<Standing, Set<ScoreKey>> together = new HashMap<>();
    private final Set<ScoreKey> unkept = new HashSet<>();
    private final Set<ScoreKey> unpublished = new HashSet<>();

    /// Whose cards are added up.
    private record Standing(Scope scope, String model, String rubric) {
        static Standing of(ScoreKey key) {
            return new Standing(key.scope(), key.model(), key.rubric());
        }
    }

    /// Those that have a card.
    public Set<Scope> scopes() {
        Set<Scope> scopes = new HashSet<>();
        cards.keySet().forEach(key -> scopes.add(key.scope()));
        return scopes;
    }

    public List<Scorecard> all() {
        return List.copyOf(cards.values());
    }

    /// Takes a card as it was kept.
    public void put(Scorecard card) {
        cards.put(card.key(), card);
        together.computeIfAbsent(Standing.of(card.key()), _ -> new LinkedHashSet<>())
                .add(card.key());
    }

    public void add(Observation observation) {
        for (Observation.Try one : observation.tries()) {
            ScoreKey key =
                    new ScoreKey(observation.scope(), one.model(), one.judge(), one.rubric());
            add(key, observation.round(), Tally.of(one));
        }
    }

    /// Adds a grade that came later, from outside.
    ///
    /// @param propensity the chance with which the model was chosen
    /// @param grade 0 to 10
    /// @param passed it reaches the bar
    public void addLate(
            Scope scope,
            String model,
            String source,
            int round,
            double propensity,
            double grade,
            boolean passed) {
        ScoreKey own = ScoreKey.feedback(scope, model, source);
        boolean full = cards.size() >= MOST_CARDS && !cards.containsKey(own);
        ScoreKey key = full ? ScoreKey.feedback(scope, model, OTHER) : own;
        add(key, round, Tally.late(grade, passed, propensity));
    }

    /// The cards that changed since this was last asked.
    public List<Scorecard> takeUnkept() {
        return take(unkept);
    }

    /// The cards that changed since this was last asked.
    public List<Scorecard> takeUnpublished() {
        return take(unpublished);
    }

    private List<Scorecard> take(Set<ScoreKey> changed) {
        List<Scorecard> taken = changed.stream().map(cards::get).toList();
        changed.clear();
        return taken;
    }

    /// What a model's other cards count grows old with it: a failed try is on a card of nobody, and
    /// would weigh the same for ever beside a judge's.
    private void add(ScoreKey key, int round, Tally one) {
        put(cards.getOrDefault(key, Scorecard.empty(key)).plus(round, one));
        changed(key);
        for (ScoreKey other : together.getOrDefault(Standing.of(key), Set.of())) {
            if (!other.equals(key)) {
                cards.computeIfPresent(other, (_, card) -> card.faded(round));
                changed(other);
            }
        }
    }

    private void changed(ScoreKey key) {
        unkept.add(key);
        unpublished.add(key);
    }
}
