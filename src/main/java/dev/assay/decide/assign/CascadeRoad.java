package dev.assay.decide.assign;

import dev.assay.decide.learn.Knowledge;
import dev.assay.model.ModelCard;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Says whether a cascade goes on after an answer below the bar, and with whom, where its route
/// says what a point of grade is worth: a model that is not expected to make up for its cost is
/// passed over, and where no further one is, the cascade stops. What is expected is what
/// escalations have shown; the fewer they are, the more is hoped for.
final class CascadeRoad {

    private final Legs legs;

    CascadeRoad(Legs legs) {
        this.legs = legs;
    }

    /// The models left that are asked, in the order of the file; empty where the cascade stops.
    ///
    /// @param cards that may take the prompt, at least one
    Optional<List<ModelCard>> worthAsking(
            PromptState state,
            Route route,
            Strategy.Cascade cascade,
            List<ModelCard> cards,
            Knowledge knowledge) {
        OptionalDouble held = Legs.held(state);
        if (cascade.usdPerPoint().isEmpty() || held.isEmpty()) {
            return Optional.of(cards);
        }
        Legs.Ahead ahead = legs.ahead(state, route, cards, knowledge);
        Road road =
                Road.best(
                        ahead.next(),
                        held.getAsDouble(),
                        route.rounds() - state.round(),
                        cascade.usdPerPoint().getAsDouble());
        return road.first().map(leg -> cards.subList(ahead.next().indexOf(leg), cards.size()));
    }

    static String why(Strategy.Cascade cascade, ModelCard card) {
        return "number %d of %d in the cascade"
                .formatted(cascade.models().indexOf(card.name()) + 1, cascade.models().size());
    }
}
