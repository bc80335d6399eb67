package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.bulk.RunProgress;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ProgressTextTest {

    private final ProgressText text = new ProgressText();

    @Test
    void tellsHowFarARunIs() {
        text.note(0, progress(0, 0.5));
        RunProgress half = progress(500, 0.5);
        text.note(Duration.ofSeconds(10).toNanos(), half);

        assertThat(text.bar(half, 64))
                .isEqualTo(
                        "[####------------] 500/~2,000  50.0/s  in flight 64  failed 3  USD 1.2500"
                                + "  30s left");
        assertThat(text.line(half, 64))
                .isEqualTo(
                        "500 of ~2,000 prompts done, 50.0/s, 64 calls in flight, 3 failed, USD"
                                + " 1.2500 spent, 30s left");
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        text.note(0, progress(0, 1));
        text.note(Duration.ofSeconds(100).toNanos(), progress(100, 1));
        text.note(Duration.ofSeconds(110).toNanos(), progress(300, 1));

        assertThat(text.line(progress(300, 1), 0)).contains("20.0/s").contains("35s left");
    }

    @Test
    void promisesNoTimeWhereNothingMoves() {
        text.note(0, progress(5, 1));
        text.note(Duration.ofSeconds(10).toNanos(), progress(5, 1));

        assertThat(text.bar(progress(5, 1), 0)).doesNotContain("left");
    }

    @Test
    void aRunThatHasMoreDoneThanReadDoesNotLookComplete() {
        RunProgress resumed = new RunProgress(10, false, 0.5, 300, 0, 0);

        assertThat(text.bar(resumed, 0)).startsWith("[----------------] 300/? ");
        assertThat(text.line(resumed, 0)).startsWith("300 of ? prompts done");
    }

    private static RunProgress progress(long done, double shareRead) {
        return new RunProgress(1_000, shareRead == 1, shareRead, done, 3, 1.25);
    }
}
