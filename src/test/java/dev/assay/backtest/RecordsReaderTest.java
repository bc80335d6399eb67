package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.bulk.InputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

class RecordsReaderTest {

    private static final Records.Wanted SMALL =
            new Records.Wanted(Set.of("small"), Set.of("judge"), false);

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json                                      | it is no JSON",
                "[1]                                           | it is no JSON object",
                "{\"prompt\": \"p\"}                           | it has no id",
                "{\"id\": \"a\"}                               | it has no prompt",
                "{\"id\": \"a\", \"prompt\": \" \"}            | it has no prompt",
                "{\"id\": \"a\", \"prompt\": \"p\"}            | it has no answers",
                "{\"id\": 1, \"prompt\": \"p\"}                | id is no text",
                "{\"id\": \"a\", \"prompt\": \"p\", \"answers\": {\"m\": {}}} | answers.m has no input_tokens",
                "{\"id\": \"a\", \"prompt\": \"p\", \"answers\": {\"m\": {\"input_tokens\": -1, \"output_tokens\": 1}}} | answers.m.input_tokens is no number from 0",
                "{\"id\": \"a\", \"prompt\": \"p\", \"answers\": {\"m\": {\"input_tokens\": 1, \"output_tokens\": 1, \"correct\": 0.5}}} | answers.m.correct is neither 0 nor 1",
                "{\"id\": \"a\", \"prompt\": \"p\", \"answers\": {\"m\": {\"input_tokens\": 1, \"output_tokens\": 1, \"score\": 11}}} | answers.m.score is no number from 1 to 10",
                "{\"id\": \"a\", \"prompt\": \"p\", \"answers\": {\"m\": {\"input_tokens\": 1, \"output_tokens\": 1}}, \"grades\": {\"j\": {\"m\": \"good\"}}} | grades.j.m is no number from 1 to 10"
            })
    void aBadLineIsNamedWithItsReason(String line, String reason) {
        Path records =
                BacktestSamples.write(
                        folder, List.of(BacktestSamples.record("ok", 1, 1, 9, 9), "", line));

        assertThatThrownBy(() -> RecordsReader.read(records, SMALL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("records.jsonl, line 3: ")
                .hasMessageContaining(reason);
    }

    @Test
    void anIdThatIsThereTwiceIsRefused() {
        String line = BacktestSamples.record("a", 1, 1, 9, 9);
        Path records = BacktestSamples.write(folder, List.of(line, line));

        assertThatThrownBy(() -> RecordsReader.read(records, SMALL))
                .hasMessageContaining("line 2: its id a is that of line 1");
    }

    @Test
    void aMissingFileAFolderAndAnEmptyFileAreToldApart() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));

        assertThatThrownBy(() -> RecordsReader.read(folder.resolve("none"), SMALL))
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> RecordsReader.read(folder, SMALL)).hasMessageContaining("folder");
        assertThatThrownBy(() -> RecordsReader.read(empty, SMALL))
                .hasMessageContaining("holds no record");
    }

    @Test
    void onlyWhatIsWantedIsKept() throws InputException {
        Path records =
                BacktestSamples.write(folder, List.of(BacktestSamples.record("a", 1, 0, 9, 9)));

        Records read = RecordsReader.read(records, SMALL);

        RecordedPrompt prompt = read.prompts().getFirst();
        assertThat(prompt.answers()).containsOnlyKeys("small");
        assertThat(Objects.requireNonNull(prompt.answers().get("small")).text()).isEmpty();
        assertThat(Objects.requireNonNull(prompt.grades().get("judge")).scores())
                .containsEntry("small", 9.0);
        assertThat(read.models()).containsExactly("large", "small");
    }

    @Test
    void packedFilesAreReadAsWell() throws IOException, InputException {
        Path packed = folder.resolve("records.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(BacktestSamples.record("a", 1, 0, 9, 9).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(RecordsReader.read(packed, SMALL).prompts()).hasSize(1);
    }
}
