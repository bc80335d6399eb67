package dev.assay.bulk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Cuts a stream of bytes into lines of bounded length; a longer line is skipped in constant
/// memory.
public final class LineSplitter {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long number;

    public LineSplitter(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /// The next line, blank ones included; empty at the end. A line end right before the end of the
    /// input begins no further line.
    public Optional<RawLine> next() throws IOException {
        if (position == limit && !fill()) {
            return Optional.empty();
        }
        number++;
        kept.reset();
        long length = 0;
        boolean ended = false;
        while (!ended && (position < limit || fill())) {
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            length += position - from;
            if (length <= maxLineBytes) {
                kept.write(buffer, from, position - from);
            }
            ended = position < limit;
            if (ended) {
                position++;
            }
        }
        return Optional.of(
                length > maxLineBytes
                        ? new RawLine.TooLong(number, length)
                        : whole(kept.toByteArray(), ended));
    }

    private RawLine whole(byte[] bytes, boolean ended) {
        if (!ended) {
            return new RawLine.Whole(number, bytes, "");
        }
        boolean crlf = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return crlf
                ? new RawLine.Whole(number, Arrays.copyOf(bytes, bytes.length - 1), "\r\n")
                : new RawLine.Whole(number, bytes, "\n");
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }
}
