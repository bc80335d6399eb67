package dev.assay.provider.http;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The memory that all replies that are being read may take together.
///
/// Small replies, which nearly all are, ask nobody: calls in flight bound them. A reply that turns
/// out larger takes all it may need at once, or waits for it with the rest of it still on its way,
/// so that no two can wait for each other. Who waited longest is next.
final class ReplyMemory {

    /// What each reply may take unasked.
    static final int FREE_BYTES = 64 << 10;

    /// Semaphores count in ints.
    private static final int UNIT_BYTES = 1 << 10;

    private final Semaphore units;
    private final int allUnits;

    ReplyMemory(long bytes) {
        this.allUnits = units(bytes);
        this.units = new Semaphore(allUnits, true);
    }

    /// What one reply holds. For one thread.
    ///
    /// @param deadlineNanos by [System#nanoTime], when waiting ends
    Share share(long deadlineNanos) {
        return new Share(deadlineNanos);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytes, UNIT_BYTES));
    }

    final class Share implements AutoCloseable {

        private final long deadlineNanos;
        private int held;

        private Share(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        /// Takes what a large reply may need, unless it has it; waits where others have it.
        ///
        /// @throws BrokenBodyException if it was not to be had in time
        /// @throws InterruptedIOException if the thread was interrupted, and it still is
        void take(long bytes) throws BrokenBodyException, InterruptedIOException {
            if (held > 0) {
                return;
            }
            int wanted = Math.min(units(bytes), allUnits);
            try {
                long waitNanos = deadlineNanos - System.nanoTime();
                if (!units.tryAcquire(wanted, waitNanos, TimeUnit.NANOSECONDS)) {
                    throw new BrokenBodyException(
                            "it is large, and other large replies had the memory for such; raise"
                                    + " engine.reply_memory_bytes if this persists");
                }
                held = wanted;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void close() {
            units.release(held);
            held = 0;
        }
    }
}
