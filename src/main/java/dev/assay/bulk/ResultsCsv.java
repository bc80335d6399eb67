package dev.assay.bulk;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/// Results as CSV with a header (RFC 4180, UTF-8): what of a row is one value. Verdicts, attempts
/// and metadata are lists, and only in the JSONL.
public final class ResultsCsv {

    private static final CsvMapper MAPPER =
            CsvMapper.builder().enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS).build();

    /// The columns, in this order; where there is no value the field is empty, and an empty text is
    /// `""`.
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("id", ResultRow::id),
                    new Column("custom_id", row -> orNull(row.customId())),
                    new Column("outcome", row -> row.outcome().name().toLowerCase(Locale.ROOT)),
                    new Column("checked", row -> Boolean.toString(row.checked())),
                    new Column("grade", row -> number(row.grade())),
                    new Column("answer", row -> orNull(row.answer())),
                    new Column("model", row -> orNull(row.model())),
                    new Column("finish_reason", row -> orNull(row.finishReason())),
                    new Column("rounds", row -> Integer.toString(row.rounds())),
                    new Column("cost_usd_answer", row -> Double.toString(row.costUsd().answer())),
                    new Column("cost_usd_check", row -> Double.toString(row.costUsd().check())),
                    new Column("cost_usd_total", row -> Double.toString(row.costUsd().total())),
                    new Column(
                            "cost_usd_uncertain",
                            row -> Double.toString(row.costUsd().uncertain())),
                    new Column("input_tokens", row -> Long.toString(row.usage().inputTokens())),
                    new Column("output_tokens", row -> Long.toString(row.usage().outputTokens())),
                    new Column("latency_ms", row -> Long.toString(row.latencyMs())),
                    new Column("route", ResultRow::route),
                    new Column("strategy", ResultRow::strategy),
                    new Column(
                            "error_code", row -> orNull(row.error().map(ResultRow.ErrorRow::code))),
                    new Column(
                            "error_message",
                            row -> orNull(row.error().map(ResultRow.ErrorRow::message))),
                    new Column("line", row -> Long.toString(row.line())));

    private record Column(String name, Function<ResultRow, @Nullable String> value) {}

    private ResultsCsv() {}

    /// Writes all rows of a results file, a row at a time; the stream stays open.
    ///
    /// @throws InputException if the file holds something else than results
    /// @throws IOException if the file cannot be read, or the CSV not be written
    public static void write(Path results, OutputStream out) throws InputException, IOException {
        try (SequenceWriter rows =
                MAPPER.writer(schema())
                        .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                        .writeValues(out)) {
            ResultsFile.read(results, row -> write(rows, row));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static CsvSchema schema() {
        CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true).setLineSeparator("\r\n");
        COLUMNS.forEach(column -> schema.addColumn(column.name()));
        return schema.build();
    }

    private static void write(SequenceWriter rows, ResultRow row) {
        try {
            rows.write(
                    COLUMNS.stream()
                            .map(column -> column.value().apply(row))
                            .toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String orNull(Optional<String> text) {
        return text.orElse(null);
    }

    private static @Nullable String number(OptionalDouble number) {
        return number.isPresent() ? Double.toString(number.getAsDouble()) : null;
    }
}
