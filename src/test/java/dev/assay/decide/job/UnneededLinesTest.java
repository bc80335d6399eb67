package dev.assay.decide.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class UnneededLinesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void linesOfJobsThatHaveEndedGo() {
        assertThat(
                        UnneededLines.before(
                                List.of(ended(0, 10, 40), ended(0, 20, 30), ended(3, 0, 5))))
                .containsOnlyKeys(0, 3)
                .containsEntry(0, 40L)
                .containsEntry(3, 5L);
    }

    @Test
    void linesOfAJobThatIsUnderWayStay() {
        assertThat(UnneededLines.before(List.of(ended(0, 10, 40), running(0, 20))))
                .containsEntry(0, 20L);
    }

    @Test
    void withoutJobsNothingGoes() {
        assertThat(UnneededLines.before(List.of())).isEmpty();
    }

    private static Job running(int partition, long offset) {
        return Job.submitted(
                new JobSpec(
                        "job-" + offset,
                        "name",
                        "input",
                        Optional.empty(),
                        NOW,
                        Optional.empty(),
                        OptionalDouble.empty(),
                        partition,
                        offset));
    }

    private static Job ended(int partition, long offset, long cursor) {
        return running(partition, offset).sealed(1, NOW).released(0, 1, cursor, NOW);
    }
}
