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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
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

    /// A group has 128 MiB, and what is held in memory no more than one.
    @Test
    void rowsOfSeveralGroupsComeBackInTheirOrder() throws Exception {
        int count = 1_200;
        GradedAnswer answer = ResultRowsTest.answer();
        Path results = folder.resolve("large.jsonl");
        try (ResultsFile file = ResultsFile.open(results, _ -> {})) {
            for (int line = 1; line <= count; line++) {
                GradedAnswer one =
                        GradedAnswer.newBuilder(answer).setAnswer(incompressible(line)).build();
                file.append(ResultRows.of(one, line));
            }
        }
        Path out = folder.resolve("large.parquet");

        ResultsParquet.write(results, out);

        assertThat(ParquetReader.readMetadata(out.toFile()).getBlocks())
                .hasSizeGreaterThan(1)
                .allMatch(group -> group.getRowCount() > 0);
        AtomicLong line = new AtomicLong();
        try (Stream<Map<String, Object>> rows = rows(out)) {
            rows.forEach(
                    row -> {
                        assertThat(row).containsEntry("line", line.incrementAndGet());
                        assertThat(row.get("answer")).isEqualTo(incompressible(line.get()));
                    });
        }
        assertThat(line).hasValue(count);
    }

    /// Text of 128 KiB, the same for the same seed.
    private static String incompressible(long seed) {
        byte[] bytes = new byte[96 * 1024];
        new Random(seed).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static List<Map<String, Object>> read(Path file) throws IOException {
        try (Stream<Map<String, Object>> rows = rows(file)) {
            return rows.toList();
        }
    }

    private static Stream<Map<String, Object>> rows(Path file) throws IOException {
        return ParquetReader.streamContent(
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
                });
    }
}
