package dev.assay.decide.assign;

import dev.assay.decide.assign.CheapestRoad.Expected;
import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.LearnedChoice;
import dev.assay.decide.learn.LearnedChoice.Candidate;
import dev.assay.decide.learn.Prediction;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.model.Labels;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Chooses the model that is expected to be worth most for this very prompt, by what the route's
/// own grades have taught. As long as they are few it goes by the rules of [CheapestRoad].
final class LearnedRoad {

    /// Grades of a route before it is believed what they teach.
    static final double ENOUGH_GRADES = 50;

    private static final int NAMED_FEATURES = 3;

    private final Routes routes;
    private final CheapestRoad cheapest;
    private final PromptText texts;

    LearnedRoad(Routes routes, CheapestRoad cheapest, PromptText texts) {
        this.routes = routes;
        this.cheapest = cheapest;
        this.texts = texts;
    }

    /// The chosen model, and the others in the order of their worth.
    ///
    /// @param cards that may take the prompt, at least one
    Plan plan(
            PromptState state,
            Route route,
            Strategy.Learned strategy,
            List<ModelCard> cards,
            Knowledge knowledge) {
        Optional<Predictor> taught =
                knowledge
                        .predictor(routes.scope(route.name(), state.prompt()))
                        .filter(predictor -> grades(predictor) >= ENOUGH_GRADES);
        return taught.map(predictor -> plan(state, route, strategy, cards, knowledge, predictor))
                .orElseGet(() -> cheapest.plan(state, route, cards, knowledge, strategy.explore()));
    }

    private static double grades(Predictor predictor) {
        return predictor.observations();
    }

    private Plan plan(
            PromptState state,
            Route route,
            Strategy.Learned strategy,
            List<ModelCard> cards,
            Knowledge knowledge,
            Predictor predictor) {
        String text = texts.of(state.prompt().request());
        Labels labels = state.prompt().labels();
        FeatureVector features =
                PromptFeatures.of(text, labels.task(), labels.tenant(), predictor.settings());
        List<Candidate> candidates =
                candidates(state, route, cards, knowledge, predictor, features);
        LearnedChoice choice =
                LearnedChoice.choose(
                        candidates,
                        strategy.usdPerPoint(),
                        state.round() == 0 ? strategy.explore() : 0,
                        LearnedChoice.draw(state.prompt().id()));
        String why = choice.why(predictor.reasons(features, text, choice.model(), NAMED_FEATURES));
        List<String> others =
                candidates.stream()
                        .filter(one -> !one.model().equals(choice.model()))
                        .sorted(
                                Comparator.comparingDouble(
                                        one -> -worth(one, strategy.usdPerPoint())))
                        .map(Candidate::model)
                        .toList();
        return new Plan(List.of(new Plan.Pick(choice.model(), choice.propensity(), why)), others);
    }

    private List<Candidate> candidates(
            PromptState state,
            Route route,
            List<ModelCard> cards,
            Knowledge knowledge,
            Predictor predictor,
            FeatureVector features) {
        List<Candidate> candidates = new ArrayList<>();
        List<Expected> all =
                cards.stream()
                        .map(card -> cheapest.expected(state, route, card, knowledge))
                        .toList();
        double leastUsd = all.stream().mapToDouble(Expected::usd).min().orElse(0);
        List<String> names = all.stream().map(model -> model.card().name()).toList();
        List<Prediction> grades = predictor.predict(features, names);
        for (int i = 0; i < all.size(); i++) {
            Expected model = all.get(i);
            boolean mayExplore =
                    CheapestRoad.bearsExploring(state, route)
                            && routes.affords(state, model.usd() + leastUsd);
            candidates.add(
                    new Candidate(
                            names.get(i),
                            grades.get(i),
                            cheapest.roadUsd(model, all, route.rounds() - state.round()),
                            mayExplore));
        }
        return candidates;
    }

    private static double worth(Candidate one, double usdPerPoint) {
        return one.expected().mean() - one.costUsd() / usdPerPoint;
    }
}
