package dev.assay.decide.assign;

import dev.assay.decide.assign.Assignment.Assigned;
import dev.assay.decide.assign.Assignment.Refused;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Attempt;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Chooses the models of the next round: a function of the prompt, its history, the catalog, and
/// what is known of the models.
public final class Assigner {

    private final Catalog catalog;
    private final Routes routes;
    private final CheapestRoad cheapest;
    private final LearnedRoad learned;
    private final EnsembleRoad ensembles;
    private final CascadeRoad cascades;
    private final Reckoning reckoning;

    /// @param texts what prompts are told apart by, for what is learned
    public Assigner(Catalog catalog, Routes routes, PromptText texts) {
        this.catalog = catalog;
        this.routes = routes;
        this.cheapest = new CheapestRoad(catalog, routes);
        Legs legs = new Legs(cheapest, routes);
        this.learned = new LearnedRoad(routes, cheapest, legs, texts);
        this.cascades = new CascadeRoad(legs);
        this.ensembles = new EnsembleRoad(catalog, routes);
        this.reckoning = new Reckoning(routes);
    }

    /// The plan of the round after those in the state, or why there is none.
    public Assignment assign(PromptState state, Knowledge knowledge) {
        Optional<Route> route = state.round() == 0 ? routes.find(state.prompt()) : routes.of(state);
        return route.map(found -> assign(state, found, knowledge))
                .orElseGet(() -> noRoute(state.prompt()));
    }

    private Assignment assign(PromptState state, Route route, Knowledge knowledge) {
        if (state.round() >= route.rounds()) {
            return refused(
                    FailureCode.NO_MODEL,
                    "all %d rounds of route %s are used".formatted(route.rounds(), route.name()));
        }
        Strategy strategy = route.strategy();
        if (strategy instanceof Strategy.Fixed && state.round() > 0) {
            return refused(
                    FailureCode.NO_MODEL, "route " + route.name() + " is fixed to one model");
        }
        List<ModelCard> untried =
                strategy.models().stream()
                        .filter(model -> !tried(state, model))
                        .map(catalog::card)
                        .toList();
        return narrow(state, route, untried, knowledge);
    }

    /// Applies the constraints one by one, so that a refusal can name the one that left nothing.
    private Assignment narrow(
            PromptState state, Route route, List<ModelCard> untried, Knowledge knowledge) {
        Prompt prompt = state.prompt();
        ChatRequest request = prompt.request();
        String tooFew = tooFew(route.strategy());
        if (isTooFew(route.strategy(), untried)) {
            return refused(
                    FailureCode.NO_MODEL,
                    untried.isEmpty()
                            ? "every model of route " + route.name() + " was tried"
                            : tooFew + " of route " + route.name() + " are untried");
        }
        List<ModelCard> permitted = keep(untried, card -> routes.permits(prompt, card));
        if (isTooFew(route.strategy(), permitted)) {
            return refused(
                    FailureCode.REFUSED_BY_POLICY,
                    "%s of route %s may see this prompt: required tags %s, tenant %s; tag a model or name another route"
                            .formatted(
                                    tooFew,
                                    route.name(),
                                    prompt.constraints().requiredTags(),
                                    prompt.labels().tenant().orElse("none")));
        }
        List<ModelCard> fitting = keep(permitted, card -> Estimates.fitsContext(card, request));
        if (isTooFew(route.strategy(), fitting)) {
            return refused(
                    FailureCode.CONTEXT_TOO_LONG,
                    "about %d input tokens fit %s of route %s; shorten the prompt or add a model of larger context"
                            .formatted(request.estimatedInputTokens(), tooFew, route.name()));
        }
        List<ModelCard> affordable =
                keep(fitting, card -> routes.affords(state, reckoning.answerUsd(state, card)));
        List<ModelCard> paid =
                route.strategy() instanceof Strategy.Ensemble several
                        ? ensembles.affordable(state, several, affordable)
                        : affordable;
        if (isTooFewMembers(route.strategy(), paid)) {
            return overBudget(state, route);
        }
        return plan(state, route, affordable, knowledge)
                .<Assignment>map(plan -> new Assigned(route, plan))
                .orElseGet(
                        () ->
                                refused(
                                        FailureCode.NO_MODEL,
                                        "no further model of route %s is expected to be worth its cost"
                                                .formatted(route.name())));
    }

    private Assignment overBudget(PromptState state, Route route) {
        String calls =
                route.strategy() instanceof Strategy.Ensemble several && several.quorum() > 1
                        ? several.quorum() + " calls at once"
                        : "one more call";
        return refused(
                FailureCode.OVER_BUDGET,
                "%s on route %s may exceed %s; allow more, or a shorter answer (max_tokens, or max_output_tokens of a model)"
                        .formatted(calls, route.name(), routes.budgetInWords(state)));
    }

    /// No model, or fewer than make an ensemble's quorum.
    private static boolean isTooFew(Strategy strategy, List<ModelCard> cards) {
        return strategy instanceof Strategy.Ensemble several
                ? EnsembleRoad.seats(several, cards).size() < several.quorum()
                : cards.isEmpty();
    }

    private static boolean isTooFewMembers(Strategy strategy, List<ModelCard> members) {
        return strategy instanceof Strategy.Ensemble several
                ? members.size() < several.quorum()
                : members.isEmpty();
    }

    private static String tooFew(Strategy strategy) {
        return strategy instanceof Strategy.Ensemble several && several.quorum() > 1
                ? "fewer than the quorum of %d models".formatted(several.quorum())
                : "no model";
    }

    /// Empty where going on is not expected to be worth its cost.
    private Optional<Plan> plan(
            PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        return switch (route.strategy()) {
            case Strategy.Fixed _ -> Optional.of(inOrder(cards, "fixed"));
            case Strategy.Cascade cascade ->
                    cascades.worthAsking(state, route, cascade, cards, knowledge)
                            .map(left -> inOrder(left, CascadeRoad.why(cascade, left.getFirst())));
            case Strategy.Cheapest _ ->
                    Optional.of(
                            cheapest.plan(state, route, cards, knowledge, CheapestRoad.EXPLORED));
            case Strategy.Learned own -> learned.plan(state, route, own, cards, knowledge);
            case Strategy.Ensemble several -> Optional.of(ensembles.plan(state, several, cards));
        };
    }

    private static Plan inOrder(List<ModelCard> cards, String why) {
        List<String> names = cards.stream().map(ModelCard::name).toList();
        return new Plan(
                List.of(new Plan.Pick(names.getFirst(), 1, why)), names.subList(1, names.size()));
    }

    /// Tried in an earlier round: it answered, or it was found not to take this prompt.
    private static boolean tried(PromptState state, String model) {
        return state.attempts().stream().map(Attempt::model).anyMatch(model::equals);
    }

    private static List<ModelCard> keep(List<ModelCard> cards, Predicate<ModelCard> condition) {
        return cards.stream().filter(condition).toList();
    }

    private Assignment noRoute(Prompt prompt) {
        List<String> names = routes.routes().stream().map(Route::name).toList();
        return prompt.labels()
                .route()
                .map(
                        named ->
                                refused(
                                        FailureCode.INVALID_INPUT,
                                        "route %s is not in the topology file; it has %s"
                                                .formatted(named, names)))
                .orElseGet(
                        () ->
                                refused(
                                        FailureCode.NO_MODEL,
                                        "no route matches this prompt; let the last route of the"
                                                + " topology file match anything"));
    }

    private static Assignment refused(FailureCode code, String message) {
        return new Refused(new Failure(code, message));
    }
}
