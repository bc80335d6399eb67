package dev.assay.decide.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditTest {

    @ParameterizedTest
    @CsvSource({
        "6, 2000, 1, 6000",
        "6, 2000, 2, 3000",
        "6, 2000, 16, 375",
        "6, 2000, 0, 6000",
        "6, 2000, 9000, 1",
        "1, 1, 1, 1",
        "4096, 1000000, 1, 2048000000"
    })
    void jobsShareHalfOfWhatMayWait(
            int partitions, int waitingPerTask, int jobs, long linesOfEach) {
        assertThat(Credit.ofEach(partitions, waitingPerTask, jobs)).isEqualTo(linesOfEach);
    }
}
