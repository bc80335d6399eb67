package dev.assay.topology;

import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecard;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What this instance knows of the models: written as scorecards come in, read by every decision.
/// Safe for any thread.
final class KnowledgeView {

    private final Map<ScoreKey, Scorecard> cards = new ConcurrentHashMap<>();
    private final Map<Scope, Predictor> predictors = new ConcurrentHashMap<>();
    private volatile boolean stale;
    private volatile Knowledge knowledge = Knowledge.NONE;

    void put(Scorecard card) {
        cards.put(card.key(), card);
        stale = true;
    }

    void put(Scope scope, Predictor predictor) {
        predictors.put(scope, predictor);
        stale = true;
    }

    List<Scorecard> cards() {
        return List.copyOf(cards.values());
    }

    Knowledge current() {
        if (stale) {
            refresh();
        }
        return knowledge;
    }

    private synchronized void refresh() {
        if (stale) {
            stale = false; // first, so that a card which comes meanwhile is not overlooked
            knowledge = Knowledge.of(cards.values(), predictors);
        }
    }
}
