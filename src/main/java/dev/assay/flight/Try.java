package dev.assay.flight;

import org.jspecify.annotations.Nullable;

/// One request of a call, on a thread of its own, which may be cancelled at any moment.
final class Try {

    private final boolean first;
    private @Nullable Thread thread;
    private boolean cancelled;

    /// @param first false for a second try beside a slow first one
    Try(boolean first) {
        this.first = first;
    }

    boolean first() {
        return first;
    }

    /// Called first on the thread that makes the request.
    ///
    /// @return false where it was cancelled before it began
    synchronized boolean begin() {
        thread = Thread.currentThread();
        return !cancelled;
    }

    /// Ends the request, if it has begun: an interrupt closes the connection of a virtual thread.
    synchronized void cancel() {
        cancelled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
