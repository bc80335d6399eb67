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
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// Results as Parquet: the columns of [ResultsCsv] with their types, and what is a list or an
/// object as JSON text, which query engines take apart.
public final class ResultsParquet {

    /// Members of a row's JSON that stay JSON.
    private static final List<String> JSON_COLUMNS =
            List.of("message", "verdicts", "attempts", "metadata");

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
        ResultColumn.ALL.forEach(column -> schema.addField(type(column)));
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
        for (ResultColumn column : ResultColumn.ALL) {
            Object value = column.value().apply(row);
            if (value != null) {
                values.write(column.name(), value);
            }
        }
        ObjectNode tree = ResultRows.toTree(row);
        for (String name : JSON_COLUMNS) {
            if (tree.hasNonNull(name)) {
                values.write(name, Json.text(tree.get(name)));
            }
        }
    }

    /// All are optional.
    private static Type type(ResultColumn column) {
        return switch (column.kind()) {
            case TEXT -> Types.optional(BINARY).as(stringType()).named(column.name());
            case FLAG -> Types.optional(BOOLEAN).named(column.name());
            case WHOLE -> Types.optional(INT64).named(column.name());
            case DECIMAL -> Types.optional(DOUBLE).named(column.name());
        };
    }
}
