package dev.assay.http.openai;

import dev.assay.http.ApiError;
import dev.assay.http.HttpServer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that requests may take together while their bodies come in and while they wait for
/// their results, so that many large ones at once do not end the instance. Safe for any thread.
final class BodyMemory {

    /// A body is there as its bytes, as text, and as what is made of that: the prompt, and that
    /// encoded for Kafka.
    private static final int COPIES = 3;

    private static final int HEAP_PARTS = 8;
    private static final int STEP_BYTES = 16 * 1024;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private final long allBytes;
    private final long mostBodyBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    BodyMemory(long allBytes) {
        this.allBytes = allBytes;
        this.mostBodyBytes = Math.min(HttpServer.MOST_BODY_BYTES, allBytes / COPIES);
    }

    /// An eighth of the heap.
    static long usualBytes() {
        return Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    }

    /// For one request, until it is answered.
    Share share() {
        return new Share();
    }

    /// What one request takes; given back on closing. For one thread.
    final class Share implements AutoCloseable {

        private long bytes;

        /// Reads a body to its end. Counts what has come and not what a header promises, so that
        /// nobody takes memory by a promise.
        ///
        /// @throws ApiError if it is too large, or too much is taken already
        String read(InputStream in) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] step = new byte[STEP_BYTES];
            try {
                for (int come = in.read(step); come >= 0; come = in.read(step)) {
                    if (body.size() + come > mostBodyBytes) {
                        throw new ApiError(
                                TOO_LARGE,
                                "the body has more than %,d bytes".formatted(mostBodyBytes));
                    }
                    take((long) COPIES * come);
                    body.write(step, 0, come);
                }
            } catch (IOException e) {
                throw new ApiError(BAD_REQUEST, "the body did not come whole: " + e.getMessage());
            }
            return body.toString(StandardCharsets.UTF_8);
        }

        private void take(long more) {
            bytes += more;
            if (takenBytes.addAndGet(more) > allBytes) {
                throw new ApiError(
                        UNAVAILABLE,
                        "requests that wait take as much memory as they may; send it again in a moment");
            }
        }

        @Override
        public void close() {
            takenBytes.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
