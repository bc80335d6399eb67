package dev.assay.bulk;

import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import blue.strategic.parquet.ParquetWriter;
import blue.strategic.parquet.ValueWriter;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Results as Parquet: the columns of [ResultsCsv] with their types, and what is a list or an
/// object as JSON text, which query engines take apart.
public final class ResultsParquet {

    /// The columns, in this order; all are optional.
    private static final List<Column> COLUMNS =
            List.of(
                    text("id", ResultRow::id),
                    text("custom_id", row -> row.customId().orElse(null)),
                    text("outcome", row -> row.outcome().name().toLowerCase(Locale.ROOT)),
                    new Column(optional(BOOLEAN, "checked"), ResultRow::checked),
                    decimal(
                            "grade",
                            row -> row.grade().isPresent() ? row.grade().getAsDouble() : null),
                    text("answer", row -> row.answer().orElse(null)),
                    text("model", row -> row.model().orElse(null)),
                    text("finish_reason", row -> row.finishReason().orElse(null)),
                    whole("rounds", ResultRow::rounds),
                    decimal("cost_usd_answer", row -> row.costUsd().answer()),
                    decimal("cost_usd_check", row -> row.costUsd().check()),
                    decimal("cost_usd_total", row -> row.costUsd().total()),
                    decimal("cost_usd_uncertain", row -> row.costUsd().uncertain()),
                    whole("input_tokens", row -> row.usage().inputTokens()),
                    whole("output_tokens", row -> row.usage().outputTokens()),
                    whole("latency_ms", ResultRow::latencyMs),
                    text("route", ResultRow::route),
                    text("strategy", ResultRow::strategy),
                    text("error_code", row -> error(row, ResultRow.ErrorRow::code)),
                    text("error_message", row -> error(row, ResultRow.ErrorRow::message)),
                    whole("line", ResultRow::line));

    /// Members of a row's JSON that stay JSON.
    private static final List<String> JSON_COLUMNS =
            List.of("message", "verdicts", "attempts", "metadata");

    private record Column(Type type, Function<ResultRow, @Nullable Object> value) {}

    private ResultsParquet() {}

    /// Writes all rows of a results file, a row at a time; rows are held up to the size of a row
    /// group.
    ///
    /// @param out is replaced
    /// @throws InputException if the file holds something else than results
    /// @throws IOException if the file cannot be read, or the other not be written
    public static void write(Path results, Path out) throws InputException, IOException {
        try (ParquetWriter<ResultRow> rows =
                ParquetWriter.writeFile(schema(), out.toFile(), ResultsParquet::write)) {
            ResultsFile.read(results, row -> write(rows, row));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static MessageType schema() {
        Types.MessageTypeBuilder schema = Types.buildMessage();
        COLUMNS.forEach(column -> schema.addField(column.type()));
        JSON_COLUMNS.forEach(
                name -> schema.addField(Types.optional(BINARY).as(jsonType()).named(name)));
        return schema.named("result");
    }

    private static void write(ParquetWriter<ResultRow> rows, ResultRow row) {
        try {
            rows.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ResultRow row, ValueWriter values) {
        for (Column column : COLUMNS) {
            Object value = column.value().apply(row);
            if (value != null) {
                values.write(column.type().getName(), value);
            }
        }
        ObjectNode tree = ResultRows.toTree(row);
        for (String name : JSON_COLUMNS) {
            if (tree.hasNonNull(name)) {
                values.write(name, Json.text(tree.get(name)));
            }
        }
    }

    private static Column text(String name, Function<ResultRow, @Nullable Object> value) {
        return new Column(Types.optional(BINARY).as(stringType()).named(name), value);
    }

    private static Column decimal(String name, Function<ResultRow, @Nullable Object> value) {
        return new Column(optional(DOUBLE, name), value);
    }

    private static Column whole(String name, Function<ResultRow, Number> value) {
        return new Column(optional(INT64, name), row -> value.apply(row).longValue());
    }

    private static Type optional(PrimitiveType.PrimitiveTypeName type, String name) {
        return Types.optional(type).named(name);
    }

    private static @Nullable Object error(
            ResultRow row, Function<ResultRow.ErrorRow, String> value) {
        Optional<ResultRow.ErrorRow> error = row.error();
        return error.map(value).orElse(null);
    }
}
