package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class StartCommandTest {

    @TempDir private Path folder;

    @Test
    void aFileThatNamesNoKafkaIsRefusedWithWhatToAdd() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("t.yaml"),
                        """
                        name: t
                        models: [{name: m, provider: simulated}]
                        routes: [{name: default, assign: {strategy: fixed, models: [m]}}]
                        schema_registry: {url: "http://localhost:1"}
                        """);

        CommandRun run = CommandRun.of("start", "-t", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(file + " does not say where", "kafka: {bootstrap.servers: ")
                .doesNotContain("schema_registry");
    }
}
