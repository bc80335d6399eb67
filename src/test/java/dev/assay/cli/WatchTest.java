package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

class WatchTest {

    private final StringWriter err = new StringWriter();
    private final Stopping stopping = new Stopping();

    @Test
    void aPipelineThatDiesIsToldAndEndsTheCommand() throws InterruptedException {
        int exitCode = watch("it broke").untilItEnds();

        assertThat(exitCode).isEqualTo(ExitCodes.BROKE);
        assertThat(err.toString()).contains("the pipeline has stopped: it broke");
    }

    @Test
    void aPipelineThatIsClosedInOrderHasNotDied() throws InterruptedException {
        stopping.tell();

        int exitCode = watch("it is closed").untilItEnds();

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
    }

    private Watch watch(String trouble) {
        return new Watch(() -> Optional.of(trouble), stopping, new PrintWriter(err, true));
    }
}
