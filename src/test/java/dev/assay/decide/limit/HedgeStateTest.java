package dev.assay.decide.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.HedgePolicy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Random;

class HedgeStateTest {

    private static final HedgePolicy POLICY = new HedgePolicy(0.95, 0.05);

    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.9, 2", "0.95, 3", "0.99, 4"})
    void estimateFindsTheQuantileOfLatenciesWithALongTail(double quantile, long seed) {
        HedgePolicy policy = new HedgePolicy(quantile, 0.05);
        Random random = new Random(seed);
        HedgeState state = HedgeState.FRESH;
        double medianMs = 800;
        double spread = 0.8;

        int slower = 0;
        int counted = 0;
        for (int i = 0; i < 40_000; i++) {
            double ms = medianMs * Math.exp(spread * random.nextGaussian());
            if (i > 2_000) {
                counted++;
                slower += ms > state.quantileMs() ? 1 : 0;
            }
            state = state.took(policy, millis(ms));
        }

        assertThat((double) slower / counted)
                .isBetween((1 - quantile) * 0.85, (1 - quantile) * 1.15);
    }

    @Test
    void estimateFollowsAModelThatBecomesSlower() {
        HedgeState state = after(HedgeState.FRESH, 2_000, 200);

        HedgeState slower = after(state, 2_000, 2_000);

        assertThat(state.quantileMs()).isBetween(150.0, 250.0);
        assertThat(slower.quantileMs()).isBetween(1_500.0, 2_500.0);
    }

    @Test
    void nothingIsSlowBeforeEnoughCallsWereSeen() {
        HedgeState few = after(HedgeState.FRESH, HedgeState.MIN_CALLS - 1, 200);

        assertThat(few.slowAfter()).isEmpty();
        assertThat(few.took(POLICY, millis(200)).slowAfter()).isPresent();
    }

    @Test
    void secondTriesNeverExceedTheirShareOfCallsAndWhatWasSavedUp() {
        Random random = new Random(5);
        HedgeState state = HedgeState.FRESH;
        int begun = 0;
        int hedged = 0;
        for (int i = 0; i < 10_000; i++) {
            state = state.began(POLICY);
            begun++;
            if (random.nextBoolean() && state.hedged().isPresent()) {
                state = state.hedged().orElseThrow();
                hedged++;
            }
            assertThat((double) hedged).isLessThanOrEqualTo(begun * POLICY.maxShare());
        }

        assertThat(hedged).isGreaterThan(450);
    }

    @Test
    void quietTimeSavesUpABoundedNumberOfSecondTries() {
        HedgeState state = HedgeState.FRESH;
        for (int i = 0; i < 100_000; i++) {
            state = state.began(POLICY);
        }

        assertThat(state.credit()).isEqualTo(HedgeState.MAX_CREDIT);
    }

    private static HedgeState after(HedgeState start, int calls, double aboutMs) {
        Random random = new Random(7);
        HedgeState state = start;
        for (int i = 0; i < calls; i++) {
            state = state.took(POLICY, millis(aboutMs * (0.9 + 0.2 * random.nextDouble())));
        }
        return state;
    }

    private static Duration millis(double ms) {
        return Duration.ofNanos((long) (ms * 1e6));
    }
}
