package dev.assay.bulk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/// Joins lines into CSV records (RFC 4180): a quoted cell may hold line ends.
///
/// A quote that is never closed would swallow the rest of the file. Such a record is given up at
/// its first line and reading goes on with the second. A line within quotes ends in the same state
/// whichever line opened them, so what was read ahead for one record is not looked at again for the
/// next: each line is looked at twice at most, however many leave a quote open.
final class CsvSplitter {

    private final LineSplitter lines;
    private final byte separator;
    private final int maxRecordBytes;

    /// Lines read ahead, none of which closes quotes that were opened before it.
    private final Deque<RawLine.Whole> open = new ArrayDeque<>();

    private long openBytes;

    /// The line after these, where it was read and found to be no part of a record before it.
    private Optional<RawLine> beyond = Optional.empty();

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
        if (after(first.bytes(), Cell.BEGIN) != Cell.QUOTED) {
            return new CsvRecord.Whole(first);
        }
        while (true) {
            Optional<RawLine> next = beyond.isPresent() ? beyond : lines.next();
            if (next.isEmpty()
                    || !(next.get() instanceof RawLine.Whole whole)
                    || length(first) + openBytes + length(whole) > maxRecordBytes) {
                beyond = next;
                return new CsvRecord.Unclosed(first.number());
            }
            beyond = Optional.empty();
            open.add(whole);
            openBytes += length(whole);
            if (after(whole.bytes(), Cell.QUOTED) != Cell.QUOTED) {
                RawLine.Whole record =
                        new RawLine.Whole(first.number(), joined(first, open), whole.end());
                open.clear();
                openBytes = 0;
                return new CsvRecord.Whole(record);
            }
        }
    }

    /// With its end: blank lines within quotes take room as well.
    private static long length(RawLine.Whole line) {
        return (long) line.bytes().length + line.end().length();
    }

    private static byte[] joined(RawLine.Whole first, Collection<RawLine.Whole> more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first.bytes());
        String end = first.end();
        for (RawLine.Whole line : more) {
            bytes.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(line.bytes());
            end = line.end();
        }
        return bytes.toByteArray();
    }

    private Optional<RawLine> line() throws IOException {
        RawLine.Whole ahead = open.poll();
        if (ahead != null) {
            openBytes -= length(ahead);
            return Optional.of(ahead);
        }
        Optional<RawLine> next = beyond.isPresent() ? beyond : lines.next();
        beyond = Optional.empty();
        return next;
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
