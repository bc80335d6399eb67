package dev.assay.decide.assign;

import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Scope;
import dev.assay.model.ModelCard;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;

/// The routes of a topology file and who may use which models on them.
///
/// @param routes in the file's order; the first match wins
/// @param tenants policies by tenant; who is not in it is free
public record Routes(List<Route> routes, Map<String, TenantPolicy> tenants) {

    /// What sums of a few dollar amounts are off by at most, as a share: three times 0.1 is within
    /// a budget of 0.3.
    private static final double ROUNDING = 1e-9;

    public Routes {
        routes = List.copyOf(routes);
        tenants = Map.copyOf(tenants);
    }

    /// The route of that name.
    public Optional<Route> named(String name) {
        // Asked a dozen times for each prompt: a stream would cost microseconds of its CPU.
        for (Route route : routes) {
            if (route.name().equals(name)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /// The route a prompt takes: the one it names, else the first that matches; empty where there
    /// is none. A prompt may name a model instead: that model alone answers, and the answer is
    /// checked as on the first route that matches and has it.
    public Optional<Route> find(Prompt prompt) {
        Optional<String> asked = prompt.labels().route();
        return asked.isPresent()
                ? named(asked.get()).or(() -> direct(asked.get(), prompt))
                : routes.stream().filter(route -> matches(route.match(), prompt)).findFirst();
    }

    private Optional<Route> direct(String model, Prompt prompt) {
        return lender(model, prompt)
                .map(
                        route ->
                                new Route(
                                        model,
                                        RouteMatch.ANYTHING,
                                        new Strategy.Fixed(List.of(model)),
                                        route.check(),
                                        1,
                                        route.maxCostUsd(),
                                        route.usdPerDay(),
                                        route.reuse()));
    }

    /// The route that lends a model, named as a route, its check and its budgets.
    private Optional<Route> lender(String model, Prompt prompt) {
        return routes.stream()
                .filter(route -> route.strategy().models().contains(model))
                .min(Comparator.comparing(route -> !matches(route.match(), prompt)));
    }

    /// The route of a prompt that is under way; the file may have lost it since.
    public Optional<Route> of(PromptState state) {
        return named(state.route()).or(() -> find(state.prompt()));
    }

    /// The route of a prompt that is in a stage.
    ///
    /// @throws NoSuchElementException if the topology file has no route for it any more
    public Route require(PromptState state) {
        return of(state)
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "the topology file has no route "
                                                + state.route()
                                                + " any more; put it back or send again"));
    }

    /// True where the prompt's and the tenant's rules let this model see the prompt, for whatever
    /// purpose.
    public boolean permits(Prompt prompt, ModelCard card) {
        return objection(prompt, card).isEmpty();
    }

    /// The rule that keeps a model from seeing a prompt, if there is one.
    public Optional<String> objection(Prompt prompt, ModelCard card) {
        TenantPolicy policy = policyOf(prompt.labels().tenant());
        return missing(card, prompt.constraints().requiredTags())
                .map("it lacks the tag %s that the prompt requires"::formatted)
                .or(
                        () ->
                                missing(card, policy.requiredTags())
                                        .map(
                                                "it lacks the tag %s that the tenant requires"
                                                        ::formatted))
                .or(
                        () ->
                                policy.models().isEmpty() || policy.models().contains(card.name())
                                        ? Optional.empty()
                                        : Optional.of("the tenant may not use it"));
    }

    /// What the learner of single prompts on a route remembers and looks at.
    public LearnSettings learning(String route) {
        return named(route)
                .map(Route::strategy)
                .filter(Strategy.Learned.class::isInstance)
                .map(Strategy.Learned.class::cast)
                .map(learned -> LearnSettings.of(learned.size()))
                .orElse(LearnSettings.DEFAULT);
    }

    /// Among whom the grades of a prompt on this route are shared.
    public Scope scope(String route, Prompt prompt) {
        Optional<String> tenant = prompt.labels().tenant();
        return new Scope(route, policyOf(tenant).sharesLearning() ? Optional.empty() : tenant);
    }

    /// True where so much more stays within the prompt's and the route's budget.
    ///
    /// @param moreUsd what the call in question and those that are open already are reckoned at
    public boolean affords(PromptState state, double moreUsd) {
        double limit = budgetUsd(state).orElse(Double.POSITIVE_INFINITY);
        return state.spend().totalUsd() + moreUsd <= limit * (1 + ROUNDING);
    }

    /// The smaller of the prompt's and its route's budget, where there is one.
    public OptionalDouble budgetUsd(PromptState state) {
        OptionalDouble own = state.prompt().constraints().maxCostUsd();
        OptionalDouble routes = of(state).map(Route::maxCostUsd).orElse(OptionalDouble.empty());
        if (own.isPresent() && routes.isPresent()) {
            return OptionalDouble.of(Math.min(own.getAsDouble(), routes.getAsDouble()));
        }
        return own.isPresent() ? own : routes;
    }

    /// The budget that is the smaller one, in words, with what of it is spent.
    public String budgetInWords(PromptState state) {
        double limit = budgetUsd(state).orElse(Double.POSITIVE_INFINITY);
        boolean own = state.prompt().constraints().maxCostUsd().orElse(limit + 1) <= limit;
        return String.format(
                Locale.ROOT,
                "the max_cost_usd of %s, %.6f USD, of which %.6f are spent",
                own ? "the prompt" : "route " + of(state).map(Route::name).orElse(state.route()),
                limit,
                state.spend().totalUsd());
    }

    /// True where any budget limits what calls of this prompt may cost.
    public boolean binds(PromptState state) {
        return budgetUsd(state).isPresent() || !dayScopes(state).isEmpty();
    }

    /// True where anything has a budget of a day.
    public boolean anyDayBudget() {
        return routes.stream().anyMatch(route -> route.usdPerDay().isPresent())
                || tenants.values().stream().anyMatch(policy -> policy.usdPerDay().isPresent());
    }

    /// Whose budgets of the day the calls of this prompt draw on.
    public List<BudgetScope> dayScopes(PromptState state) {
        List<BudgetScope> scopes = new ArrayList<>(2);
        Optional<String> tenant = state.prompt().labels().tenant();
        if (policyOf(tenant).usdPerDay().isPresent()) {
            scopes.add(BudgetScope.tenant(tenant.orElseThrow()));
        }
        named(state.route())
                .or(() -> lender(state.route(), state.prompt()))
                .filter(route -> route.usdPerDay().isPresent())
                .ifPresent(route -> scopes.add(BudgetScope.route(route.name())));
        return scopes;
    }

    /// What a scope may spend on one day; empty where it has no such budget any more.
    public OptionalDouble usdPerDay(BudgetScope scope) {
        return switch (scope.kind()) {
            case TENANT -> policyOf(Optional.of(scope.name())).usdPerDay();
            case ROUTE -> named(scope.name()).map(Route::usdPerDay).orElse(OptionalDouble.empty());
        };
    }

    private TenantPolicy policyOf(Optional<String> tenant) {
        return tenant.map(name -> tenants.getOrDefault(name, TenantPolicy.FREE))
                .orElse(TenantPolicy.FREE);
    }

    private static Optional<String> missing(ModelCard card, Collection<String> tags) {
        return tags.stream().filter(tag -> !card.tags().contains(tag)).sorted().findFirst();
    }

    private static boolean matches(RouteMatch match, Prompt prompt) {
        int chars = prompt.request().chars();
        return any(match.tasks(), prompt.labels().task())
                && any(match.tenants(), prompt.labels().tenant())
                && chars >= match.minChars().orElse(0)
                && chars <= match.maxChars().orElse(Integer.MAX_VALUE);
    }

    private static boolean any(List<String> wanted, Optional<String> value) {
        return wanted.isEmpty() || value.filter(wanted::contains).isPresent();
    }
}
