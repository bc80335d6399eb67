package dev.assay.decide.assign;

import dev.assay.model.Attempt;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.EnsemblePick;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Strategy.Ensemble;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Seats the members of an ensemble.
///
/// Models take seats in the order of the topology file, and again in turn where there are more
/// seats than models. A model that may not take the prompt leaves its seats empty, so that no other
/// has more votes for it; and so does one for which the budget has no room beside the others.
final class EnsembleRoad {

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;

    EnsembleRoad(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
    }

    /// The models of the members, one for each seat that is taken.
    ///
    /// @param cards models that may take seats
    static List<ModelCard> seats(Ensemble ensemble, List<ModelCard> cards) {
        if (cards.isEmpty()) {
            return List.of();
        }
        int turns = Math.ceilDiv(ensemble.members(), ensemble.models().size());
        int seats = Math.min(ensemble.members(), turns * cards.size());
        List<ModelCard> seated = new ArrayList<>();
        for (int seat = 0; seat < seats; seat++) {
            seated.add(cards.get(seat % cards.size()));
        }
        return seated;
    }

    /// The members whose answers, and what makes one of them, the budget can bear together.
    List<ModelCard> affordable(PromptState state, Ensemble ensemble, List<ModelCard> cards) {
        ChatRequest request = state.prompt().request();
        double usd =
                ensemble.pick() instanceof EnsemblePick.Fuse fuse
                        ? Estimates.fusionUsdOf(
                                ensemble.members(), catalog.card(fuse.model()), request)
                        : 0;
        List<ModelCard> members = new ArrayList<>();
        for (ModelCard card : seats(ensemble, cards)) {
            double more = reckoning.answerUsd(state, card);
            if (routes.affords(state, usd + more)) {
                usd += more;
                members.add(card);
            }
        }
        return members;
    }

    /// The members, and who takes over.
    ///
    /// @param cards models that may take the prompt, of which [#affordable] has at least one
    Plan plan(PromptState state, Ensemble ensemble, List<ModelCard> cards) {
        List<ModelCard> members = affordable(state, ensemble, cards);
        String missing = missing(state, ensemble, members);
        List<Plan.Pick> picks = new ArrayList<>();
        for (int seat = 0; seat < members.size(); seat++) {
            String why = "member %d of %d%s".formatted(seat + 1, members.size(), missing);
            picks.add(new Plan.Pick(members.get(seat).name(), 1, why));
        }
        List<String> others =
                cards.stream()
                        .filter(card -> !members.contains(card))
                        .map(ModelCard::name)
                        .toList();
        return new Plan(picks, others);
    }

    /// Why there are fewer members than the topology file asks for; empty where there are not.
    private String missing(PromptState state, Ensemble ensemble, List<ModelCard> members) {
        if (members.size() >= ensemble.members()) {
            return "";
        }
        String reasons =
                seats(ensemble, ensemble.models().stream().map(catalog::card).toList()).stream()
                        .distinct()
                        .filter(card -> !members.contains(card))
                        .map(card -> card.name() + ": " + reason(state, card))
                        .collect(Collectors.joining("; "));
        return ", not %d%s"
                .formatted(
                        ensemble.members(),
                        reasons.isEmpty() ? ", by the budget" : " (" + reasons + ")");
    }

    private String reason(PromptState state, ModelCard card) {
        if (state.attempts().stream().map(Attempt::model).anyMatch(card.name()::equals)) {
            return "it was tried before";
        }
        return routes.objection(state.prompt(), card)
                .orElseGet(
                        () ->
                                Estimates.fitsContext(card, state.prompt().request())
                                        ? "beyond the budget"
                                        : "the prompt does not fit its context");
    }
}
