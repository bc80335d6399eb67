package dev.assay.decide.assign;

import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.model.CheckPolicy;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Samples;
import dev.assay.model.Usage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

class RoutesTest {

    private static final Routes ROUTES =
            routes(
                    matching(
                            "code",
                            new RouteMatch(
                                    List.of("code", "sql"),
                                    List.of(),
                                    OptionalInt.empty(),
                                    OptionalInt.empty())),
                    matching(
                            "acme",
                            new RouteMatch(
                                    List.of(),
                                    List.of("acme"),
                                    OptionalInt.of(10),
                                    OptionalInt.of(100))),
                    matching(
                            "long",
                            new RouteMatch(
                                    List.of(),
                                    List.of(),
                                    OptionalInt.of(1_000),
                                    OptionalInt.empty())));

    @ParameterizedTest
    @CsvSource({
        "code, ,     50,   ,     code",
        "sql,  acme, 50,   ,     code",
        "chat, acme, 50,   ,     acme",
        ",     acme, 50,   ,     acme",
        ",     acme, 10,   ,     acme",
        ",     acme, 100,  ,     acme",
        ",     acme, 9,    ,     ",
        ",     acme, 101,  ,     ",
        ",     other, 50,  ,     ",
        ",     ,     50,   ,     ",
        ",     ,     1000, ,     long",
        "Code, ,     50,   ,     ",
        ",     ,     50,   long, long",
        "code, ,     50,   long, long",
        "code, ,     50,   none, ",
        "code, ,     50,   small, small",
    })
    void promptTakesTheRouteItNamesElseTheFirstThatMatches(
            @Nullable String task,
            @Nullable String tenant,
            int chars,
            @Nullable String named,
            @Nullable String expected) {
        PromptSample sample = new PromptSample().chars(chars);
        if (task != null) {
            sample.task(task);
        }
        if (tenant != null) {
            sample.tenant(tenant);
        }
        if (named != null) {
            sample.route(named);
        }

        assertThat(ROUTES.find(sample.prompt()).map(Route::name).orElse(null)).isEqualTo(expected);
    }

    @Test
    void promptUnderWayKeepsItsRoute() {
        PromptState state = onRoute("long", new PromptSample().task("code"));

        assertThat(ROUTES.of(state)).map(Route::name).contains("long");
    }

    @Test
    void promptWhoseRouteLeftTheFileTakesAnotherThatMatches() {
        PromptState state = onRoute("retired", new PromptSample().task("code"));

        assertThat(ROUTES.require(state).name()).isEqualTo("code");
    }

    @Test
    void promptThatNoRouteIsLeftForIsToldWhichOneIsMissing() {
        PromptState state = onRoute("retired", new PromptSample());

        assertThatThrownBy(() -> ROUTES.require(state))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("retired");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    small |       |      | true
                    small | cheap |      | true
                    small | eu    |      | false
                    large | eu    |      | true
                    small |       | free | true
                    small |       | acme | false
                    large |       | acme | true
                    large | eu    | acme | true
                    large | moon  | acme | false
                    other |       | acme | false
                    small |       | picky | true
                    large |       | picky | false
                    """)
    void modelMustBearAllTagsOfPromptAndTenantAndBeOneOfTheTenants(
            String model, @Nullable String tag, @Nullable String tenant, boolean permitted) {
        Routes routes =
                new Routes(
                        List.of(),
                        Map.of(
                                "acme",
                                new TenantPolicy(List.of("eu"), List.of("small", "large"), true),
                                "picky",
                                new TenantPolicy(List.of(), List.of("small"), true)));
        Map<String, List<String>> tags =
                Map.of("small", List.of("cheap"), "large", List.of("eu"), "other", List.of("eu"));
        PromptSample sample = new PromptSample();
        if (tag != null) {
            sample.requiredTags(tag);
        }
        if (tenant != null) {
            sample.tenant(tenant);
        }

        assertThat(
                        routes.permits(
                                sample.prompt(),
                                card(
                                        model,
                                        tags.getOrDefault(model, List.of())
                                                .toArray(String[]::new))))
                .isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({
        ",    ,    ",
        "0.5, ,    0.5",
        ",    0.3, 0.3",
        "0.5, 0.3, 0.3",
        "0.2, 0.3, 0.2",
        "0,   0.3, 0",
    })
    void smallerBudgetOfPromptAndRouteCounts(
            @Nullable Double ofPrompt, @Nullable Double ofRoute, @Nullable Double smaller) {
        Routes routes =
                routes(
                        new Route(
                                "only",
                                RouteMatch.ANYTHING,
                                cascade("small"),
                                CheckPolicy.NONE,
                                1,
                                ofRoute == null
                                        ? OptionalDouble.empty()
                                        : OptionalDouble.of(ofRoute),
                                Optional.empty()));
        PromptSample sample = new PromptSample();
        if (ofPrompt != null) {
            sample.maxCostUsd(ofPrompt);
        }

        assertThat(routes.budgetUsd(sample.admitted()))
                .isEqualTo(smaller == null ? OptionalDouble.empty() : OptionalDouble.of(smaller));
    }

    /// 0.2 USD are spent of 0.3.
    @ParameterizedTest
    @CsvSource({"0, true", "0.0999, true", "0.1, true", "0.1001, false"})
    void budgetCountsWhatIsSpentOnAnswersAndChecks(double nextUsd, boolean affordable) {
        PromptState state = new PromptSample().maxCostUsd(0.3).admitted();
        PromptState spent =
                state.withSpend(
                        state.spend()
                                .plus(Purpose.ANSWER, 0.1, Usage.NONE)
                                .plus(Purpose.CHECK, 0.1, Usage.NONE));

        assertThat(ROUTES.affords(spent, nextUsd)).isEqualTo(affordable);
    }

    @Test
    void costWithoutABudgetHasNoBound() {
        assertThat(ROUTES.affords(new PromptSample().admitted(), 1e9)).isTrue();
    }

    private static PromptState onRoute(String route, PromptSample sample) {
        return sample.admitted()
                .assigned(Samples.route(route, cascade("small")), Samples.plan("small"));
    }

    private static Route matching(String name, RouteMatch match) {
        Route any = route(name, cascade("small"));
        return new Route(
                name,
                match,
                any.strategy(),
                any.check(),
                any.rounds(),
                any.maxCostUsd(),
                any.reuse());
    }

    private static Routes routes(Route... routes) {
        return new Routes(List.of(routes), Map.of());
    }
}
