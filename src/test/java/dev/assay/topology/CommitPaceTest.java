package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class CommitPaceTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final CommitPace pace = new CommitPace(true, () -> now);

    @Test
    void aResultAsksForACommitAtOnce() {
        assertThat(pace.due()).isFalse();
        pace.resultWritten();
        assertThat(pace.due()).isTrue();
        assertThat(pace.due()).isFalse();
    }

    @Test
    void requestsAreTenMillisecondsApartWhereCommitsCostLittle() {
        assertThat(requests(200)).isEqualTo(100);
    }

    @Test
    void theMoreResultsTheFartherApart() {
        assertThat(requests(500)).isBetween(38, 41);
        assertThat(requests(1_000)).isBetween(18, 21);
    }

    @Test
    void slowCommitsAreAskedForLessOften() {
        for (int commits = 0; commits < 100; commits++) {
            pace.committed(Duration.ofMillis(25));
        }
        assertThat(requests(200)).isEqualTo(10);
    }

    @Test
    void aClockThatGoesBackHoldsNothingUp() {
        pace.resultWritten();
        assertThat(pace.due()).isTrue();
        now = now.minus(Duration.ofHours(1));
        pace.resultWritten();
        assertThat(pace.due()).isTrue();
    }

    @Test
    void withoutTransactionsNothingIsAskedFor() {
        CommitPace atLeastOnce = new CommitPace(false, () -> now);
        atLeastOnce.resultWritten();
        assertThat(atLeastOnce.due()).isFalse();
    }

    /// In a second of so many results.
    private int requests(int results) {
        int requests = 0;
        for (int result = 0; result < results; result++) {
            now = now.plusNanos(1_000_000_000 / results);
            pace.resultWritten();
            requests += pace.due() ? 1 : 0;
        }
        return requests;
    }
}
