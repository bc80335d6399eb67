package dev.assay.cli;

import dev.assay.topology.Pipeline;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Watches a running pipeline, so that a server whose work has died does not go on as if it had
/// not.
final class Watch {

    private static final long LOOK_EVERY_SECONDS = 1;

    private final Pipeline pipeline;
    private final PrintWriter err;

    Watch(Pipeline pipeline, PrintWriter err) {
        this.pipeline = pipeline;
        this.err = err;
    }

    /// Returns when the pipeline has died. Where it lives, the process ends by signal and this
    /// never returns.
    void untilItEnds() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
            if (!pipeline.healthy()) {
                err.println(
                        "the pipeline has stopped: "
                                + pipeline.trouble().orElse("no reason is known"));
                return;
            }
        }
    }
}
