package dev.assay.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Reads the body of a reply to its end, within a bound.
final class ReplyBody {

    private static final int FIRST_BUFFER_BYTES = 8 << 10;

    /// A length that is announced is believed up to this, so that lies cost no memory.
    private static final int LARGEST_FIRST_BUFFER_BYTES = ReplyMemory.FREE_BYTES;

    private static final char REPLACEMENT = '\uFFFD';

    private ReplyBody() {}

    /// The body as text.
    ///
    /// @param memory taken from where it is large
    /// @throws BrokenBodyException if it ends early, is too large, of an encoding we did not ask
    ///   for, or no UTF-8, or if there was no memory for it in time
    /// @throws InterruptedIOException if the thread was interrupted while it waited for memory
    /// @throws SocketTimeoutException if the next byte did not come in time
    static String read(@Nullable HttpEntity entity, int maxBytes, ReplyMemory.Share memory)
            throws BrokenBodyException, InterruptedIOException {
        if (entity == null) {
            return "";
        }
        try {
            byte[] raw = readAll(entity.getContent(), entity.getContentLength(), maxBytes, memory);
            return text(inflate(raw, entity.getContentEncoding(), maxBytes, memory));
        } catch (BrokenBodyException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenBodyException("it broke off", e);
        }
    }

    private static byte[] inflate(
            byte[] raw, @Nullable String encoding, int maxBytes, ReplyMemory.Share memory)
            throws IOException {
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return raw;
        }
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
            throw new BrokenBodyException("its content-encoding is not gzip");
        }
        try (InputStream inflated =
                new GZIPInputStream(new ByteArrayInputStream(raw), FIRST_BUFFER_BYTES)) {
            return readAll(inflated, -1, maxBytes, memory);
        } catch (BrokenBodyException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenBodyException("its gzip encoding is broken", e);
        }
    }

    private static byte[] readAll(
            InputStream in, long announcedBytes, int maxBytes, ReplyMemory.Share memory)
            throws IOException {
        if (announcedBytes > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] buffer = new byte[firstBufferBytes(announcedBytes)];
        int size = 0;
        while (true) {
            if (size == buffer.length) {
                // Full: an announced length ends here, and asking for one byte more tells without
                // growing.
                int next = in.read();
                if (next < 0) {
                    return buffer;
                }
                if (size == maxBytes) {
                    throw tooLarge(maxBytes);
                }
                int larger = Math.min(Math.max(FIRST_BUFFER_BYTES, 2 * size), maxBytes);
                if (larger > ReplyMemory.FREE_BYTES) {
                    memory.take(maxBytes);
                }
                buffer = Arrays.copyOf(buffer, larger);
                buffer[size++] = (byte) next;
            }
            int read = in.read(buffer, size, buffer.length - size);
            if (read < 0) {
                return Arrays.copyOf(buffer, size);
            }
            size += read;
        }
    }

    private static int firstBufferBytes(long announcedBytes) {
        return announcedBytes < 0
                ? FIRST_BUFFER_BYTES
                : (int) Math.min(announcedBytes, LARGEST_FIRST_BUFFER_BYTES);
    }

    private static String text(byte[] bytes) throws BrokenBodyException {
        String text = new String(bytes, UTF_8);
        // The constructor puts a replacement where bytes are malformed; only then is the strict
        // decoder worth its time.
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw new BrokenBodyException("it is not valid UTF-8", e);
            }
        }
        return text;
    }

    private static BrokenBodyException tooLarge(int maxBytes) {
        return new BrokenBodyException("it is larger than " + maxBytes + " bytes");
    }
}
