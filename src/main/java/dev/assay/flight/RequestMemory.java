package dev.assay.flight;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that the requests of all calls in the air may take together, so that many large
/// prompts at once do not end the instance.
///
/// A call may start while any of it is left, however large its own request is. So a large request
/// waits no longer than a small one, and each thread that starts calls may go too far by one. Safe
/// for any thread.
public final class RequestMemory {

    private static final Logger LOG = LoggerFactory.getLogger(RequestMemory.class);

    /// While a call is in the air the heap holds its prompt, the request that was made of it, and
    /// that in bytes; twice as much where characters are not Latin.
    private static final int BYTES_PER_CHAR = 3;

    private static final int HEAP_PARTS = 4;

    private final long allBytes;
    private final AtomicLong takenBytes = new AtomicLong();
    private final AtomicBoolean told = new AtomicBoolean();

    public RequestMemory(long allBytes) {
        this.allBytes = allBytes;
    }

    /// A quarter of the heap.
    public static long usualBytes() {
        return Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    }

    /// What the request of a call takes while it is in the air, about.
    public static long bytes(String chatJson) {
        return (long) BYTES_PER_CHAR * chatJson.length();
    }

    /// True where one more call may start.
    boolean hasRoom() {
        boolean room = takenBytes.get() < allBytes;
        if (!room && !told.getAndSet(true)) {
            LOG.warn(
                    "requests of calls in the air take all of the {} MiB there are for them; others"
                            + " wait until some come back. Give the JVM more memory (-Xmx), raise"
                            + " engine.request_memory_bytes, or lower limits.in_flight",
                    allBytes >> 20);
        }
        return room;
    }

    void take(long bytes) {
        takenBytes.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        if (takenBytes.addAndGet(-bytes) < allBytes / 2) {
            told.set(false);
        }
    }
}
