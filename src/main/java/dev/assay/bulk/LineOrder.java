package dev.assay.bulk;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// Puts a results file into the order of its input; of several rows of a line the last stays. The
/// file is replaced as a whole, so a stop in between leaves it as it was. Memory: 12 bytes a line
/// of the input.
public final class LineOrder {

    private static final int FIRST_CAPACITY = 1 << 12;

    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] lengths = new int[FIRST_CAPACITY];
    private int end;
    private boolean ordered = true;

    private LineOrder() {}

    /// Sorts a file of whole rows; one that is in order is left alone.
    ///
    /// @throws IOException if the file cannot be read, or the ordered copy beside it cannot be
    ///   written
    public static void apply(Path results) throws IOException, InputException {
        LineOrder order = new LineOrder();
        order.index(results);
        if (!order.ordered) {
            Path copy = results.resolveSibling(results.getFileName() + ".ordered");
            try {
                order.write(results, copy);
                Files.move(
                        copy,
                        results,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(copy);
            }
        }
    }

    private void index(Path results) throws IOException, InputException {
        long offset = 0;
        try (InputStream in = Files.newInputStream(results)) {
            LineSplitter splitter = new LineSplitter(in, ResultsFile.MAX_ROW_BYTES);
            for (Optional<RawLine> line = splitter.next();
                    line.isPresent();
                    line = splitter.next()) {
                if (!(line.get() instanceof RawLine.Whole whole)) {
                    throw new InputException(results + " has a line that is too long");
                }
                int length = whole.bytes().length + whole.end().length();
                note(Math.toIntExact(ResultRows.fromJson(whole.bytes()).line()), offset, length);
                offset += length;
            }
        }
    }

    private void note(int line, long offset, int length) {
        if (line >= offsets.length) {
            int capacity = Math.max(line + 1, offsets.length * 2);
            offsets = Arrays.copyOf(offsets, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
        ordered &= line >= end;
        offsets[line] = offset;
        lengths[line] = length;
        end = Math.max(end, line + 1);
    }

    private void write(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
            for (int line = 0; line < end; line++) {
                if (lengths[line] > 0) {
                    out.write(read(in, offsets[line], lengths[line]));
                }
            }
        }
    }

    private static byte[] read(FileChannel in, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("the results file was cut while it was put in order");
            }
        }
        return bytes.array();
    }
}
