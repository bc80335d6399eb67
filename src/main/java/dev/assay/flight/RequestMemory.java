package dev.assay.flight;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that the requests of all calls in the air may take together, so that many large
/// prompts at once do not end the instance.
///
/// Each line may take as much as is free: one alone gets half, n of them an (n+1)th each (dynamic
/// thresholds, Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998). So a model
/// that hangs, or a bulk job, always leaves some to the others.
///
/// A call may start while its line has less than that, however large its own request is. So a large
/// request waits no longer than a small one, and each thread that starts calls may go too far by
/// one. Safe for any thread.
public final class RequestMemory {

    private static final Logger LOG = LoggerFactory.getLogger(RequestMemory.class);

    /// While a call is in the air the heap holds its prompt, the request that was made of it, and
    /// that in bytes; twice as much where characters are not Latin.
    private static final int BYTES_PER_CHAR = 3;

    private static final int HEAP_PARTS = 4;

    private final long allBytes;
    private final AtomicLong takenBytes = new AtomicLong();
    private final Map<Line, Taken> taken = new ConcurrentHashMap<>();

    public RequestMemory(long allBytes) {
        this.allBytes = allBytes;
    }

    private static final class Taken {
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicBoolean told = new AtomicBoolean();
    }

    /// A quarter of the heap.
    public static long usualBytes() {
        return Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    }

    /// What the request of a call takes while it is in the air, about.
    public static long bytes(String chatJson) {
        return (long) BYTES_PER_CHAR * chatJson.length();
    }

    /// True where one more call of this line may start.
    boolean hasRoom(Line line) {
        Taken own = taken(line);
        boolean room = own.bytes.get() < free();
        if (!room && !own.told.getAndSet(true)) {
            LOG.warn(
                    "requests in the air take {} of the {} MiB there are for them, {} of these {}"
                            + " calls to model {}; more of these wait until some come back. Give"
                            + " the JVM more memory (-Xmx), raise engine.request_memory_bytes, or"
                            + " lower limits.in_flight",
                    takenBytes.get() >> 20,
                    allBytes >> 20,
                    own.bytes.get() >> 20,
                    line.priority().name().toLowerCase(Locale.ROOT),
                    line.model());
        }
        return room;
    }

    void take(Line line, long bytes) {
        takenBytes.addAndGet(bytes);
        taken(line).bytes.addAndGet(bytes);
    }

    void giveBack(Line line, long bytes) {
        takenBytes.addAndGet(-bytes);
        Taken own = taken(line);
        if (own.bytes.addAndGet(-bytes) < free() / 2) {
            own.told.set(false);
        }
    }

    private long free() {
        return allBytes - takenBytes.get();
    }

    private Taken taken(Line line) {
        return taken.computeIfAbsent(line, _ -> new Taken());
    }
}
