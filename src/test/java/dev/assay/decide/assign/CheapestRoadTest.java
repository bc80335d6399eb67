package dev.assay.decide.assign;

import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Panel;
import dev.assay.model.Plan;
import dev.assay.model.PromptSample;
import dev.assay.model.Route;
import dev.assay.model.Rule;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

class CheapestRoadTest {

    private static final int ENOUGH = 200;

    /// An answer of the cheap model costs 0.01 USD, one of the dear 0.03; a verdict about nothing.
    private static final Catalog CATALOG =
            catalog(priced("cheap", 0.01), priced("dear", 0.03), priced("judge", 0));

    private static final Route ROUTE =
            route(
                    "r",
                    new Strategy.Cheapest(List.of("cheap", "dear")),
                    CheckPolicy.NONE.withJudges(List.of("judge")));

    private static final String RUBRIC = ROUTE.check().rubricKey();

    private final Scorecards scorecards = new Scorecards();

    @Test
    void cheapModelThatMostlyPassesIsFirst() {
        observe("cheap", 0.8, 0.01);
        observe("dear", 1, 0.03);

        assertThat(plan("p-1").picks()).extracting(Plan.Pick::model).containsExactly("cheap");
        assertThat(plan("p-1").picks()).extracting(Plan.Pick::propensity).containsExactly(1.0);
        assertThat(plan("p-1").fallbacks()).containsExactly("dear");
    }

    /// The cheap one fails 3 times of 10, and then the dear one is paid as well: 0.025 + 0.3 * 0.03
    /// is more than 0.03.
    @Test
    void modelThatFailsTooOftenForItsPriceIsDearer() {
        observe("cheap", 0.7, 0.025);
        observe("dear", 1, 0.03);

        assertThat(plan("p-1").picks()).extracting(Plan.Pick::model).containsExactly("dear");
    }

    @Test
    void modelBelowTheBarComesLastHoweverCheap() {
        observe("cheap", 0.5, 0.000_001);
        observe("dear", 0.9, 0.03);

        assertThat(plan("p-1").picks()).extracting(Plan.Pick::model).containsExactly("dear");
        assertThat(plan("p-1").fallbacks()).containsExactly("cheap");
    }

    @Test
    void gradesByAnotherRubricSayNothing() {
        observe("cheap", 0.05, 0.01, "other rubric");
        observe("dear", 1, 0.03, "other rubric");

        assertThat(plan("p-1").picks().getFirst().why()).contains("assumed");
    }

    @Test
    void unknownModelGetsItsFairShareAndNoMore() {
        observe("cheap", 1, 0.01);

        Map<String, Integer> chosen = new HashMap<>();
        IntStream.range(0, 10_000)
                .forEach(
                        i ->
                                chosen.merge(
                                        plan("p-" + i).picks().getFirst().model(),
                                        1,
                                        Integer::sum));

        assertThat(chosen.getOrDefault("dear", 0) / 10_000.0)
                .isCloseTo(CheapestRoad.EXPLORED, within(0.01));
    }

    @Test
    void propensitiesAreTheChancesOfTheChoice() {
        observe("cheap", 1, 0.01);

        IntStream.range(0, 200)
                .mapToObj(i -> plan("p-" + i).picks().getFirst())
                .forEach(
                        pick ->
                                assertThat(pick.propensity())
                                        .isEqualTo(
                                                pick.model().equals("dear")
                                                        ? CheapestRoad.EXPLORED
                                                        : 1 - CheapestRoad.EXPLORED));
    }

    @Test
    void promptThatIsInAHurryOrShortOfMoneyIsNotExperimentedWith() {
        observe("cheap", 1, 0.01);

        for (int i = 0; i < 500; i++) {
            PromptSample hurried = new PromptSample().id("p-" + i);
            hurried.deadline(hurried.prompt().origin().admittedAt().plusSeconds(60));
            PromptSample poor = new PromptSample().id("p-" + i).maxCostUsd(0.035);

            assertThat(plan(hurried).picks())
                    .containsExactly(plan(poor).picks().getFirst())
                    .extracting(Plan.Pick::model)
                    .containsExactly("cheap");
        }
    }

    /// Answers have cost a tenth of what is expected of this one, but this is another prompt.
    @Test
    void experimentMustBeAffordableForThisPromptWhateverOthersCost() {
        observe("cheap", 1, 0.001);

        for (int i = 0; i < 500; i++) {
            PromptSample poor = new PromptSample().id("p-" + i).maxCostUsd(0.035);

            assertThat(plan(poor).picks()).extracting(Plan.Pick::model).containsExactly("cheap");
        }
    }

