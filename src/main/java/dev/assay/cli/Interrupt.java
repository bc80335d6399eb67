package dev.assay.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets work that was begun end in order when the process is told to end (Ctrl-C, SIGTERM): the
/// work is told to stop, and the process waits until it has.
final class Interrupt implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch over = new CountDownLatch(1);
    private boolean told;
    private Runnable stop = () -> {};

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::tell, "interrupt"));
    }

    /// @param action how the work is told to stop; run at once where the process has been told to
    ///   end already
    synchronized void stops(Runnable action) {
        stop = action;
        if (told) {
            action.run();
        }
    }

    /// The work is over.
    @Override
    public void close() {
        over.countDown();
    }

    private void tell() {
        synchronized (this) {
            told = true;
            stop.run();
        }
        try {
            if (!over.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(ExitCodes.BROKE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
