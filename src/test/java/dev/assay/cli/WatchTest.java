package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class WatchTest {

    private final StringWriter err = new StringWriter();
    private final Stopping stopping = new Stopping(new PrintWriter(err, true));

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

    @Test
    void whoeverEndsItIsToldThatClosingMayTakeAMoment() {
        List<String> closed = new ArrayList<>();
        stopping.closes(() -> closed.add("first opened"));
        stopping.closes(() -> closed.add("last opened"));

        stopping.tell();

        assertThat(err.toString()).startsWith("stopping;");
        assertThat(closed).containsExactly("last opened", "first opened");
    }

    private Watch watch(String trouble) {
        return new Watch(() -> Optional.of(trouble), stopping, new PrintWriter(err, true));
    }
}
