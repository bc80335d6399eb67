package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class RunFolderTest {

    @TempDir private Path folder;
    private Path results;
    private Path input;
    private TopologyFile topology;

    @BeforeEach
    void giveFiles() throws IOException {
        results = folder.resolve("results.jsonl");
        input = Files.writeString(folder.resolve("in.txt"), "hello\n");
        topology = topology("t.yaml", Map.of());
    }

    @Test
    void anInterruptedRunKeepsItsIdAndState() throws Exception {
        String first;
        try (RunFolder run = begin(false)) {
            first = run.runId();
            Files.createDirectories(run.broker());
        }

        try (RunFolder run = begin(false)) {
            assertThat(run.resumed()).isTrue();
            assertThat(run.complete()).isFalse();
            assertThat(run.runId()).isEqualTo(first);
            assertThat(run.broker()).exists();
        }
    }

    @Test
    void aCompleteRunKeepsOnlyWhoseItIs() throws Exception {
        try (RunFolder run = begin(false)) {
            Files.createDirectories(run.broker().resolve("prompts-0"));
            Files.createDirectories(run.state());
            Files.writeString(results, "{}\n");
            run.markComplete();
        }

        assertThat(folder.resolve("results.jsonl.run"))
                .isDirectoryContaining("glob:**/run.json")
                .isDirectoryNotContaining("glob:**/{broker,state,lock}");
        try (RunFolder run = begin(false)) {
            assertThat(run.complete()).isTrue();
        }
    }

    @Test
    void freshBeginsAnew() throws Exception {
        String first;
        try (RunFolder run = begin(false)) {
            first = run.runId();
            Files.createDirectories(run.broker());
            Files.writeString(results, "{}\n");
        }

        try (RunFolder run = begin(true)) {
            assertThat(run.resumed()).isFalse();
            assertThat(run.runId()).isNotEqualTo(first);
            assertThat(run.broker()).doesNotExist();
            assertThat(results).doesNotExist();
        }
    }

    @Test
    void anotherInputIsRefused() throws Exception {
        begin(false).close();
        Files.writeString(input, "other\n");

        assertThatThrownBy(() -> begin(false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds results of an earlier state of the input");
    }

    @Test
    void anotherTopologyIsRefused() throws Exception {
        begin(false).close();
        topology = topology("u.yaml", Map.of());

        assertThatThrownBy(() -> begin(false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("another topology file, " + folder.resolve("t.yaml"));
    }

    @Test
    void anotherModelByAVariableIsAnotherTopologyButANewKeyIsNot() throws Exception {
        begin(false).close();
        topology = topology("t.yaml", Map.of("KEY", "renewed"));
        begin(false).close();
        topology = topology("t.yaml", Map.of("MODEL", "other"));

        assertThatThrownBy(() -> begin(false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("an earlier state of the topology file")
                .hasMessageContaining("or of its variables");
    }

    @Test
    void theSameInputUnderAnotherNameIsTheSame() throws Exception {
        begin(false).close();
        input = Files.move(input, folder.resolve("renamed.txt"));

        try (RunFolder run = begin(false)) {
            assertThat(run.resumed()).isTrue();
        }
    }

    @Test
    void aSecondRunOnTheSameResultsIsRefused() throws Exception {
        try (RunFolder _ = RunFolder.lock(results)) {
            assertThatThrownBy(() -> RunFolder.lock(results))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another run is writing");
        }
    }

    @Test
    void whatCameByStdinStaysForAnInterruptedRun() throws Exception {
        try (RunFolder run = RunFolder.lock(results)) {
            Path spooled =
                    run.spool(new ByteArrayInputStream("hello\n".getBytes(StandardCharsets.UTF_8)));
            run.begin(RunIdentity.of(spooled, "stdin", Optional.empty(), topology), false);
        }

        try (RunFolder run = begin(false)) {
            assertThat(run.resumed()).isTrue();
            assertThat(run.stdin()).hasContent("hello\n");
        }
    }

    @Test
    void nothingIsLeftOfARunThatDidNotBegin() throws Exception {
        RunFolder.lock(results).close();

        assertThat(folder.resolve("results.jsonl.run")).doesNotExist();
    }

    private TopologyFile topology(String name, Map<String, String> variables) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve(name),
                        """
                        name: %s
                        models: [{name: small, provider: openai, base_url: "http://localhost/v1",
                                  model: "${MODEL:-one}", api_key: "${KEY:-none}"}]
                        routes: [{name: default, assign: {strategy: fixed, models: [small]},
                                  check: {rules: [{max_chars: 9}]}}]
                        """
                                .formatted(name.charAt(0)));
        return TopologyParser.parse(file, variables);
    }

    private RunFolder begin(boolean fresh) throws Exception {
        RunFolder run = RunFolder.lock(results);
        try {
            run.begin(RunIdentity.of(input, input.toString(), Optional.empty(), topology), fresh);
            return run;
        } catch (InputException e) {
            run.close();
            throw e;
        }
    }
}
