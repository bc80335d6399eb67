package dev.assay.decide.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class RoadTest {

    private static final double USD_PER_POINT = 0.001;

    private static Leg leg(String model, double usd, double pass) {
        return new Leg(model, usd, pass, 9, 3, 1);
    }

    @Test
    void addsUpWhatIsReachedWithTheChanceOfReachingIt() {
        Road road =
                Road.beginningWith(
                        leg("small", 0.0001, 0.8), List.of(leg("large", 0.001, 0.9)), 0, 2, 0.001);

        assertThat(road.grade()).isCloseTo(0.8 * 9 + 0.2 * (0.9 * 9 + 0.1 * 3), within(1e-9));
        assertThat(road.usd()).isCloseTo(0.0001 + 0.2 * 0.001, within(1e-12));
    }

    @Test
    void answerWhoseFailureNobodyNoticesIsTheLast() {
        Leg unnoticed = new Leg("small", 0.0001, 0.8, 9, 3, 0.25);

        Road road = Road.beginningWith(unnoticed, List.of(leg("large", 0.001, 0.9)), 0, 2, 0.001);

        double large = 0.9 * 9 + 0.1 * 3;
        assertThat(road.grade()).isCloseTo(0.8 * 9 + 0.2 * (0.75 * 3 + 0.25 * large), within(1e-9));
        assertThat(road.usd()).isCloseTo(0.0001 + 0.2 * 0.25 * 0.001, within(1e-12));
    }

    @Test
    void stopsWhereTheNextModelIsNotWorthItsCost() {
        List<Leg> legs = List.of(leg("large", 0.006, 0.9));

        assertThat(Road.best(legs, 3, 5, USD_PER_POINT).first()).isEmpty();
        assertThat(Road.best(legs, 3, 5, 2 * USD_PER_POINT).first()).isPresent();
        assertThat(Road.best(legs, 8, 5, 2 * USD_PER_POINT).first()).isEmpty();
    }

    @Test
    void passesOverAModelThatRarelyHelps() {
        List<Leg> legs = List.of(leg("medium", 0.001, 0.05), leg("large", 0.002, 0.9));

        Road road = Road.best(legs, 3, 5, USD_PER_POINT);

        assertThat(road.first())
                .hasValueSatisfying(leg -> assertThat(leg.model()).isEqualTo("large"));
    }

    @Test
    void goesNoFurtherThanTheRoundsThatAreLeft() {
        List<Leg> legs = List.of(leg("medium", 0.0001, 0.5), leg("large", 0.001, 0.9));

        assertThat(Road.best(legs, 3, 1, USD_PER_POINT).usd()).isIn(0.0001, 0.001);
        assertThat(Road.best(legs, 3, 0, USD_PER_POINT).first()).isEmpty();
    }

    /// Every subset of models in their order, one by one.
    @Test
    void isNoWorseThanAnyWayThroughTheModels() {
        Random random = new Random(4);
        for (int run = 0; run < 500; run++) {
            List<Leg> legs = new ArrayList<>();
            int size = random.nextInt(6);
            for (int i = 0; i < size; i++) {
                legs.add(
                        new Leg(
                                "m" + i,
                                random.nextDouble() / 200,
                                random.nextDouble(),
                                7 + random.nextInt(4),
                                random.nextInt(4),
                                random.nextDouble()));
            }
            int rounds = random.nextInt(5);

            double best = Double.NEGATIVE_INFINITY;
            for (int ways = 0; ways < 1 << size; ways++) {
                if (Integer.bitCount(ways) <= rounds) {
                    best = Math.max(best, worth(legs, ways));
                }
            }

            assertThat(Road.best(legs, 3, rounds, USD_PER_POINT).worth(USD_PER_POINT))
                    .isCloseTo(best, within(1e-9));
        }
    }

    private static double worth(List<Leg> legs, int ways) {
        double worth = 0;
        double reached = 1;
        for (int i = 0; i < legs.size(); i++) {
            if ((ways & 1 << i) != 0) {
                Leg leg = legs.get(i);
                double missed = (1 - leg.pass()) * (1 - leg.noticed());
                worth +=
                        reached
                                * (leg.pass() * leg.passedGrade()
                                        + missed * leg.failedGrade()
                                        - leg.usd() / USD_PER_POINT);
                reached *= (1 - leg.pass()) * leg.noticed();
            }
        }
        return worth + reached * 3;
    }
}
