package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class SubmitCommandTest {

    @TempDir private Path folder;

    @Test
    void refusesToWriteResultsOverTheInputBeforeAnythingIsSubmitted() throws Exception {
        Path input = Files.writeString(folder.resolve("prompts.csv"), "prompt\nhi\n");

        CommandRun run =
                CommandRun.of("submit", input.toString(), "--wait", "-o", input.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(run.err()).contains("prompts.csv is there already");
        assertThat(input).hasContent("prompt\nhi\n");
    }

    @Test
    void saysThatTheInputIsMissingBeforeItLooksForKafka() {
        Path missing = folder.resolve("prompts.csv");

        CommandRun run =
                CommandRun.of("submit", missing.toString(), "--bootstrap-server", "localhost:1");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(run.err()).contains("there is no file " + missing);
    }
}
