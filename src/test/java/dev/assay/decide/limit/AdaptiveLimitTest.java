package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Random;

class AdaptiveLimitTest {

    private static final int MAX = 256;

    @Test
    void fewFailuresAmongManyCallsCutNothing() {
        AdaptiveLimit limit = AdaptiveLimit.of(100);

        for (int call = 1; call <= 10_000; call++) {
            limit =
                    call % 20 == 0
                            ? limit.congested(NOW, 100, NOW)
                            : limit.succeeded(NOW, 100, 100);
        }

        assertThat(limit.calls()).isEqualTo(100);
    }

    @Test
    void manyFailuresInARowCutAFifth() {
        AdaptiveLimit limit = AdaptiveLimit.of(100);

        int failures = 0;
        while (limit.calls() == 100) {
            limit = limit.congested(NOW, 100, NOW);
            failures++;
        }

        assertThat(limit.calls()).isEqualTo(80);
        assertThat(failures).isEqualTo(11);
    }

    @Test
    void cutStartsFromWhatIsInFlight() {
        assertThat(cut(AdaptiveLimit.of(100), 50, NOW).calls()).isEqualTo(40);
        assertThat(cut(AdaptiveLimit.of(100), 150, NOW).calls()).isEqualTo(80);
    }

    @Test
    void limitIsAtLeastOne() {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(1), 1, NOW);

        assertThat(limit.calls()).isEqualTo(1);
        assertThat(limit.isLowest()).isTrue();
        assertThat(limit.cutAt()).isEqualTo(NOW);
    }

    @Test
    void onlyCallsBegunAfterTheCutSaySomethingNew() {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(100), 100, NOW);

        AdaptiveLimit same = limit;
        for (int call = 0; call < 100; call++) {
            same = same.congested(NOW.minusMillis(call), 100, NOW.plusSeconds(1));
            same = same.succeeded(NOW.minusMillis(call), 100, MAX);
        }
        AdaptiveLimit cutAgain = cut(limit, 80, NOW.plusSeconds(1));

        assertThat(same).isEqualTo(limit);
        assertThat(cutAgain.calls()).isEqualTo(64);
    }

    @Test
    void limitDoublesEachRoundTripUpToTheLevelOfTheCut() {
        AdaptiveLimit limit = AdaptiveLimit.of(100);
        for (int outage = 0; outage < 30; outage++) {
            limit = cut(limit, (int) limit.calls(), NOW.plusSeconds(outage));
        }
        assertThat(limit.calls()).isEqualTo(1);
        assertThat(limit.known()).isEqualTo(80);

        AdaptiveLimit once = roundTrip(limit);
        AdaptiveLimit twice = roundTrip(once);

        assertThat(once.calls()).isEqualTo(2);
        assertThat(twice.calls()).isEqualTo(4);
    }

    @Test
    void limitGrowsByOneARoundTripAboveTheLevelOfTheCutAndFasterFurtherOn() {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(100), 100, NOW);

        AdaptiveLimit once = roundTrip(limit);
        AdaptiveLimit further = once;
        for (int trip = 0; trip < 10; trip++) {
            further = roundTrip(further);
        }

        assertThat(once.calls()).isCloseTo(81, within(0.2));
        assertThat(further.calls()).isGreaterThan(110);
    }

    @Test
    void levelFallsWithEachCutThatSuccessesLedUpTo() {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(100), 100, NOW);
        Instant later = NOW.plusSeconds(1);

        AdaptiveLimit proven = cut(limit.succeeded(later, 80, MAX), 80, later);

        assertThat(proven.known()).isCloseTo(64, within(0.1));
    }

    @ParameterizedTest
    @CsvSource({"39, false", "40, true", "80, true"})
    void limitGrowsWhileAtLeastHalfOfItIsUsed(int wasInFlight, boolean grows) {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(100), 100, NOW);

        AdaptiveLimit next = limit.succeeded(NOW.plusSeconds(1), wasInFlight, MAX);

        assertThat(next.calls() > limit.calls()).isEqualTo(grows);
    }

    @Test
    void limitStaysWithinTheMostAllowed() {
        AdaptiveLimit limit = cut(AdaptiveLimit.of(100), 100, NOW);

        assertThat(limit.succeeded(NOW.plusSeconds(1), 80, 80).calls()).isEqualTo(80);
        assertThat(AdaptiveLimit.of(100).succeeded(NOW, 100, 100).calls()).isEqualTo(100);
    }

    @Test
    void smallerShareTakesNothingFromTheLimitItself() {
        assertThat(AdaptiveLimit.of(100).succeeded(NOW, 100, 25).calls()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void limitStaysInItsBoundsWhateverComes(long seed) {
        Random random = new Random(seed);
        AdaptiveLimit limit = AdaptiveLimit.of(MAX);
        for (int step = 0; step < 100_000; step++) {
            Instant now = NOW.plusMillis(step);
            Instant startedAt = now.minusMillis(random.nextInt(500));
            int inFlight = 1 + random.nextInt(MAX);
            double failing = step / 20_000 % 2 == 0 ? 0.02 : 0.6;
            limit =
                    random.nextDouble() < failing
                            ? limit.congested(startedAt, inFlight, now)
                            : limit.succeeded(startedAt, inFlight, MAX);

            assertThat(limit.calls()).isBetween(1.0, (double) MAX);
            assertThat(limit.strain()).isBetween(0.0, 0.1);
        }
    }

    /// As many successes as calls are allowed.
    private static AdaptiveLimit roundTrip(AdaptiveLimit limit) {
        AdaptiveLimit next = limit;
        int calls = (int) limit.calls();
        for (int call = 0; call < calls; call++) {
            next = next.succeeded(NOW.plusSeconds(60), calls, MAX);
        }
        return next;
    }

    /// Failures until the limit is cut, all of calls begun just before they fail.
    private static AdaptiveLimit cut(AdaptiveLimit limit, int inFlight, Instant now) {
        AdaptiveLimit next = limit;
        while (next.cutAt().equals(limit.cutAt())) {
            next = next.congested(now, inFlight, now);
        }
        return next;
    }
}
