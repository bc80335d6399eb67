package dev.assay.bulk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Joins lines into CSV records (RFC 4180): a quoted cell may hold line ends.
///
/// A quote that is never closed would swallow the rest of the file. Such a record is given up at
/// its first line and reading goes on with the second.
final class CsvSplitter {

    private final LineSplitter lines;
    private final byte separator;
    private final int maxRecordBytes;
    private final Deque<RawLine> pushedBack = new ArrayDeque<>();

    CsvSplitter(LineSplitter lines, char separator, int maxRecordBytes) {
        this.lines = lines;
        this.separator = (byte) separator;
        this.maxRecordBytes = maxRecordBytes;
    }

    /// A record, or why there is none on this line.
    sealed interface CsvRecord {

        record Whole(RawLine.Whole line) implements CsvRecord {}

        record TooLong(RawLine.TooLong line) implements CsvRecord {}

        record Unclosed(long number) implements CsvRecord {}
    }

    Optional<CsvRecord> next() throws IOException {
        Optional<RawLine> first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (first.get()) {
                    case RawLine.TooLong tooLong -> new CsvRecord.TooLong(tooLong);
                    case RawLine.Whole whole -> from(whole);
                });
    }

    private CsvRecord from(RawLine.Whole first) throws IOException {
        Cell cell = after(first.bytes(), Cell.BEGIN);
        List<RawLine> more = new ArrayList<>();
        long length = first.bytes().length;
        String end = first.end();
        while (cell == Cell.QUOTED) {
            Optional<RawLine> next = line();
            next.ifPresent(more::add);
            if (next.isEmpty()
                    || !(next.get() instanceof RawLine.Whole whole)
                    || (length += whole.bytes().length) > maxRecordBytes) {
                for (int i = more.size() - 1; i >= 0; i--) {
                    pushedBack.push(more.get(i));
                }
                return new CsvRecord.Unclosed(first.number());
            }
            cell = after(whole.bytes(), cell);
            end = whole.end();
        }
        return new CsvRecord.Whole(
                more.isEmpty()
                        ? first
                        : new RawLine.Whole(first.number(), joined(first, more), end));
    }

    private static byte[] joined(RawLine.Whole first, List<RawLine> more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first.bytes());
        String end = first.end();
        for (RawLine line : more) {
            RawLine.Whole whole = (RawLine.Whole) line;
            bytes.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(whole.bytes());
            end = whole.end();
        }
        return bytes.toByteArray();
    }

    private Optional<RawLine> line() throws IOException {
        RawLine back = pushedBack.poll();
        return back == null ? lines.next() : Optional.of(back);
    }

    private Cell after(byte[] line, Cell before) {
        Cell cell = before;
        for (byte b : line) {
            cell =
                    switch (cell) {
                        case BEGIN -> b == '"' ? Cell.QUOTED : plain(b);
                        case PLAIN -> plain(b);
                        case QUOTED -> b == '"' ? Cell.QUOTE_IN_QUOTED : Cell.QUOTED;
                        case QUOTE_IN_QUOTED -> b == '"' ? Cell.QUOTED : plain(b);
                    };
        }
        return cell;
    }

    private Cell plain(byte b) {
        return b == separator ? Cell.BEGIN : Cell.PLAIN;
    }

    /// Where in a cell the reader is.
    private enum Cell {
        BEGIN,
        PLAIN,
        QUOTED,
        /// After a quote within quotes: the end of the cell, or the first half of an escaped quote.
        QUOTE_IN_QUOTED
    }
}
