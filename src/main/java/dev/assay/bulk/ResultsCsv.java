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

/// Results as CSV with a header (RFC 4180, UTF-8): what of a row is one value. Where there is none
/// the field is empty, and an empty text is `""`.
public final class ResultsCsv {

    private static final CsvMapper MAPPER =
            CsvMapper.builder().enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS).build();

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
        ResultColumn.ALL.forEach(column -> schema.addColumn(column.name()));
        return schema.build();
    }

    private static void write(SequenceWriter rows, ResultRow row) {
        try {
            rows.write(
                    ResultColumn.ALL.stream()
                            .map(column -> text(column.value().apply(row)))
                            .toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