    /// An answer of the cheap model is 0.01 USD, and so is a verdict of each of the judges; an
    /// answer of the dear one is 0.03.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a       | FIRST    | ''   | 0.02
                    a,b,c   | FIRST    | ''   | 0.02
                    a,b,c   | MEDIAN   | ''   | 0.04
                    a,b     | MAJORITY | ''   | 0.03
                    a,cheap | MEAN     | ''   | 0.02
                    ''      | FIRST    | dear | 0.04
                    a,b,c   | MEDIAN   | dear | 0.04
                    a,b,c   | MEDIAN   | cheap | 0.04
                    """)
    void checkIsExpectedToCostWhatEachWhoIsAskedCosts(
            String judges, Panel.Kind panel, String agreeing, double usd) {
        CheckPolicy policy =
                new CheckPolicy(
                        List.of(),
                        judges.isEmpty() ? List.of() : List.of(judges.split(",")),
                        new Panel(panel, 1),
                        Optional.of(agreeing)
                                .filter(model -> !model.isEmpty())
                                .map(model -> new CheckPolicy.Agreement(model, Optional.empty())),
                        "",
                        List.of(),
                        7,
                        1,
                        false);
        Route route = route("r", ROUTE.strategy(), policy);
        Catalog catalog =
                catalog(
                        priced("cheap", 0.01),
                        priced("dear", 0.03),
                        priced("a", 0.01),
                        priced("b", 0.01),
                        priced("c", 0.01));

        CheapestRoad.Expected expected = expected(route, catalog);

        assertThat(expected.usd()).isCloseTo(usd, within(1e-9));
    }

    /// One answer in ten is judged: 0.01 for the answer, a tenth of 0.03 for its check.
    @Test
    void checkIsExpectedToCostTheShareThatIsSampled() {
        CheckPolicy policy =
                new CheckPolicy(
                        List.of(),
                        List.of("dear"),
                        Panel.FIRST,
                        Optional.empty(),
                        "",
                        List.of(),
                        7,
                        0.1,
                        false);
        Route route = route("r", ROUTE.strategy(), policy);
        Catalog catalog = catalog(priced("cheap", 0.01), priced("dear", 0.03));

        CheapestRoad.Expected expected = expected(route, catalog);

        assertThat(expected.usd()).isCloseTo(0.013, within(1e-9));
        assertThat(expected.mostUsd()).isCloseTo(0.04, within(1e-9));
        assertThat(expected.goesOn()).isCloseTo(0.1 * (1 - expected.pass()), within(1e-9));
    }

    @Test
    void agreementAloneIsACheckThatSomeAnswersDoNotPass() {
        CheckPolicy policy =
                CheckPolicy.NONE.withAgreement(
                        Optional.of(new CheckPolicy.Agreement("dear", Optional.empty())));
        Route route = route("r", ROUTE.strategy(), policy);
        Catalog catalog = catalog(priced("cheap", 0.01), priced("dear", 0.03));

        assertThat(expected(route, catalog).pass()).isLessThan(1);
    }

    /// Without judges a model that passes three times of five is below no bar of grades.
    @Test
    void whereNoJudgeScoresOnlyGradesFromOutsideAreHeldAgainstTheBar() {
        Route route =
                route(
                        "r",
                        ROUTE.strategy(),
                        CheckPolicy.NONE.withRules(List.of(new Rule.MaxChars(100))));
        Catalog catalog = catalog(priced("cheap", 0.01), priced("dear", 0.03));
        observe("cheap", 0.6, 0.01, route.check().rubricKey());

        boolean before = expected(route, catalog).reaches();
        for (int i = 0; i < 40; i++) {
            scorecards.addLate(new Scope("r", Optional.empty()), "cheap", "human", 1, 1, 3, false);
        }

        assertThat(before).isTrue();
        assertThat(expected(route, catalog).reaches()).isFalse();
    }

    private CheapestRoad.Expected expected(Route route, Catalog catalog) {
        return new CheapestRoad(catalog, new Routes(List.of(route), Map.of()))
                .expected(
                        new PromptSample().admitted(),
                        route,
                        catalog.card("cheap"),
                        Knowledge.of(scorecards.all()));
    }

    private Plan plan(String id) {
        return plan(new PromptSample().id(id));
    }

    private Plan plan(PromptSample prompt) {
        Assigner assigner =
                new Assigner(CATALOG, new Routes(List.of(ROUTE), Map.of()), ChatRequest::json);
        Assignment assignment = assigner.assign(prompt.admitted(), Knowledge.of(scorecards.all()));
        return ((Assignment.Assigned) assignment).plan();
    }

    private void observe(String model, double passShare, double usd) {
        observe(model, passShare, usd, RUBRIC);
    }

    private void observe(String model, double passShare, double usd, String rubric) {
        for (int i = 0; i < ENOUGH; i++) {
            scorecards.add(Observed.of(model, 1, i < passShare * ENOUGH, usd, rubric));
        }
    }
}
