package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.Sets;

import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.bulk.ResultRows;
import dev.assay.bulk.RunFolder;
import dev.assay.bulk.RunIdentity;
import dev.assay.config.TopologyParser;
import dev.assay.testkit.ChildJvm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// `run` with an input that can be read once only.
class RunStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;
    private Path topology;
    private Path results;

    @BeforeEach
    void giveATopology() throws IOException {
        topology =
                Files.writeString(
                        folder.resolve("t.yaml"),
                        """
                        name: t
                        models: [{name: small, provider: simulated}]
                        routes: [{name: default, assign: {strategy: fixed, models: [small]}, check: {rules: [{max_chars: 9}]}}]
                        """);
        results = folder.resolve("results.jsonl");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aNamedPipeIsReadWhole() throws Exception {
        Path file = Files.writeString(folder.resolve("in.txt"), "hello\n");
        leaveACompleteRunOf(file);
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Thread.ofPlatform().daemon().start(() -> write(pipe, "hello\n"));

        CommandRun run = CommandRun.of(args(pipe.toString()));

        assertThat(run.err()).contains("is complete already");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.SOME_FAILED);
    }

    @Test
    void aSignalEndsItAtOnceWhileStdinIsOpen() throws IOException {
        Set<ProcessHandle> others = children();
        try (ChildJvm _ = ChildJvm.start(AssayCommand.class, args("-"))) {
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(folder.resolve("results.jsonl.run/stdin.next")));
            ProcessHandle child = Sets.difference(children(), others).iterator().next();

            child.destroy();

            assertThat(child.onExit()).succeedsWithin(PATIENCE);
        }
    }

    private void leaveACompleteRunOf(Path file) throws Exception {
        try (RunFolder run = RunFolder.lock(results)) {
            run.begin(
                    RunIdentity.of(
                            file,
                            file.toString(),
                            Optional.empty(),
                            TopologyParser.parse(topology, Map.of())),
                    false);
            FailedPrompt failed =
                    FailedPrompt.newBuilder()
                            .setId("line-1")
                            .setCode("timeout")
                            .setMessage("nobody answered")
                            .setTopic("prompts")
                            .setPartition(0)
                            .setOffset(0)
                            .setAttempts(List.of())
                            .setCostUsd(CostRecord.newBuilder().build())
                            .build();
            Files.write(results, ResultRows.toJson(ResultRows.of(failed, 1)));
            Files.writeString(results, "\n", StandardOpenOption.APPEND);
            run.markComplete();
        }
    }

    private String[] args(String input) {
        return new String[] {"run", input, "-t", topology.toString(), "-o", results.toString()};
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
