package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.decide.limit.LaneSimulation.Outcome;
import dev.assay.model.CallResult.Evidence;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A lane that was told nothing of its provider's limits but that 256 calls are enough. In flight
/// it stays within its own limit at every step.
class LaneSimulationTest {

    private static final LaneSettings SETTINGS =
            new LaneSettings(256, OptionalInt.empty(), OptionalInt.empty());
    private static final Duration WARM_UP = Duration.ofMinutes(2);
    private static final Duration COUNTED = Duration.ofMinutes(10);

    /// What each provider allows follows from answers taking 2 seconds on average.
    static Stream<Arguments> providers() {
        return Stream.of(
                        provider("128 at once", 128, sim -> sim),
                        provider("100 at once", 50, sim -> sim.inFlight(100)),
                        provider("10 at once", 5, sim -> sim.inFlight(10)),
                        provider("3 at once", 1.5, sim -> sim.inFlight(3)),
                        provider(
                                "20 a second",
                                20,
                                sim -> sim.perSecond(20, Evidence.RATE_LIMITED, false)),
                        provider(
                                "20 a second, naming the wait",
                                20,
                                sim -> sim.perSecond(20, Evidence.RATE_LIMITED, true)),
                        provider(
                                "20 a second, saying that none are left",
                                20,
                                sim -> sim.perSecond(20, Evidence.EXHAUSTED, false)),
                        provider(
                                "20 a second, naming both",
                                20,
                                sim -> sim.perSecond(20, Evidence.EXHAUSTED, true)),
                        provider("failing 1 in 50", 128 * 0.98, sim -> sim.failing(0.02)),
                        provider(
                                "failing 1 in 50, 100 at once",
                                50 * 0.98,
                                sim -> sim.failing(0.02).inFlight(100)),
                        provider(
                                "turning 1 in 15 away whatever the rate",
                                128,
                                sim -> sim.turningAway(1.0 / 15)),
                        provider(
                                "back after a minute's outage",
                                128,
                                sim -> sim.outage(NOW.plusSeconds(60), NOW.plusSeconds(120))),
                        provider(
                                "back after a minute's outage, 100 at once",
                                50,
                                sim ->
                                        sim.inFlight(100)
                                                .outage(NOW.plusSeconds(60), NOW.plusSeconds(120))))
                .flatMap(
                        provider ->
                                IntStream.rangeClosed(1, 3)
                                        .mapToObj(seed -> withSeed(provider, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {3}")
    @MethodSource("providers")
    void fourFifthsOfWhatTheProviderAllowsAreUsed(
            String name, double allowedPerSecond, UnaryOperator<SimProvider> limits, long seed) {
        Outcome outcome = run(SETTINGS, limits, seed);

        double allowed = allowedPerSecond * COUNTED.toSeconds();
        assertThat(outcome.answered() / allowed).as(name).isGreaterThan(0.8);
        assertThat(outcome.refused()).as(name).isLessThan(outcome.answered());
        assertThat(outcome.longestIdle()).as(name).isLessThan(Duration.ofSeconds(20));
    }

    /// A lane cannot tell 60 a minute from one at a time; it is told by `requests_per_minute`.
    @Test
    void lowLimitThatTheLaneWasNotToldOfIsUsedToTwoFifthsAtLeast() {
        Outcome outcome = run(SETTINGS, sim -> sim.perSecond(1, Evidence.RATE_LIMITED, false), 1);

        assertThat(outcome.answered()).isGreaterThan(COUNTED.toSeconds() * 2 / 5);
    }

    @Test
    void limitPerMinuteThatTheLaneWasToldOfIsUsedAndHardlyEverBroken() {
        LaneSettings told = new LaneSettings(256, OptionalInt.of(60), OptionalInt.empty());

        Outcome outcome = run(told, sim -> sim.perSecond(1, Evidence.EXHAUSTED, false), 1);

        assertThat(outcome.answered()).isGreaterThan(COUNTED.toSeconds() * 9 / 10);
        assertThat(outcome.refused()).isLessThan(COUNTED.toSeconds() / 20);
    }

    @Test
    void providerThatRefusesEverythingIsAskedNowAndThen() {
        Outcome outcome = run(SETTINGS, sim -> sim.inFlight(0), 1);

        assertThat(outcome.answered()).isZero();
        assertThat(outcome.refused()).isBetween(COUNTED.toSeconds() / 10, COUNTED.toSeconds() * 4);
    }

    @Test
    void sameSeedTakesTheSameSteps() {
        UnaryOperator<SimProvider> limits = sim -> sim.inFlight(100).failing(0.02);

        assertThat(run(SETTINGS, limits, 5).trace()).isEqualTo(run(SETTINGS, limits, 5).trace());
    }

    private static Outcome run(
            LaneSettings settings, UnaryOperator<SimProvider> limits, long seed) {
        SimProvider provider = limits.apply(new SimProvider(new Random(seed)));
        return new LaneSimulation(settings, provider, WARM_UP).run(WARM_UP.plus(COUNTED));
    }

    private static Arguments provider(
            String name, double allowedPerSecond, UnaryOperator<SimProvider> limits) {
        return arguments(name, allowedPerSecond, limits);
    }

    private static Arguments withSeed(Arguments provider, int seed) {
        Object[] values = provider.get();
        return arguments(values[0], values[1], values[2], seed);
    }
}
