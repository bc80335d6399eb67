package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

class ResultsFileTest {

    @TempDir private Path folder;

    @Test
    void growsByWholeLinesAndKnowsWhatItHolds() throws Exception {
        Path path = folder.resolve("results.jsonl");

        try (ResultsFile results = ResultsFile.open(path, _ -> {})) {
            assertThat(results.append(row(3))).isTrue();
            assertThat(results.append(row(1))).isTrue();
            assertThat(results.append(row(3))).isFalse();
            results.flush();

            assertThat(Files.readAllLines(path)).hasSize(2);
            assertThat(results.count()).isEqualTo(2);
            assertThat(results.has(3)).isTrue();
            assertThat(results.has(2)).isFalse();
        }
    }

    @Test
    void goesOnAfterTheRowsOfAnEarlierRun() throws Exception {
        Path path = write(row(1), row(2));
        List<ResultRow> earlier = new ArrayList<>();

        try (ResultsFile results = ResultsFile.open(path, earlier::add)) {
            assertThat(earlier).containsExactly(row(1), row(2));
            assertThat(results.append(row(2))).isFalse();
            assertThat(results.append(row(3))).isTrue();
        }

        assertThat(lines(path)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void cutsOffATornLastLine() throws Exception {
        Path path = write(row(1), row(2));
        byte[] whole = Files.readAllBytes(path);
        Files.write(
                path,
                ResultRows.toJson(row(3)),
                StandardOpenOption.APPEND); // its line end is missing

        try (ResultsFile results = ResultsFile.open(path, _ -> {})) {
            assertThat(results.count()).isEqualTo(2);
            assertThat(Files.readAllBytes(path)).isEqualTo(whole);
            results.append(row(3));
        }

        assertThat(lines(path)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void refusesAFileThatHoldsSomethingElse() throws Exception {
        Path path = Files.writeString(folder.resolve("notes.txt"), "my notes\n");

        assertThatThrownBy(() -> ResultsFile.open(path, _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("notes.txt, line 1: a line of results was expected");
        assertThat(path).hasContent("my notes\n");
    }

    @Test
    void aFullDiskIsAnErrorAndLeavesWholeLines() throws Exception {
        ResultsFile results = ResultsFile.at(Path.of("/dev/full"), new BitSet(), 0);
        results.append(row(1));

        assertThatThrownBy(results::flush)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
    }

    @Test
    void isPutIntoTheOrderOfItsInput() throws Exception {
        Path path = write(row(5_000), row(2), row(9), row(1));

        LineOrder.apply(path);

        assertThat(lines(path)).containsExactly(1L, 2L, 9L, 5_000L);
        assertThat(folder).isDirectoryNotContaining("glob:**.ordered");
    }

    @Test
    void keepsTheLastOfTheRowsOfALine() throws Exception {
        Path path = write(row(2), row(1));
        ResultRow later =
                ResultRows.of(
                        GradedAnswer.newBuilder(ResultRowsTest.answer()).setAnswer("later").build(),
                        1);
        try (ResultsFile results = ResultsFile.open(path, _ -> {})) {
            results.supersede(later);
        }

        LineOrder.apply(path);

        List<ResultRow> rows = new ArrayList<>();
        ResultsFile.read(path, rows::add);
        assertThat(rows).containsExactly(later, row(2));
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatThrownBy(() -> ResultsFile.open(folder, _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no regular file");
    }

    private Path write(ResultRow... rows) throws Exception {
        Path path = folder.resolve("results.jsonl");
        try (ResultsFile results = ResultsFile.open(path, _ -> {})) {
            for (ResultRow row : rows) {
                results.append(row);
            }
        }
        return path;
    }

    private static List<Long> lines(Path path) throws Exception {
        List<Long> lines = new ArrayList<>();
        ResultsFile.read(path, row -> lines.add(row.line()));
        return lines;
    }

    private static ResultRow row(long line) {
        return ResultRows.of(ResultRowsTest.answer(), line);
    }

    /// Most programs write JSON without a line end. Only a row that was being written is cut off.
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1}", "{\"id\": \"x\", \"prompt\": \"hi\"}", "a note", "[1, 2"})
    void fileOfOneLineThatIsNoRowIsLeftAsItIs(String line) throws Exception {
        Path path = Files.writeString(folder.resolve("mine.json"), line);

        assertThatThrownBy(() -> ResultsFile.open(path, _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1: a line of results was expected");
        assertThat(path).hasContent(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"id\"", "{\"id\":\"p1\",\"custom_id\":nu"})
    void rowThatWasBeingWrittenIsCutOff(String torn) throws Exception {
        Path path = Files.writeString(folder.resolve("torn.jsonl"), torn);

        ResultsFile.open(path, _ -> {}).close();

        assertThat(path).isEmptyFile();
    }
}
