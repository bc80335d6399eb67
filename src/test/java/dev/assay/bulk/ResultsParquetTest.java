package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ResultsParquetTest {

    private static final String AWKWARD = "say \"hi\",\nthen\r\n \u00e9 \ud83d\ude00";

    @TempDir private Path folder;

    @Test
    void everyRowComesBackWithItsValues() throws Exception {
        GradedAnswer answer = ResultRowsTest.answer();
        Path results = folder.resolve("results.jsonl");
        try (ResultsFile file = ResultsFile.open(results, _ -> {})) {
            file.append(
                    ResultRows.of(GradedAnswer.newBuilder(answer).setAnswer(AWKWARD).build(), 1));
            file.append(ResultRows.of(GradedAnswer.newBuilder(answer).setAnswer(null).build(), 2));
        }
        Path out = folder.resolve("results.parquet");

        ResultsParquet.write(results, out);

        List<Map<String, Object>> rows = read(out);
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst())
                .containsEntry("id", answer.getId())
                .containsEntry("answer", AWKWARD)
                .containsEntry("line", 1L)
                .containsEntry("checked", answer.getChecked())
                .containsEntry("grade", answer.getGrade())
                .containsEntry("cost_usd_total", answer.getCostUsd().getTotal());
        assertThat(new ObjectMapper().readTree(String.valueOf(rows.getFirst().get("attempts"))))
                .hasSize(answer.getAttempts().size());
        assertThat(rows.getLast().get("answer")).isNull();
    }

    @Test
    void noRowsLeaveAFileWithoutRows() throws Exception {
        Path results = folder.resolve("none.jsonl");
        ResultsFile.open(results, _ -> {}).close();
        Path out = folder.resolve("none.parquet");

        ResultsParquet.write(results, out);

        assertThat(read(out)).isEmpty();
    }

    private static List<Map<String, Object>> read(Path file) throws IOException {
        try (Stream<Map<String, Object>> rows =
                ParquetReader.streamContent(
                        file.toFile(),
                        new Hydrator<Map<String, Object>, Map<String, Object>, String[]>() {
                            @Override
                            public Map<String, Object> start() {
                                return new HashMap<>();
                            }

                            @Override
                            public Map<String, Object> add(
                                    Map<String, Object> row, String[] column, Object value) {
                                row.put(column[0], value);
                                return row;
                            }

                            @Override
                            public Map<String, Object> finish(Map<String, Object> row) {
                                return row;
                            }
                        })) {
            return rows.toList();
        }
    }
}
