package dev.assay.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

import dev.assay.bulk.CsvSplitter.CsvRecord;
import dev.assay.codec.Json;
import dev.assay.model.FailureCode;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// CSV with a header; an empty cell is an absent field.
///
/// Records are cut out first and then parsed one by one, so that a bad one costs itself only.
final class CsvSource implements LineSource {

    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    private final CsvSplitter records;
    private final PromptLines prompts;
    private final int maxRecordBytes;
    private final ObjectReader cells;
    private final List<String> header;

    /// Reads the header.
    ///
    /// @param name what messages call the input
    /// @throws InputException if it names no column that holds a prompt, or one twice
    CsvSource(
            String name,
            LineSplitter lines,
            char separator,
            int maxRecordBytes,
            PromptLines prompts)
            throws IOException, InputException {
        this.records = new CsvSplitter(lines, separator, maxRecordBytes);
        this.prompts = prompts;
        this.maxRecordBytes = maxRecordBytes;
        this.cells =
                CSV.readerFor(String[].class)
                        .with(CsvSchema.emptySchema().withColumnSeparator(separator));
        this.header = header(name);
    }

    private List<String> header(String name) throws IOException, InputException {
        Optional<CsvRecord> first = record();
        List<String> names;
        try {
            names =
                    first.isPresent() && first.get() instanceof CsvRecord.Whole whole
                            ? Arrays.stream(cells(whole.line()))
                                    .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                                    .toList()
                            : List.of();
        } catch (BadLine e) {
            throw new InputException(name + ": the CSV header cannot be read: " + e.reason());
        }
        if (names.stream().noneMatch(PromptLines.CONTENT_FIELDS::contains)) {
            throw new InputException(
                    "%s: the CSV header has no column prompt, messages or request, but %s; rename one, or say --input-format text if it is no CSV"
                            .formatted(name, String.join(", ", names)));
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new InputException(
                    name + ": the CSV header names a column twice: " + String.join(", ", names));
        }
        return names;
    }

    @Override
    public Optional<InputLine> next() throws IOException {
        return record().map(
                        found ->
                                switch (found) {
                                    case CsvRecord.TooLong tooLong ->
                                            PlainSource.tooLong(tooLong.line(), maxRecordBytes);
                                    case CsvRecord.Unclosed unclosed ->
                                            invalid(
                                                    unclosed.number(),
                                                    "a quote is opened and not closed within %,d bytes"
                                                            .formatted(maxRecordBytes));
                                    case CsvRecord.Whole whole -> parsed(whole.line());
                                });
    }

    private Optional<CsvRecord> record() throws IOException {
        Optional<CsvRecord> next = records.next();
        while (next.isPresent()
                && next.get() instanceof CsvRecord.Whole whole
                && whole.line().blank()) {
            next = records.next();
        }
        return next;
    }

    private InputLine parsed(RawLine.Whole line) {
        try {
            return prompts.ofObject(line.number(), object(cells(line)));
        } catch (BadLine e) {
            return invalid(line.number(), e.reason());
        }
    }

    private static InputLine invalid(long number, String reason) {
        return PromptLines.invalid(number, Optional.empty(), FailureCode.INVALID_INPUT, reason);
    }

    private String[] cells(RawLine.Whole line) throws BadLine {
        String text = Utf8.decode(line.bytes());
        try (MappingIterator<String[]> parsed = cells.readValues(text)) {
            String[] first = parsed.nextValue();
            if (parsed.hasNextValue()) {
                throw new BadLine("its quotes do not match; write a quote within quotes twice");
            }
            return first;
        } catch (IOException e) {
            throw new BadLine("its quotes do not match; write a quote within quotes twice");
        }
    }

    private ObjectNode object(String[] row) throws BadLine {
        if (row.length != header.size()) {
            throw new BadLine(
                    "it has %d cells, but the header has %d columns"
                            .formatted(row.length, header.size()));
        }
        ObjectNode object = Json.MAPPER.createObjectNode();
        for (int column = 0; column < row.length; column++) {
            String name = header.get(column);
            if (row[column].isEmpty()) {
                continue;
            }
            if (PromptLines.JSON_FIELDS.contains(name)) {
                object.set(name, json(name, row[column]));
            } else {
                object.put(name, row[column]);
            }
        }
        return object;
    }

    private static JsonNode json(String column, String cell) throws BadLine {
        try {
            return Json.MAPPER.readTree(cell);
        } catch (JsonProcessingException e) {
            throw new BadLine("its column " + column + " holds no JSON");
        }
    }
}
