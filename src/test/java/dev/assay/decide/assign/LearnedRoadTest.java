package dev.assay.decide.assign;

import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.LearnerSize;
import dev.assay.model.Plan;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Samples;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

class LearnedRoadTest {

    private static final Catalog CATALOG =
            catalog(priced("cheap", 0.001), priced("dear", 0.01), priced("judge", 0));

    private static final Scope SCOPE = new Scope("r", Optional.empty());

    /// The cheap model is good at sums, and at nothing else.
    private static final Predictor TAUGHT = taught();

    @Test
    void eachPromptGetsTheModelThatIsWorthMostForIt() {
        Route route = learned(0.005, 0);

        assertThat(plan(route, "add 3 and 4", "p").picks())
                .extracting(Plan.Pick::model)
                .containsExactly("cheap");
        assertThat(plan(route, "write a poem", "p").picks())
                .extracting(Plan.Pick::model)
                .containsExactly("dear");
    }

    @Test
    void dearModelIsChosenOnlyWhereItsGradeIsWorthItsCost() {
        Route stingy = learned(0.000_5, 0);

        assertThat(plan(stingy, "write a poem", "p").picks())
                .extracting(Plan.Pick::model)
                .containsExactly("cheap");
    }

    @Test
    void choiceSaysWhatWasExpectedAndWhy() {
        Plan.Pick pick = plan(learned(0.005, 0), "add 3 and 4", "p").picks().getFirst();

        assertThat(pick.why()).contains("expected grade", "USD", "next best: dear", "features");
        assertThat(pick.propensity()).isEqualTo(1);
    }

    @Test
    void exploresTheShareItMayAndSaysSo() {
        Route route = learned(0.005, 0.1);

        List<Plan.Pick> picks =
                IntStream.range(0, 5_000)
                        .mapToObj(i -> plan(route, "add 3 and 4", "p-" + i).picks().getFirst())
                        .toList();

        assertThat(picks.stream().filter(pick -> pick.model().equals("dear")).count() / 5_000.0)
                .isCloseTo(0.1, within(0.02));
        assertThat(picks)
                .allSatisfy(
                        pick ->
                                assertThat(pick.propensity())
                                        .isEqualTo(pick.model().equals("dear") ? 0.1 : 0.9));
    }

    @Test
    void goesOnOnlyWhereThatIsExpectedToPay() {
        assertThat(afterCheap(twoRounds(0.005, 0), "p")).contains("dear");
        assertThat(afterCheap(twoRounds(0.001_6, 0), "p")).isEmpty();
    }

    @Test
    void goesOnWithABoundedShareToNoticeWhoGotBetter() {
        Route route = twoRounds(0.001_6, 0.1);

        List<Plan.Pick> tried =
                IntStream.range(0, 2_000)
                        .mapToObj(i -> afterCheapPick(route, "p-" + i))
                        .flatMap(Optional::stream)
                        .toList();

        assertThat(tried.size() / 2_000.0).isCloseTo(0.1, within(0.025));
        assertThat(tried)
                .allSatisfy(
                        pick -> {
                            assertThat(pick.propensity()).isEqualTo(0.1);
                            assertThat(pick.why()).startsWith("tried, although not expected");
                        });
    }

    @Test
    void goesOnForNoModelThatCostsMoreThanTheBestGradeIsWorth() {
        Route route = twoRounds(0.001, 0.49);

        assertThat(IntStream.range(0, 500).mapToObj(i -> afterCheap(route, "p-" + i)))
                .containsOnly(Optional.empty());
    }

    private static Optional<String> afterCheap(Route route, String id) {
        return afterCheapPick(route, id).map(Plan.Pick::model);
    }

    /// Who is asked after an answer of the cheap model that did not pass.
    private static Optional<Plan.Pick> afterCheapPick(Route route, String id) {
        PromptState state =
                new PromptSample()
                        .id(id)
                        .admitted()
                        .assigned(route, Samples.plan("cheap"))
                        .plusAttempt(Samples.attempt(1, "cheap").withGrade(OptionalDouble.of(3)));
        Assignment assignment = assigner(route, "write a poem").assign(state, knowledge());
        return assignment instanceof Assignment.Assigned assigned
                ? Optional.of(assigned.plan().picks().getFirst())
                : Optional.empty();
    }

    private static Route twoRounds(double usdPerPoint, double explore) {
        return withRounds(learned(usdPerPoint, explore), 2);
    }

    /// The dear model has not helped in 5 of 6 prompts that it took over.
    private static Knowledge knowledge() {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < 60; i++) {
            Observation.Try one =
                    new Observation.Try(
                            "dear",
                            1,
                            true,
                            OptionalDouble.of(i % 6 == 0 ? 9 : 3),
                            Optional.of(i % 6 == 0),
                            "judge",
                            learned(0.005, 0).check().rubricKey(),
                            0,
                            0,
                            0.01,
                            OptionalDouble.of(0),
                            10);
            cards.add(
                    new Observation(
                            "p" + i,
                            SCOPE,
                            Optional.empty(),
                            Optional.empty(),
                            "",
                            2,
                            List.of(one)));
        }
        return Knowledge.of(cards.all(), Map.of(SCOPE, TAUGHT));
    }

    @Test
    void withoutGradesItGoesByTheRulesOfCheapest() {
        Route route = learned(0.005, 0);
        Assigner assigner = assigner(route, "write a poem");

        Assignment assignment = assigner.assign(new PromptSample().admitted(), Knowledge.NONE);

        assertThat(((Assignment.Assigned) assignment).plan().picks().getFirst())
                .satisfies(
                        pick -> {
                            assertThat(pick.model()).isEqualTo("cheap");
                            assertThat(pick.why()).startsWith("cheapest of 2");
                        });
    }

    private static Plan plan(Route route, String text, String id) {
        Knowledge knowledge = Knowledge.of(List.of(), Map.of(SCOPE, TAUGHT));
        Assignment assignment =
                assigner(route, text).assign(new PromptSample().id(id).admitted(), knowledge);
        return ((Assignment.Assigned) assignment).plan();
    }

    private static Assigner assigner(Route route, String text) {
        return new Assigner(CATALOG, new Routes(List.of(route), Map.of()), _ -> text);
    }

    private static Route learned(double usdPerPoint, double explore) {
        Route route =
                route(
                        "r",
                        new Strategy.Learned(
                                List.of("cheap", "dear"),
                                usdPerPoint,
                                explore,
                                LearnerSize.DEFAULT),
                        CheckPolicy.NONE.withJudges(List.of("judge")));
        return withRounds(route, 1);
    }

    private static Route withRounds(Route route, int rounds) {
        return new Route(
                route.name(),
                route.match(),
                route.strategy(),
                route.check(),
                rounds,
                route.maxCostUsd(),
                route.reuse());
    }

    private static Predictor taught() {
        RouteLearner learner = new RouteLearner(LearnSettings.DEFAULT);
        for (int i = 0; i < 200; i++) {
            learner.observe(
                    features("add " + i + " and " + (i + 7)), Map.of("cheap", 9.0, "dear", 9.0), 1);
            learner.observe(
                    features("write a poem about " + i), Map.of("cheap", 3.0, "dear", 9.0), 1);
        }
        return learner.predictor();
    }

    private static FeatureVector features(String text) {
        return PromptFeatures.of(text, Optional.empty(), Optional.empty(), LearnSettings.DEFAULT);
    }
}
