package dev.assay.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Reads the body of a reply to its end, within a bound.
final class ReplyBody {

    private static final int FIRST_BUFFER_BYTES = 8 << 10;

    /// A length that is announced is believed up to this, so that lies cost no memory.
    private static final int LARGEST_FIRST_BUFFER_BYTES = 64 << 10;

    private static final char REPLACEMENT = '\uFFFD';

    private ReplyBody() {}

    /// The body as text.
    ///
    /// @throws BrokenBodyException if it ends early, is too large, of an encoding we did not ask
    ///   for, or no UTF-8
    /// @throws SocketTimeoutException if the next byte did not come in time
    static String read(@Nullable HttpEntity entity, int maxBytes)
            throws BrokenBodyException, SocketTimeoutException {
        if (entity == null) {
            return "";
        }
        try {
            byte[] raw = readAll(entity.getContent(), entity.getContentLength(), maxBytes);
            return text(inflate(raw, entity.getContentEncoding(), maxBytes));
        } catch (BrokenBodyException | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenBodyException("it broke off", e);
        }
    }

    private static byte[] inflate(byte[] raw, @Nullable String encoding, int maxBytes)
            throws IOException {
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return raw;
        }
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
            throw new BrokenBodyException("its content-encoding is not gzip");
        }
        try (InputStream inflated =
                new GZIPInputStream(new ByteArrayInputStream(raw), FIRST_BUFFER_BYTES)) {
            return readAll(inflated, -1, maxBytes);
        } catch (BrokenBodyException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenBodyException("its gzip encoding is broken", e);
        }
    }

    private static byte[] readAll(InputStream in, long announcedBytes, int maxBytes)
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
                buffer = Arrays.copyOf(buffer, Math.max(FIRST_BUFFER_BYTES, 2 * buffer.length));
                buffer[size++] = (byte) next;
            }
            int read = in.read(buffer, size, buffer.length - size);
            if (read < 0) {
                return Arrays.copyOf(buffer, size);
            }
            size += read;
            if (size > maxBytes) {
                throw tooLarge(maxBytes);
            }
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
