package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JudgeDriftTest {

    private final JudgeDrift drift = new JudgeDrift();

    @Test
    void nothingIsSaidWhileThereIsTooLittleToCompare() {
        score(2 * JudgeDrift.WINDOW - 1, 7);

        assertThat(drift.of("judge")).isNaN();
        assertThat(drift.of("other")).isNaN();
    }

    @Test
    void judgeThatGivesOtherScoresThanBeforeHasDrifted() {
        score(2 * JudgeDrift.WINDOW, 7);
        assertThat(drift.of("judge")).isCloseTo(0, within(1e-9));

        score(JudgeDrift.WINDOW, 9);

        assertThat(drift.of("judge")).isCloseTo(2, within(1e-9));
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        score(2 * JudgeDrift.WINDOW, 2);

        score(20 * JudgeDrift.MEMORY, 8);

        assertThat(drift.of("judge")).isCloseTo(0, within(0.01));
    }

    private void score(int times, double score) {
        for (int i = 0; i < times; i++) {
            drift.scored("judge", score);
        }
    }
}
