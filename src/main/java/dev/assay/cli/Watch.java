package dev.assay.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Watches a running pipeline, so that a server whose work has died does not go on as if it had
/// not.
final class Watch {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Supplier<Optional<String>> trouble;
    private final Stopping stopping;
    private final PrintWriter err;

    /// @param trouble what is wrong with the pipeline; a closed one has trouble, too
    Watch(Supplier<Optional<String>> trouble, Stopping stopping, PrintWriter err) {
        this.trouble = trouble;
        this.stopping = stopping;
        this.err = err;
    }

    /// Returns when the process is told to end, and before that if the pipeline has died.
    ///
    /// @return the exit code
    int untilItEnds() throws InterruptedException {
        while (!stopping.await(LOOK_EVERY)) {
            Optional<String> wrong = trouble.get();
            if (wrong.isPresent() && !stopping.await(Duration.ZERO)) {
                err.println("the pipeline has stopped: " + wrong.get());
                return ExitCodes.BROKE;
            }
        }
        return ExitCodes.DONE;
    }
}
