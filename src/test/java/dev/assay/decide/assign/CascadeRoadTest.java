package dev.assay.decide.assign;

import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Attempt;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
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

class CascadeRoadTest {

    /// An answer of the large model costs 0.03 USD; a verdict nothing.
    private static final Catalog CATALOG =
            catalog(
                    priced("small", 0.001),
                    priced("medium", 0.002),
                    priced("large", 0.03),
                    priced("judge", 0));

    private static final List<String> MODELS = List.of("small", "medium", "large");

    private final Scorecards scorecards = new Scorecards();

    @Test
    void goesOnWithoutQuestionWhereNothingIsSaidOfWorth() {
        escalations("medium", 0, 0.002);
        escalations("large", 0, 0.03);

        assertThat(afterSmall(OptionalDouble.empty(), 3)).contains("medium");
    }

    @Test
    void asksInHopeWhereEscalationsAreFew() {
        OptionalDouble usdPerPoint = OptionalDouble.of(0.003);
        escalations(2, "medium", 0, 0.006);
        escalations(2, "large", 0, 0.03);

        assertThat(afterSmall(usdPerPoint, 3)).contains("medium");

        escalations(100, "medium", 0, 0.006);

        assertThat(afterSmall(usdPerPoint, 3)).isEmpty();
    }

    @Test
    void hopesForNothingThatCostsMoreThanTheBestGradeIsWorth() {
        assertThat(afterSmall(OptionalDouble.of(0.000_001), 3)).isEmpty();
    }

    @Test
    void passesOverAModelThatHardlyEverHelpsAtThisPlace() {
        escalations("medium", 0.02, 0.006);
        escalations("large", 0.9, 0.03);

        assertThat(afterSmall(OptionalDouble.of(0.01), 3)).contains("large");
    }

    @Test
    void stopsWhereNoFurtherModelIsWorthItsCost() {
        escalations("medium", 0.02, 0.006);
        escalations("large", 0.5, 0.03);

        assertThat(afterSmall(OptionalDouble.of(0.005), 3)).isEmpty();
        assertThat(afterSmall(OptionalDouble.of(0.012), 3)).contains("large");
    }

    @Test
    void neverStopsWithoutAnAnswer() {
        escalations("medium", 0, 0.002);
        escalations("large", 0, 0.03);
        PromptState failed =
                begun(OptionalDouble.of(0.005)).plusAttempt(Samples.attempt(1, "small", "timeout"));

        assertThat(next(failed, OptionalDouble.of(0.005))).contains("medium");
    }

    private Optional<String> afterSmall(OptionalDouble usdPerPoint, double grade) {
        Attempt graded =
                Samples.attempt(1, "small", Attempt.ANSWERED).withGrade(OptionalDouble.of(grade));
        return next(begun(usdPerPoint).plusAttempt(graded), usdPerPoint);
    }

    private static PromptState begun(OptionalDouble usdPerPoint) {
        return new PromptSample()
                .admitted()
                .assigned(cascade(usdPerPoint), Samples.plan("", "small"));
    }

    private Optional<String> next(PromptState state, OptionalDouble usdPerPoint) {
        Routes routes = new Routes(List.of(cascade(usdPerPoint)), Map.of());
        Assigner assigner = new Assigner(CATALOG, routes, _ -> "");
        return switch (assigner.assign(state, Knowledge.of(scorecards.all()))) {
            case Assignment.Refused refused -> {
                assertThat(refused.failure().message()).contains("worth its cost");
                yield Optional.empty();
            }
            case Assignment.Assigned assigned ->
                    assigned.plan().picks().stream().map(Plan.Pick::model).findFirst();
        };
    }

    private static Route cascade(OptionalDouble usdPerPoint) {
        return route(
                "r",
                new Strategy.Cascade(MODELS, usdPerPoint),
                CheckPolicy.NONE.withJudges(List.of("judge")));
    }

    /// What a model did in second rounds.
    private void escalations(String model, double passShare, double usd) {
        escalations(100, model, passShare, usd);
    }

    private void escalations(int count, String model, double passShare, double usd) {
        String rubric = cascade(OptionalDouble.empty()).check().rubricKey();
        for (int i = 0; i < count; i++) {
            scorecards.add(Observed.of(model, 2, i < passShare * count, usd, rubric));
        }
    }
}
