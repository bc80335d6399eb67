package dev.assay.decide.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class HeadroomTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Headroom fresh = Headroom.fresh(NOW);

    @Test
    void nothingIsKeptFreeWithoutLiveWork() {
        assertThat(fresh.places(100, NOW)).isZero();
    }

    @Test
    void whatLiveWorkWantedAndAQuarterMoreIsKeptFree() {
        assertThat(fresh.wanted(1, NOW).places(100, NOW)).isEqualTo(2);
        assertThat(fresh.wanted(20, NOW).wanted(3, NOW).places(100, NOW)).isEqualTo(25);
    }

    @Test
    void neverMoreThanHalf() {
        Headroom busy = fresh.wanted(1_000, NOW);

        assertThat(busy.places(100, NOW)).isEqualTo(50);
        assertThat(busy.places(4, NOW)).isEqualTo(2);
        assertThat(busy.places(1, NOW)).isZero();
    }

    @Test
    void peakIsForgottenAfterFourMinutesAtMost() {
        Headroom busy = fresh.wanted(20, NOW.plusSeconds(119));

        assertThat(busy.places(100, NOW.plusSeconds(239))).isEqualTo(25);
        assertThat(busy.places(100, NOW.plusSeconds(240))).isZero();
        assertThat(busy.wanted(4, NOW.plusSeconds(130)).places(100, NOW.plusSeconds(251)))
                .isEqualTo(5);
    }
}
