package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

class TallyTest {

    @Test
    void meansAndSharesFollowFromTheSums() {
        Tally tally = graded(1, 8).plus(graded(1, 4)).plus(failed());

        assertThat(tally.tries()).isEqualTo(3);
        assertThat(tally.meanGrade()).hasValue(6);
        assertThat(tally.passShare()).hasValue(0.5);
        assertThat(tally.failureShare()).hasValue(1.0 / 3);
        assertThat(tally.meanAnswerUsd()).hasValue(0.02);
        assertThat(tally.meanCheckUsd()).hasValue(0.01);
        assertThat(tally.meanLatencyMs()).hasValue(100);
    }

    @Test
    void nothingHasNoMeans() {
        assertThat(Tally.NOTHING.meanGrade()).isEmpty();
        assertThat(Tally.NOTHING.gradeCi95()).isEmpty();
        assertThat(Tally.NOTHING.passShare()).isEmpty();
        assertThat(Tally.NOTHING.failureShare()).isEmpty();
    }

    @Test
    void answerChosenOneTimeInFourCountsFourTimes() {
        Tally tally = graded(0.25, 10).plus(graded(1, 0));

        assertThat(tally.meanGrade()).hasValue(8);
        assertThat(tally.effectiveGrades()).isEqualTo(25.0 / 17);
    }

    @Test
    void noAnswerCountsMoreThanTheHeaviest() {
        assertThat(graded(1e-9, 10).weight()).isEqualTo(Tally.HEAVIEST);
    }

    /// A model that is chosen more often for prompts it is good at has a biased mean, and by the
    /// inverse of the chances none.
    @Test
    void weightsUndoTheBiasOfTheChoice() {
        Random random = new Random(5);
        Tally tally = Tally.NOTHING;
        double plainSum = 0;
        int chosen = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean easy = random.nextBoolean();
            double chance = easy ? 0.9 : 0.1;
            if (random.nextDouble() < chance) {
                double grade = easy ? 9 : 3;
                tally = tally.plus(graded(chance, grade));
                plainSum += grade;
                chosen++;
            }
        }

        assertThat(plainSum / chosen).isGreaterThan(8);
        assertThat(tally.meanGrade().orElseThrow()).isCloseTo(6, within(0.2));
    }

    @Test
    void intervalHoldsTheMeanInNineteenOfTwentyCases() {
        Random random = new Random(7);
        long held =
                IntStream.range(0, 1_000)
                        .filter(
                                _ -> {
                                    Tally tally = Tally.NOTHING;
                                    for (int i = 0; i < 50; i++) {
                                        tally = tally.plus(graded(1, 1 + random.nextInt(10)));
                                    }
                                    return Math.abs(tally.meanGrade().orElseThrow() - 5.5)
                                            <= tally.gradeCi95().orElseThrow();
                                })
                        .count();

        assertThat(held).isBetween(920L, 980L);
    }

    @Test
    void lateGradeAddsNoTry() {
        Tally tally = graded(1, 4).plus(Tally.late(8, true, 1));

        assertThat(tally.tries()).isEqualTo(1);
        assertThat(tally.meanGrade()).hasValue(6);
        assertThat(tally.meanAnswerUsd()).hasValue(0.02);
    }

    private static Tally graded(double propensity, double grade) {
        return Tally.of(
                new Observation.Try(
                        "m",
                        propensity,
                        true,
                        OptionalDouble.of(grade),
                        Optional.of(grade >= 7),
                        "j",
                        "r",
                        0,
                        0,
                        0.02,
                        OptionalDouble.of(0.01),
                        100));
    }

    private static Tally failed() {
        return Tally.of(
                new Observation.Try(
                        "m",
                        1,
                        false,
                        OptionalDouble.empty(),
                        Optional.empty(),
                        "",
                        "r",
                        0,
                        0,
                        0,
                        OptionalDouble.empty(),
                        0));
    }
}
