package dev.assay.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Closes what a server command has opened, last opened first, when the process is told to end
/// (Ctrl-C, SIGTERM).
final class Stopping {

    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final PrintWriter err;

    /// Registers the hook; from here on the end of the process closes what is opened.
    ///
    /// @param err where it is said that this may take a moment
    Stopping(PrintWriter err) {
        this.err = err;
        Runtime.getRuntime().addShutdownHook(new Thread(this::tell, "stopping"));
    }

    synchronized <T extends AutoCloseable> T closes(T resource) {
        opened.push(resource);
        return resource;
    }

    /// The process is told to end.
    void tell() {
        // Before the command is woken, which closes everything itself.
        sayUnlessClosed();
        told.countDown();
        closeAll();
    }

    private synchronized void sayUnlessClosed() {
        if (!opened.isEmpty()) {
            err.println("stopping; calls in the air are given a moment ...");
        }
    }

    /// Waits until the process is told to end, or for so long.
    ///
    /// @return true where it has been told
    boolean await(Duration time) throws InterruptedException {
        return told.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Closes everything now. Safe to call more than once.
    synchronized void closeAll() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} could not be closed", resource.getClass().getSimpleName(), e);
            }
        }
    }
}
