package dev.assay.http;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// Gives up on bodies that come so slowly that they do little but hold a place. Only the time
/// counts that we wait for the caller, neither that in which we do not read nor that in which the
/// caller waits for us.
///
/// Jetty's own `minRequestDataRate` is read by nothing in Jetty 12, and its MinimumDataRateHandler
/// takes the bytes of all requests together for those of one (12.1.12). A caller that sends nothing
/// at all runs into the connection's idle timeout.
final class SlowBodies extends Handler.Wrapper {

    /// 1 KiB/s.
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private static final int LEAST_BYTES = 30 * 1024;

    private final Duration window;
    private final int leastBytes;

    SlowBodies() {
        this(WINDOW, LEAST_BYTES);
    }

    /// @param window of waiting, in which there must come
    /// @param leastBytes or the end of the body
    SlowBodies(Duration window, int leastBytes) {
        this.window = window;
        this.leastBytes = leastBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(new Watched(request), response, callback);
    }

    /// Read by one thread at a time, as Jetty's contract is.
    private final class Watched extends Request.Wrapper {

        private boolean waits;
        private long waitsSinceNanos;
        private long waitedNanos;
        private long bytes;
        private Content.@Nullable Chunk givenUp;

        private Watched(Request request) {
            super(request);
        }

        @Override
        public Content.@Nullable Chunk read() {
            if (givenUp != null) {
                return givenUp;
            }
            Content.Chunk chunk = super.read();
            if (chunk == null) {
                beginToWait();
                return null;
            }
            if (Content.Chunk.isFailure(chunk) || chunk.isLast() || isFastEnough(chunk)) {
                return chunk;
            }
            chunk.release();
            givenUp = Content.Chunk.from(new TimeoutException("the body comes too slowly"));
            return givenUp;
        }

        private void beginToWait() {
            if (!waits) {
                waits = true;
                waitsSinceNanos = NanoTime.now();
            }
        }

        private boolean isFastEnough(Content.Chunk chunk) {
            bytes += chunk.remaining();
            if (waits) {
                waits = false;
                waitedNanos += NanoTime.since(waitsSinceNanos);
            }
            if (waitedNanos < window.toNanos()) {
                return true;
            }
            boolean enough = bytes >= leastBytes;
            waitedNanos = 0;
            bytes = 0;
            return enough;
        }
    }
}
