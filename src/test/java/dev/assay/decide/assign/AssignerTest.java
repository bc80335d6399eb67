package dev.assay.decide.assign;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.assign.Assignment.Assigned;
import dev.assay.decide.assign.Assignment.Refused;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.Price;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Samples;
import dev.assay.model.Strategy;
import dev.assay.model.Usage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

class AssignerTest {

    /// Calls cost 0.03, 0.01 and 0.02 USD.
    private static final Catalog CATALOG =
            catalog(priced("a", 0.03), priced("b", 0.01), priced("c", 0.02));

    /// What each strategy over a, b and c plans, given what was tried in earlier rounds.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    fixed    |       | a | b c
                    cascade  |       | a | b c
                    cascade  | a     | b | c
                    cascade  | a b   | c |
                    cascade  | b     | a | c
                    cheapest |       | b | c a
                    cheapest | b     | c | a
                    cheapest | b c   | a |
                    """)
    void strategyPlansTheUntriedModelsInItsOrder(
            String strategy, @Nullable String tried, String pick, @Nullable String fallbacks) {
        Assigner assigner = assigner(CATALOG, route("r", strategy(strategy, "a", "b", "c")));

        Plan plan = assigned(assigner, after(new PromptSample(), names(tried))).plan();

        assertThat(plan.picks()).extracting(Plan.Pick::model).containsExactly(pick);
        assertThat(plan.picks()).extracting(Plan.Pick::propensity).containsExactly(1.0);
        assertThat(plan.fallbacks()).containsExactly(names(fallbacks));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    fixed    |   | fixed
                    cascade  | a | number 2 of 3 in the cascade
                    cheapest |   | cheapest of 3: 0.010000 USD expected for the whole road, 0.010000 for answer and check, 100 % pass
                    """)
    void pickSaysWhyItWasChosen(String strategy, @Nullable String tried, String why) {
        Assigner assigner = assigner(CATALOG, route("r", strategy(strategy, "a", "b", "c")));

        Plan plan = assigned(assigner, after(new PromptSample(), names(tried))).plan();

        assertThat(plan.picks()).extracting(Plan.Pick::why).containsExactly(why);
    }

    @Test
    void modelsOfEqualCostKeepTheOrderOfTheRoute() {
        Catalog equal = catalog(priced("a", 0.01), priced("b", 0.01), priced("c", 0.01));
        Assigner assigner = assigner(equal, route("r", strategy("cheapest", "c", "a", "b")));

        Plan plan = assigned(assigner, new PromptSample().admitted()).plan();

        assertThat(plan).isEqualTo(plan(plan.picks().getFirst().why(), "c", "a", "b"));
    }

    @Test
    void modelThatCouldNotBeReachedInAnEarlierRoundIsNotTriedOnceMore() {
        Assigner assigner = assigner(CATALOG, route("r", cascade("a", "b")));
        PromptState state =
                after(new PromptSample(), "b").plusAttempt(attempt(1, "a", "provider_error"));

        assertThat(refused(assigner, state).code()).isEqualTo(FailureCode.NO_MODEL);
    }

    @Test
    void fixedRouteHasNoSecondRound() {
        Assigner assigner = assigner(CATALOG, route("r", strategy("fixed", "a", "b")));

        Failure failure = refused(assigner, after(new PromptSample(), "a"));

        assertThat(failure.code()).isEqualTo(FailureCode.NO_MODEL);
        assertThat(failure.message()).contains("r", "fixed");
    }

    @Test
    void usedUpRoundsAreNamed() {
        Assigner assigner = assigner(CATALOG, rounds(2, cascade("a", "b", "c")));

        Failure failure = refused(assigner, after(new PromptSample(), "a", "b"));

        assertThat(failure.code()).isEqualTo(FailureCode.NO_MODEL);
        assertThat(failure.message()).contains("all 2 rounds of route r are used");
    }

    @Test
    void usedUpModelsAreNamed() {
        Assigner assigner = assigner(CATALOG, route("r", cascade("a", "b")));

        Failure failure = refused(assigner, after(new PromptSample(), "a", "b"));

        assertThat(failure.code()).isEqualTo(FailureCode.NO_MODEL);
        assertThat(failure.message()).contains("every model of route r was tried");
    }

    @Test
    void onlyModelsBearingTheRequiredTagsArePlanned() {
        Catalog catalog = catalog(card("a"), card("b", "eu"), card("c", "eu", "local"));
        Assigner assigner = assigner(catalog, route("r", cascade("a", "b", "c")));

        assertThat(models(assigner, new PromptSample().requiredTags("eu")))
                .containsExactly("b", "c");
        assertThat(models(assigner, new PromptSample().requiredTags("eu", "local")))
                .containsExactly("c");
        Failure failure = refused(assigner, new PromptSample().requiredTags("moon").admitted());
        assertThat(failure.code()).isEqualTo(FailureCode.REFUSED_BY_POLICY);
        assertThat(failure.message()).contains("moon");
    }

    @Test
    void tenantIsGivenOnlyItsModels() {
        Routes routes =
                new Routes(
                        List.of(route("r", cascade("a", "b", "c"))),
                        Map.of(
                                "acme", new TenantPolicy(List.of(), List.of("c", "b"), true),
                                "blocked", new TenantPolicy(List.of("moon"), List.of(), true)));
        Assigner assigner = new Assigner(CATALOG, routes, ChatRequest::json);

        assertThat(models(assigner, new PromptSample().tenant("acme"))).containsExactly("b", "c");
        assertThat(models(assigner, new PromptSample().tenant("other")))
                .containsExactly("a", "b", "c");
        Failure failure = refused(assigner, new PromptSample().tenant("blocked").admitted());
        assertThat(failure.code()).isEqualTo(FailureCode.REFUSED_BY_POLICY);
        assertThat(failure.message()).contains("blocked");
    }

    @Test
    void onlyModelsWhoseContextHoldsThePromptArePlanned() {
        Catalog catalog = catalog(context("a", 100), context("b", 1_000), card("c"));
        Assigner assigner = assigner(catalog, route("r", cascade("a", "b", "c")));
        Assigner bounded = assigner(catalog, route("r", cascade("a", "b")));

        assertThat(models(assigner, new PromptSample().chars(400))).containsExactly("a", "b", "c");
        assertThat(models(assigner, new PromptSample().chars(401))).containsExactly("b", "c");
        assertThat(models(assigner, new PromptSample().chars(4_001))).containsExactly("c");
        Failure failure = refused(bounded, new PromptSample().chars(4_001).admitted());
        assertThat(failure.code()).isEqualTo(FailureCode.CONTEXT_TOO_LONG);
        assertThat(failure.message()).contains("1001 input tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "0,    0.1,   a b c",
        "0,    0.03,  a b c",
        "0,    0.029, b c",
        "0.02, 0.03,  b",
        "0.02, 0.029, ",
        "0,    0,     ",
    })
    void onlyModelsThatTheRestOfTheBudgetPaysForArePlanned(
            double spentUsd, double budgetUsd, @Nullable String planned) {
        Assigner assigner = assigner(CATALOG, route("r", cascade("a", "b", "c")));
        PromptState state = new PromptSample().maxCostUsd(budgetUsd).admitted();
        PromptState spent =
                state.withSpend(state.spend().plus(Purpose.CHECK, spentUsd, Usage.NONE));

        if (planned == null) {
            Failure failure = refused(assigner, spent);
            assertThat(failure.code()).isEqualTo(FailureCode.OVER_BUDGET);
            assertThat(failure.message())
                    .contains("%.6f".formatted(budgetUsd), "%.6f".formatted(spentUsd));
        } else {
            assertThat(models(assigned(assigner, spent).plan())).containsExactly(names(planned));
        }
    }

    @Test
    void budgetOfTheRouteCountsAsWell() {
        Route route =
                new Route(
                        "r",
                        RouteMatch.ANYTHING,
                        cascade("a", "b"),
                        CheckPolicy.NONE,
                        1,
                        OptionalDouble.of(0.02),
                        Optional.empty());

        assertThat(models(assigner(CATALOG, route), new PromptSample())).containsExactly("b");
    }

    @Test
    void freeModelIsWithinABudgetOfNothing() {
        Assigner assigner = assigner(catalog(card("free")), route("r", cascade("free")));

        assertThat(models(assigner, new PromptSample().maxCostUsd(0))).containsExactly("free");
    }

    @Test
    void unknownRouteIsTheSendersMistake() {
        Assigner assigner = assigner(CATALOG, route("r", cascade("a")));

        Failure failure = refused(assigner, new PromptSample().route("elsewhere").admitted());

        assertThat(failure.code()).isEqualTo(FailureCode.INVALID_INPUT);
        assertThat(failure.message()).contains("elsewhere", "[r]");
    }

    @Test
    void promptThatNoRouteMatchesHasNoModel() {
        Route code =
                new Route(
                        "code",
                        new RouteMatch(
                                List.of("code"),
                                List.of(),
                                OptionalInt.empty(),
                                OptionalInt.empty()),
                        cascade("a"),
                        CheckPolicy.NONE,
                        1,
                        OptionalDouble.empty(),
                        Optional.empty());

        Failure failure = refused(assigner(CATALOG, code), new PromptSample().admitted());

        assertThat(failure.code()).isEqualTo(FailureCode.NO_MODEL);
        assertThat(failure.message()).contains("no route matches");
    }

    @Test
    void laterRoundsStayOnTheRouteOfTheFirst() {
        Assigner assigner =
                assigner(CATALOG, route("first", cascade("a")), route("second", cascade("b", "c")));
        PromptState state =
                new PromptSample()
                        .admitted()
                        .assigned(route("second", cascade("b", "c")), Samples.plan("b"))
                        .plusAttempt(attempt(1, "b"));

        Assigned assigned = assigned(assigner, state);

        assertThat(assigned.route().name()).isEqualTo("second");
        assertThat(models(assigned.plan())).containsExactly("c");
    }

    private static Plan plan(String why, String pick, String... fallbacks) {
        return new Plan(List.of(new Plan.Pick(pick, 1, why)), List.of(fallbacks));
    }

    private static ModelCard context(String name, int tokens) {
        return card(name, Price.FREE, OptionalInt.of(tokens));
    }

    private static Strategy strategy(String label, String... models) {
        return switch (label) {
            case "fixed" -> new Strategy.Fixed(List.of(models));
            case "cascade" -> new Strategy.Cascade(List.of(models));
            case "cheapest" -> new Strategy.Cheapest(List.of(models));
            default -> throw new IllegalArgumentException(label);
        };
    }

    private static Route rounds(int rounds, Strategy strategy) {
        return new Route(
                "r",
                RouteMatch.ANYTHING,
                strategy,
                CheckPolicy.NONE,
                rounds,
                OptionalDouble.empty(),
                Optional.empty());
    }

    private static Assigner assigner(Catalog catalog, Route... routes) {
        return new Assigner(catalog, new Routes(List.of(routes), Map.of()), ChatRequest::json);
    }

    /// A prompt on route r that went through a round with each of these models.
    private static PromptState after(PromptSample sample, String... tried) {
        PromptState state = sample.admitted();
        for (String model : tried) {
            state = state.assigned(route("r", cascade(model)), Samples.plan(model));
            state = state.plusAttempt(attempt(state.round(), model));
        }
        return state;
    }

    private static Assigned assigned(Assigner assigner, PromptState state) {
        assertThat(assigner.assign(state, Knowledge.NONE)).isInstanceOf(Assigned.class);
        return (Assigned) assigner.assign(state, Knowledge.NONE);
    }

    private static Failure refused(Assigner assigner, PromptState state) {
        assertThat(assigner.assign(state, Knowledge.NONE)).isInstanceOf(Refused.class);
        return ((Refused) assigner.assign(state, Knowledge.NONE)).failure();
    }

    private static List<String> models(Assigner assigner, PromptSample sample) {
        return models(assigned(assigner, sample.admitted()).plan());
    }

    private static List<String> models(Plan plan) {
        return Stream.concat(plan.picks().stream().map(Plan.Pick::model), plan.fallbacks().stream())
                .toList();
    }

    private static String[] names(@Nullable String list) {
        return list == null ? new String[0] : list.split(" ");
    }
}
