package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.learn.LearnedChoice.Candidate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LearnedChoiceTest {

    private static final double USD_PER_POINT = 0.002;

    private static Candidate candidate(String model, double grade, double costUsd) {
        return new Candidate(model, new Prediction(grade, 0.4, 500), grade, costUsd, costUsd, true);
    }

    @ParameterizedTest
    @CsvSource({
        // small's grade, its cost, large's grade, its cost, who is chosen
        "8, 0.001, 9, 0.004, small", // one point is worth 0.002 USD, it costs 0.003
        "8, 0.001, 9, 0.002, large",
        "8, 0.001, 9, 0.003, small", // equal: the earlier one
        "5, 0.001, 9, 0.004, large",
        "8, 0, 8, 0, small",
    })
    void takesTheHighestExpectedGradeLessCost(
            double smallGrade, double smallUsd, double largeGrade, double largeUsd, String chosen) {
        List<Candidate> candidates =
                List.of(
                        candidate("small", smallGrade, smallUsd),
                        candidate("large", largeGrade, largeUsd));

        LearnedChoice choice = LearnedChoice.choose(candidates, USD_PER_POINT, 0, 0.5);

        assertThat(choice.model()).isEqualTo(chosen);
        assertThat(choice.explored()).isFalse();
        assertThat(choice.propensity()).isEqualTo(1);
    }

    @Test
    void triesOnlyModelsThatTheDeadlineAndTheBudgetBear() {
        List<Candidate> candidates =
                List.of(
                        candidate("best", 9, 0),
                        new Candidate("dear", new Prediction(8, 0.4, 500), 8, 0, 0, false));

        LearnedChoice choice = LearnedChoice.choose(candidates, USD_PER_POINT, 1, 0);

        assertThat(choice.model()).isEqualTo("best");
        assertThat(choice.propensities()).containsEntry("dear", 0.0).containsEntry("best", 1.0);
    }

    @Test
    void givesAModelWithoutGradesMoreTriesThanOneKnownToBeWorse() {
        List<Candidate> candidates =
                List.of(
                        candidate("best", 9, 0),
                        candidate("worse", 4, 0),
                        new Candidate("unknown", new Prediction(4, 2.5, 0), 4, 0, 0, true));

        LearnedChoice choice = LearnedChoice.choose(candidates, USD_PER_POINT, 0.1, 0.5);

        assertThat(choice.propensity("unknown")).isGreaterThan(5 * choice.propensity("worse"));
        assertThat(choice.propensity("worse")).isPositive();
    }

    @Test
    void dealsOutChancesThatSumToOneAndExploresNoMoreThanAllowed() {
        Random random = new Random(1);
        int explored = 0;
        int prompts = 20_000;
        double explore = 0.05;
        for (int i = 0; i < prompts; i++) {
            List<Candidate> candidates = candidates(random);

            LearnedChoice choice =
                    LearnedChoice.choose(
                            candidates, USD_PER_POINT, explore, LearnedChoice.draw("p" + i));

            double sum = choice.propensities().values().stream().mapToDouble(p -> p).sum();
            assertThat(sum).isCloseTo(1, within(1e-9));
            assertThat(choice.propensity()).isPositive();
            assertThat(choice.explored() ? choice.propensity() : 0).isLessThanOrEqualTo(explore);
            explored += choice.explored() ? 1 : 0;
        }

        // three standard deviations of a share of 0.05 among so many
        assertThat(explored / (double) prompts).isBetween(0.03, explore + 0.005);
    }

    @Test
    void choosesEachModelAsOftenAsItsPropensitySays() {
        List<Candidate> candidates =
                List.of(candidate("a", 9, 0), candidate("b", 8.8, 0), candidate("c", 8, 0));
        int prompts = 50_000;
        int[] chosen = new int[3];
        LearnedChoice last = LearnedChoice.choose(candidates, USD_PER_POINT, 0.3, 0);
        for (int i = 0; i < prompts; i++) {
            last =
                    LearnedChoice.choose(
                            candidates, USD_PER_POINT, 0.3, LearnedChoice.draw("id-" + i));
            chosen["abc".indexOf(last.model())]++;
        }

        assertThat(chosen[0] / (double) prompts).isCloseTo(last.propensity("a"), within(0.01));
        assertThat(chosen[1] / (double) prompts).isCloseTo(last.propensity("b"), within(0.01));
        assertThat(chosen[2] / (double) prompts).isCloseTo(last.propensity("c"), within(0.01));
    }

    @Test
    void saysWhatWasExpectedAndWhatDecided() {
        List<Candidate> candidates = List.of(candidate("a", 8.1, 0.0003), candidate("b", 9, 0.01));

        LearnedChoice choice = LearnedChoice.choose(candidates, USD_PER_POINT, 0, 0.5);

        assertThat(choice.why(List.of(new Reason("length", -0.25))))
                .isEqualTo(
                        "expected grade 8.1±0.4, 8.1 in the end at 0.000300 USD; next best: b, expected grade"
                                + " 9.0±0.4, 9.0 in the end at 0.010000 USD; strongest features: length -0.25");
    }

    @Test
    void refusesToChooseFromNothing() {
        assertThatThrownBy(() -> LearnedChoice.choose(List.of(), USD_PER_POINT, 0.1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 candidates");
    }

    private static List<Candidate> candidates(Random random) {
        List<Candidate> candidates = new ArrayList<>();
        int size = 1 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
            Prediction expected =
                    new Prediction(
                            10 * random.nextDouble(), 2 * random.nextDouble(), random.nextInt(100));
            double usd = random.nextDouble() / 100;
            candidates.add(
                    new Candidate(
                            "m" + i, expected, expected.mean(), usd, usd, random.nextInt(4) > 0));
        }
        return candidates;
    }
}
