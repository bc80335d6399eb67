package dev.assay.topology;

import dev.assay.codec.StoreCodec.UnreadableStore;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// What happens when a stream thread dies: another takes its place, unless it would die of the same
/// at once.
///
/// The uncommitted work of a dead thread is done again by its successor, from the stores and the
/// last offsets.
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_IN_WINDOW = 600;

    private final Deque<Instant> recent = new ArrayDeque<>();
    private Optional<String> last = Optional.empty();

    @Override
    public StreamThreadExceptionResponse handle(Throwable thrown) {
        Throwable cause = root(thrown);
        note(cause);
        if (hopeless(thrown)) {
            LOG.error("a stream thread died of what will not pass by itself; stopping", thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("a stream thread died and is replaced: {}", cause.toString());
        LOG.debug("what it died of", thrown);
        // Runs on the dying thread: its successor should not meet the very same trouble at once.
        LockSupport.parkNanos(PAUSE.toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /// What the last thread died of.
    synchronized Optional<String> last() {
        return last;
    }

    private synchronized void note(Throwable cause) {
        last = Optional.of(cause.toString());
        Instant now = Instant.now();
        recent.addLast(now);
        while (recent.getFirst().isBefore(now.minus(WINDOW))) {
            recent.removeFirst();
        }
    }

    private synchronized boolean tooMany() {
        return recent.size() > MOST_IN_WINDOW;
    }

    private boolean hopeless(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof AuthenticationException
                    || e instanceof AuthorizationException
                    // Another instance bears this one's name: each would throw the other out.
                    || e instanceof FencedInstanceIdException
                    || e instanceof MissingSourceTopicException
                    || e instanceof UnreadableStore
                    || e instanceof VirtualMachineError) {
                return true;
            }
        }
        return tooMany();
    }

    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof UnreadableStore)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
