package dev.assay.decide.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.LaneSimulation.Outcome;
import dev.assay.model.CallResult.Evidence;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.Random;

/// A lane with far more to do than the provider's rate allows, of which the topology file says
/// nothing.
class StormSimulationTest {

    private static final LaneSettings SETTINGS =
            new LaneSettings(1_000, OptionalInt.empty(), OptionalInt.empty());
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration COUNTED = Duration.ofMinutes(10);

    @ParameterizedTest
    @CsvSource({
        "10,  EXHAUSTED,    true,  0.05, 0.85",
        "20,  EXHAUSTED,    true,  0.05, 0.85",
        "200, EXHAUSTED,    true,  0.05, 0.9",
        "10,  RATE_LIMITED, false, 0.2,  0.9",
        "20,  RATE_LIMITED, false, 0.2,  0.9",
        "200, RATE_LIMITED, false, 0.2,  0.9",
    })
    void fewCallsAreTurnedAwayAndTheRateIsUsed(
            double perSecond, Evidence evidence, boolean stated, double refused, double used) {
        for (long seed = 1; seed <= 5; seed++) {
            SimProvider provider =
                    new SimProvider(new Random(seed)).perSecond(perSecond, evidence, true);
            if (stated) {
                provider.statingItsLimit();
            }

            Outcome outcome =
                    new LaneSimulation(SETTINGS, provider, WARM_UP).run(WARM_UP.plus(COUNTED));

            assertThat((double) outcome.refused()).isLessThan(refused * outcome.answered());
            assertThat((double) outcome.answered())
                    .isGreaterThan(used * perSecond * COUNTED.toSeconds());
        }
    }
}
