package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ResultsCsvTest {

    private static final String AWKWARD = "say \"hi\",\nthen\r\n; =1+1 \u00e9 \ud83d\ude00";

    @TempDir private Path folder;

    @Test
    void everyRowComesBackWithItsText() throws Exception {
        GradedAnswer answer = ResultRowsTest.answer();
        Path results = folder.resolve("results.jsonl");
        try (ResultsFile file = ResultsFile.open(results, _ -> {})) {
            file.append(
                    ResultRows.of(GradedAnswer.newBuilder(answer).setAnswer(AWKWARD).build(), 1));
            file.append(ResultRows.of(GradedAnswer.newBuilder(answer).setAnswer(null).build(), 2));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ResultsCsv.write(results, out);

        List<Map<String, String>> rows = read(out.toString(StandardCharsets.UTF_8));
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst())
                .containsEntry("id", answer.getId())
                .containsEntry("answer", AWKWARD)
                .containsEntry("line", "1")
                .containsEntry("error_code", "");
        assertThat(rows.getLast()).containsEntry("answer", "").containsEntry("line", "2");
    }

    @Test
    void noRowsLeaveTheHeader() throws Exception {
        Path results = folder.resolve("none.jsonl");
        ResultsFile.open(results, _ -> {}).close();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        ResultsCsv.write(results, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("id,custom_id,outcome,");
    }

    private static List<Map<String, String>> read(String csv) throws Exception {
        try (MappingIterator<Map<String, String>> rows =
                new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(csv)) {
            return rows.readAll();
        }
    }
}
