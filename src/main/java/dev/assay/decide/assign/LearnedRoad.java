package dev.assay.decide.assign;

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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Chooses the model whose road is expected to be worth most for this very prompt, by what the
/// route's own grades have taught: its grade, what follows where it does not pass, and all that
/// this costs. Goes on after an answer that did not pass only where that is worth its cost, but for
/// a bounded share of prompts. As long as grades are few it goes by the rules of [CheapestRoad].
final class LearnedRoad {

    /// Grades of a route before it is believed what they teach.
    static final double ENOUGH_GRADES = 50;

    private static final int NAMED_FEATURES = 3;

    private final Routes routes;
    private final CheapestRoad cheapest;
    private final Legs legs;
    private final PromptText texts;

    LearnedRoad(Routes routes, CheapestRoad cheapest, Legs legs, PromptText texts) {
        this.routes = routes;
        this.cheapest = cheapest;
        this.legs = legs;
        this.texts = texts;
    }

    /// The chosen model, and the others in the order of their worth; empty where an answer is there
    /// and none of these is expected to be worth its cost.
    ///
    /// @param cards that may take the prompt, at least one
    Optional<Plan> plan(
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
                .orElseGet(
                        () ->
                                Optional.of(
                                        cheapest.plan(
                                                state,
                                                route,
                                                cards,
                                                knowledge,
                                                strategy.explore())));
    }

    private static double grades(Predictor predictor) {
        return predictor.observations();
    }

    private Optional<Plan> plan(
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
                candidates(state, route, strategy, cards, knowledge, predictor, features);
        double usdPerPoint = strategy.usdPerPoint();
        double held = Legs.held(state).orElse(Double.NEGATIVE_INFINITY);
        boolean pays = candidates.stream().anyMatch(one -> one.worth(usdPerPoint) > held);
        if (!pays && !triesOn(state, strategy, candidates, held)) {
            return Optional.empty();
        }
        LearnedChoice choice =
                LearnedChoice.choose(
                        candidates,
                        usdPerPoint,
                        state.round() == 0 ? strategy.explore() : 0,
                        LearnedChoice.draw(state.prompt().id()));
        double propensity = choice.propensity() * (pays ? 1 : strategy.explore());
        String reason =
                choice.why(predictor.reasons(features, text, choice.model(), NAMED_FEATURES));
        String why = pays ? reason : "tried, although not expected to pay: " + reason;
        List<String> others =
                candidates.stream()
                        .filter(one -> !one.model().equals(choice.model()))
                        .sorted(Comparator.comparingDouble(one -> -one.worth(usdPerPoint)))
                        .map(Candidate::model)
                        .toList();
        return Optional.of(
                new Plan(List.of(new Plan.Pick(choice.model(), propensity, why)), others));
    }

    /// Now and then a prompt goes on although that is not expected to pay, so that a model which
    /// takes over better than it did is noticed; not where even the best grade would not pay.
    private static boolean triesOn(
            PromptState state, Strategy.Learned strategy, List<Candidate> candidates, double held) {
        String draw = "on after %d: %s".formatted(state.round(), state.prompt().id());
        return LearnedChoice.draw(draw) < strategy.explore()
                && CheapestRoad.hasTime(state)
                && candidates.stream()
                        .anyMatch(one -> one.mostWorth(strategy.usdPerPoint()) > held);
    }

    private List<Candidate> candidates(
            PromptState state,
            Route route,
            Strategy.Learned strategy,
            List<ModelCard> cards,
            Knowledge knowledge,
            Predictor predictor,
            FeatureVector features) {
        List<String> names = cards.stream().map(ModelCard::name).toList();
        List<Prediction> grades = predictor.predict(features, names);
        Legs.Ahead ahead = legs.ahead(state, route, cards, grades, knowledge);
        double held = Legs.held(state).orElse(0);
        int rounds = route.rounds() - state.round();
        List<Leg> inOrder =
                ahead.later().stream().sorted(Comparator.comparingDouble(Leg::usdPerPass)).toList();
        double[] mostUsd =
                cards.stream()
                        .mapToDouble(card -> legs.mostUsd(state, route, card, knowledge))
                        .toArray();
        double leastUsd = Arrays.stream(mostUsd).min().orElse(0);
        boolean bears = CheapestRoad.bearsExploring(state, route);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Leg first = ahead.next().get(i);
            List<Leg> others =
                    inOrder.stream().filter(leg -> !leg.model().equals(first.model())).toList();
            Road road = Road.beginningWith(first, others, held, rounds, strategy.usdPerPoint());
            candidates.add(
                    new Candidate(
                            first.model(),
                            grades.get(i),
                            road.grade(),
                            first.usd(),
                            road.usd(),
                            bears && routes.affords(state, mostUsd[i] + leastUsd)));
        }
        return candidates;
    }
}
