package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.bulk.LineSplitter;
import dev.assay.bulk.RawLine;
import dev.assay.codec.Json;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// A file of JSON lines that grows. What a crash has torn is cut off when it is opened again. For
/// one thread.
final class GrowingFile implements Closeable {

    private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final FileChannel channel;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();

    private GrowingFile(FileChannel channel) {
        this.channel = channel;
    }

    /// @param earlier told every line that is there already
    static GrowingFile open(Path path, Consumer<ObjectNode> earlier) throws IOException {
        long size = Files.exists(path) ? read(path, earlier) : 0;
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(size);
        channel.position(size);
        return new GrowingFile(channel);
    }

    private static long read(Path path, Consumer<ObjectNode> earlier) throws IOException {
        long size = 0;
        try (InputStream in = Files.newInputStream(path)) {
            LineSplitter lines = new LineSplitter(in, MAX_LINE_BYTES);
            for (Optional<RawLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (!(line.get() instanceof RawLine.Whole whole) || whole.end().isEmpty()) {
                    return size;
                }
                earlier.accept(Json.object(new String(whole.bytes(), StandardCharsets.UTF_8)));
                size += whole.bytes().length + whole.end().length();
            }
        }
        return size;
    }

    void append(ObjectNode line) throws IOException {
        buffer.writeBytes((Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
        if (buffer.size() >= BUFFER_BYTES) {
            flush();
        }
    }

    /// Hands what was appended to the operating system, whole lines at a time.
    void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer.toByteArray());
        while (bytes.hasRemaining()) {
            int _ = channel.write(bytes);
        }
        buffer.reset();
    }

    /// Flushes, and waits until the disk has it.
    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
            channel.force(true);
        }
    }
}
