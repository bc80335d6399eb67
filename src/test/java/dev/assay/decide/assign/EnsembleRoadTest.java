package dev.assay.decide.assign;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.assign.Assignment.Assigned;
import dev.assay.decide.assign.Assignment.Refused;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.EnsemblePick;
import dev.assay.model.FailureCode;
import dev.assay.model.Plan;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy.Ensemble;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/// Who is seated in an ensemble.
class EnsembleRoadTest {

    private static final EnsemblePick VOTE = new EnsemblePick.Vote(Optional.empty());

    /// Calls cost 0.03, 0.01 and 0.02 USD; only a and c are in the EU.
    private static final Catalog CATALOG =
            catalog(
                    card("a", priced("a", 0.03).price(), OptionalInt.empty(), "eu"),
                    priced("b", 0.01),
                    card("c", priced("c", 0.02).price(), OptionalInt.empty(), "eu"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2 |    |      | a b         | c
                    3 |    |      | a b c       |
                    5 |    |      | a b c a b   |
                    3 | eu |      | a c         |
                    2 | eu |      | a c         |
                    6 | eu |      | a c a c     |
                    3 |    | 0.05 | a b         | c
                    3 |    | 0.03 | a           | b c
                    6 |    | 0.08 | a b c b     |
                    """)
    void modelsTakeSeatsInTurnAsFarAsTheyMayAndCanBePaid(
            int members,
            @Nullable String tag,
            @Nullable Double budgetUsd,
            String picks,
            @Nullable String others) {
        PromptSample sample = new PromptSample();
        if (tag != null) {
            sample.requiredTags(tag);
        }
        if (budgetUsd != null) {
            sample.maxCostUsd(budgetUsd);
        }

        Plan plan = assigned(ensemble(members, 1), sample.admitted());

        assertThat(plan.picks()).extracting(Plan.Pick::model).containsExactly(picks.split(" "));
        assertThat(plan.fallbacks())
                .containsExactly(others == null ? new String[0] : others.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    3 |    |      | member 1 of 3
                    3 | eu |      | member 1 of 2, not 3 (b: it lacks the tag eu that the prompt requires)
                    3 |    | 0.05 | member 1 of 2, not 3 (c: beyond the budget)
                    6 |    | 0.11 | member 1 of 5, not 6, by the budget
                    """)
    void pickSaysWhyThereAreFewer(
            int members, @Nullable String tag, @Nullable Double budgetUsd, String why) {
        PromptSample sample = new PromptSample();
        if (tag != null) {
            sample.requiredTags(tag);
        }
        if (budgetUsd != null) {
            sample.maxCostUsd(budgetUsd);
        }

        Plan plan = assigned(ensemble(members, 1), sample.admitted());

        assertThat(plan.picks().getFirst().why()).isEqualTo(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    eu |      | REFUSED_BY_POLICY | fewer than the quorum of 3 models of route r may see this prompt
                       | 0.05 | OVER_BUDGET       | 3 calls at once on route r may exceed the max_cost_usd of the prompt, 0.050000 USD
                       | 0.01 | OVER_BUDGET       | 3 calls at once on route r may exceed the max_cost_usd of the prompt, 0.010000 USD
                    """)
    void nothingIsSpentWhereTheQuorumIsOutOfReach(
            @Nullable String tag, @Nullable Double budgetUsd, FailureCode code, String message) {
        PromptSample sample = new PromptSample();
        if (tag != null) {
            sample.requiredTags(tag);
        }
        if (budgetUsd != null) {
            sample.maxCostUsd(budgetUsd);
        }

        Assignment assignment = assign(ensemble(3, 3), sample.admitted());

        assertThat(assignment).isInstanceOf(Refused.class);
        assertThat(((Refused) assignment).failure().code()).isEqualTo(code);
        assertThat(((Refused) assignment).failure().message()).contains(message);
    }

    @Test
    void whatMakesOneOfTheAnswersIsPaidForBeforehand() {
        Ensemble fused =
                new Ensemble(
                        List.of("a", "b", "c"), 3, new EnsemblePick.Fuse("c"), 1, Optional.empty());

        Plan plan = assigned(fused, new PromptSample().maxCostUsd(0.06).admitted());

        assertThat(plan.picks()).extracting(Plan.Pick::model).containsExactly("a", "b");
    }

    @Test
    void laterRoundSeatsWhoWasNotTried() {
        PromptState tried =
                new PromptSample()
                        .admitted()
                        .assigned(route("r", ensemble(2, 1)), plan("a"))
                        .plusAttempt(attempt(1, "a"))
                        .plusAttempt(attempt(1, "b"));

        Plan plan = assigned(ensemble(2, 1), tried);

        assertThat(plan.picks()).extracting(Plan.Pick::model).containsExactly("c");
        assertThat(plan.picks().getFirst().why())
                .isEqualTo("member 1 of 1, not 2 (a: it was tried before; b: it was tried before)");
    }

    @Test
    void membersNeverCostMoreThanTheBudgetNorSitTwiceBeforeAllSat() {
        Random random = new Random(11);
        for (int run = 0; run < 2_000; run++) {
            int members = 2 + random.nextInt(8);
            double budgetUsd = 0.01 + random.nextDouble() * 0.2;
            PromptState state = new PromptSample().maxCostUsd(budgetUsd).admitted();

            Assignment assignment = assign(ensemble(members, 1), state);

            if (assignment instanceof Assigned assigned) {
                List<String> picks =
                        assigned.plan().picks().stream().map(Plan.Pick::model).toList();
                double usd =
                        picks.stream()
                                .mapToDouble(model -> CATALOG.card(model).price().callUsd())
                                .sum();
                assertThat(usd).isLessThanOrEqualTo(budgetUsd + 1e-9);
                assertThat(picks).hasSizeLessThanOrEqualTo(members);
                assertThat(assigned.plan().fallbacks()).doesNotContainAnyElementsOf(picks);
            } else {
                assertThat(budgetUsd).isLessThan(0.01 + 1e-9);
            }
        }
    }

    private static Ensemble ensemble(int members, int quorum) {
        return new Ensemble(List.of("a", "b", "c"), members, VOTE, quorum, Optional.empty());
    }

    private static Plan assigned(Ensemble ensemble, PromptState state) {
        Assignment assignment = assign(ensemble, state);
        assertThat(assignment).isInstanceOf(Assigned.class);
        return ((Assigned) assignment).plan();
    }

    private static Assignment assign(Ensemble ensemble, PromptState state) {
        Route route = route("r", ensemble);
        return new Assigner(CATALOG, new Routes(List.of(route), Map.of()), ChatRequest::json)
                .assign(state, Knowledge.NONE);
    }
}
