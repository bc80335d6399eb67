package dev.assay.bulk;

import dev.assay.model.FailureCode;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// Reads the prompts of a file one by one, in any form and packed or not, in memory that does not
/// grow but for the user's own ids (about 40 bytes each). For one thread; [#bytesRead] may be asked
/// by others.
public final class InputReader implements InputLines, AutoCloseable {

    private static final int HEAD_BYTES = 64 * 1024;

    private final String name;
    private final CountingStream counting;
    private final InputFormat format;
    private final PromptLines prompts;
    private final LineSource source;
    private final SeenIds seen = new SeenIds();
    private Optional<InputLine> ahead;
    private long lastNumber;

    /// What is read at most.
    ///
    /// @param maxLineBytes the longest line, and the longest CSV record
    /// @param maxIdChars the longest id
    public record Bounds(int maxLineBytes, int maxIdChars) {

        public static final int DEFAULT_MAX_LINE_BYTES = 4 * 1024 * 1024;
    }

    private InputReader(
            String name, CountingStream counting, Optional<InputFormat> forced, Bounds bounds)
            throws IOException, InputException {
        this.name = name;
        this.counting = counting;
        this.prompts = new PromptLines(bounds.maxIdChars());
        InputStream unpacked = unpacked(counting);
        byte[] head = withoutMark(unpacked.readNBytes(HEAD_BYTES));
        FormatDetector.Detected detected = FormatDetector.detect(head, name, forced);
        this.format = detected.format();
        int maxBytes = bounds.maxLineBytes();
        LineSplitter lines =
                new LineSplitter(
                        new SequenceInputStream(new ByteArrayInputStream(head), unpacked),
                        maxBytes);
        this.source =
                switch (format) {
                    case JSONL -> new PlainSource(lines, maxBytes, prompts::ofJson);
                    case TEXT -> new PlainSource(lines, maxBytes, prompts::ofText);
                    case CSV -> new CsvSource(name, lines, detected.separator(), maxBytes, prompts);
                };
        this.ahead = source.next();
        if (ahead.isEmpty()) {
            throw new InputException(name + " holds no prompt");
        }
    }

    /// Opens a file and reads as much of it as tells its form.
    ///
    /// @param name what messages call it
    /// @param forced its form, where the user says it
    /// @throws InputException if it cannot be read, is empty, or holds nothing that could be
    ///   prompts
    public static InputReader open(
            Path file, String name, Optional<InputFormat> forced, Bounds bounds)
            throws InputException {
        if (!Files.exists(file)) {
            throw new InputException("there is no file " + name);
        }
        if (Files.isDirectory(file)) {
            throw new InputException(name + " is a folder; give a file of prompts");
        }
        try {
            CountingStream counting = new CountingStream(Files.newInputStream(file));
            try {
                return new InputReader(name, counting, forced, bounds);
            } catch (IOException | InputException | RuntimeException e) {
                counting.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + name + ": " + FileTrouble.reason(e), e);
        }
    }

    @Override
    public Optional<InputLine> next() throws InputException {
        Optional<InputLine> line = ahead;
        if (line.isPresent()) {
            lastNumber = line.get().number();
            try {
                ahead = source.next();
            } catch (IOException e) {
                throw new InputException(
                        "cannot read %s beyond line %d: %s"
                                .formatted(name, lastNumber, FileTrouble.reason(e)),
                        e);
            }
        }
        return line.map(this::unlessSeen);
    }

    public InputFormat format() {
        return format;
    }

    /// Bytes of the file, as it is stored, that were read so far.
    public long bytesRead() {
        return counting.count;
    }

    /// Fields met so far that mean nothing here; the first few of them.
    public Set<String> ignoredFields() {
        return prompts.ignoredFields();
    }

    @Override
    public void close() throws InputException {
        try {
            counting.close();
        } catch (IOException e) {
            throw new InputException("cannot close " + name + ": " + FileTrouble.reason(e), e);
        }
    }

    private InputLine unlessSeen(InputLine line) {
        if (format == InputFormat.TEXT) {
            return line;
        }
        OptionalLong earlier = seen.add(line.id(), line.number());
        if (earlier.isEmpty()) {
            return line;
        }
        Optional<String> customId =
                switch (line) {
                    case InputLine.Valid valid -> Optional.ofNullable(valid.event().getCustomId());
                    case InputLine.Invalid invalid -> invalid.customId();
                };
        return new InputLine.Invalid(
                line.number(),
                line.id(),
                customId,
                new dev.assay.model.Failure(
                        FailureCode.INVALID_INPUT,
                        "line %d: its id %s is that of line %d; give every line an id of its own"
                                .formatted(line.number(), line.id(), earlier.getAsLong())));
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, HEAD_BYTES);
        buffered.mark(2);
        byte[] magic = buffered.readNBytes(2);
        buffered.reset();
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new GZIPInputStream(buffered, HEAD_BYTES) : buffered;
    }

    /// Without the byte order mark that some programs put before UTF-8.
    private static byte[] withoutMark(byte[] head) {
        boolean marked =
                head.length >= 3
                        && (head[0] & 0xff) == 0xef
                        && (head[1] & 0xff) == 0xbb
                        && (head[2] & 0xff) == 0xbf;
        return marked ? Arrays.copyOfRange(head, 3, head.length) : head;
    }

    /// Counts what is read of the file itself, for the progress of packed files as well.
    private static final class CountingStream extends FilterInputStream {

        private volatile long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                add(1);
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                add(read);
            }
            return read;
        }

        /// Only the reading thread writes the count.
        private void add(int read) {
            long sum = count + read;
            count = sum;
        }
    }
}
