package dev.assay.bulk;

import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;

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
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/// A results file that grows by whole lines and knows which lines of the input it holds. For one
/// thread.
///
/// A process that is killed leaves at most one torn line at the end; opening the file again cuts it
/// off. Its prompt's result still lies in Kafka.
public final class ResultsFile implements Closeable {

    /// A row holds an answer with all its attempts, and no record in Kafka is larger.
    static final int MAX_ROW_BYTES = 64 * 1024 * 1024;

    /// How every row begins.
    private static final String ROW_START = "{\"id\":";

    private static final int BUFFER_BYTES = 256 * 1024;

    private final FileChannel channel;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final BitSet lines;
    private long size;

    private ResultsFile(FileChannel channel, BitSet lines, long size) {
        this.channel = channel;
        this.lines = lines;
        this.size = size;
    }

    /// Opens the file of an earlier run, or a new one.
    ///
    /// @param earlier told every row that is there already
    /// @throws InputException if the file holds something else than results
    /// @throws IOException if it cannot be read or written
    public static ResultsFile open(Path path, Consumer<ResultRow> earlier)
            throws InputException, IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new InputException(path + " is no regular file; choose another file with -o");
        }
        BitSet lines = new BitSet();
        long size =
                Files.exists(path)
                        ? read(
                                path,
                                row -> {
                                    lines.set(index(row.line()));
                                    earlier.accept(row);
                                })
                        : 0;
        return at(path, lines, size);
    }

    /// Goes on at this size, with whatever follows cut off.
    static ResultsFile at(Path path, BitSet lines, long size) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.size() > size) {
            channel.truncate(size);
        }
        channel.position(size);
        return new ResultsFile(channel, lines, size);
    }

    /// Tells every row of a results file.
    ///
    /// @return bytes up to the end of the last whole row
    /// @throws InputException if the file holds something else than results
    public static long read(Path path, Consumer<ResultRow> rows)
            throws InputException, IOException {
        long size = 0;
        try (InputStream in = Files.newInputStream(path)) {
            LineSplitter splitter = new LineSplitter(in, MAX_ROW_BYTES);
            for (Optional<RawLine> line = splitter.next();
                    line.isPresent();
                    line = splitter.next()) {
                if (!(line.get() instanceof RawLine.Whole whole)) {
                    throw foreign(path, line.get().number(), "is too long");
                }
                if (whole.end().isEmpty()) {
                    if (size == 0 && !mayBeTorn(whole.bytes())) {
                        throw foreign(path, whole.number(), "is none");
                    }
                    return size;
                }
                rows.accept(row(path, whole));
                size += whole.bytes().length + whole.end().length();
            }
        }
        return size;
    }

    /// Whether the only piece of a file can be a row that was being written. Else it is somebody's
    /// file without a line end, which must not be cut off.
    private static boolean mayBeTorn(byte[] piece) {
        String text = new String(piece, StandardCharsets.UTF_8);
        try {
            var _ = Json.object(text);
        } catch (UnreadableJson e) {
            return text.startsWith(ROW_START) || ROW_START.startsWith(text);
        }
        try {
            var _ = ResultRows.fromJson(piece);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ResultRow row(Path path, RawLine.Whole line) throws InputException {
        try {
            return ResultRows.fromJson(line.bytes());
        } catch (IOException e) {
            throw foreign(path, line.number(), "is none");
        }
    }

    private static InputException foreign(Path path, long number, String what) {
        return new InputException(
                "%s, line %d: a line of results was expected, and this %s; choose another file with -o, or begin anew with --fresh"
                        .formatted(path, number, what));
    }

    /// Lines of the input that have their row.
    public long count() {
        return lines.cardinality();
    }

    public boolean has(long line) {
        return lines.get(index(line));
    }

    /// The lines that have their row now.
    BitSet done() {
        return (BitSet) lines.clone();
    }

    /// Adds a row, unless its line has one.
    ///
    /// @return false where it had
    /// @throws IOException if the file cannot be written; it then ends with a whole line
    public boolean append(ResultRow row) throws IOException {
        if (has(row.line())) {
            return false;
        }
        write(row);
        return true;
    }

    /// Adds a row behind the one that its line has; [LineOrder] keeps the last of a line.
    ///
    /// @throws IOException if the file cannot be written; it then ends with a whole line
    public void supersede(ResultRow row) throws IOException {
        write(row);
    }

    private void write(ResultRow row) throws IOException {
        lines.set(index(row.line()));
        buffer.writeBytes(ResultRows.toJson(row));
        buffer.write('\n');
        if (buffer.size() >= BUFFER_BYTES) {
            flush();
        }
    }

    /// Hands all rows to the operating system; from then on they outlive this process.
    public void flush() throws IOException {
        if (buffer.size() == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer.toByteArray());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            cutTornLine(e);
            throw e;
        }
        size += bytes.limit();
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

    private void cutTornLine(IOException failure) {
        buffer.reset();
        try {
            channel.truncate(size);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static int index(long line) {
        return Math.toIntExact(line);
    }
}
