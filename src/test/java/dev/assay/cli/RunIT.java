package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.codec.Json;
import dev.assay.testkit.ChildJvm;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// `run` as a user runs it, with broker and pipeline inside.
class RunIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private Path topology;
    private Path results;

    @BeforeEach
    void giveATopology() throws IOException {
        results = folder.resolve("results.jsonl");
        topology =
                Files.writeString(
                        folder.resolve("t.yaml"),
                        """
                        name: run-it
                        topics: {partitions: 3}
                        models:
                          - {name: small, provider: simulated, simulate: {latency: 20ms, skill: 5}}
                          - {name: large, provider: simulated, simulate: {latency: 20ms, skill: 9}}
                          - {name: judge, provider: simulated, price: {input: 1, output: 1}, simulate: {latency: 20ms}}
                        routes:
                          - name: default
                            assign: {strategy: cascade, models: [small, large]}
                            check: {judges: [judge], pass: 6}
                        tenants: {acme: {topic: prompts.acme}}
                        """);
    }

    @Test
    void everyLineEndsAsOneRowAndABadOneAsItsOwnFailure() throws IOException {
        Path input =
                Files.writeString(
                        folder.resolve("in.jsonl"),
                        """
                        {"id":"a","prompt":"What is 1 plus 1?","metadata":{"k":"v"}}
                        no json
                        {"id":"a","prompt":"the same id"}

                        {"prompt":"of a tenant with a topic of its own","tenant":"acme"}
                        {"id":"r","prompt":"What is 2 plus 2?","route":"nowhere"}
                        """);

        CommandRun run = run(input, "--ordered");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("all its models are simulated", "(judges)", "5 prompts: ", "3 failed");
        List<JsonNode> rows = rows();
        assertThat(rows)
                .extracting(row -> row.path("line").asLong())
                .containsExactly(1L, 2L, 3L, 5L, 6L);
        assertThat(rows)
                .extracting(row -> row.path("id").asText())
                .containsExactly("a", "line-2", "a", "line-5", "r");
        assertThat(rows)
                .extracting(row -> row.path("error").path("code").asText("none"))
                .containsExactly("none", "invalid_input", "invalid_input", "none", "invalid_input");
        assertThat(rows.getFirst().path("metadata").path("k").asText()).isEqualTo("v");
        assertThat(rows.getFirst().path("answer").asText()).isNotEmpty();
    }

    @Test
    void aCompleteRunIsNotRunAgainAndAnotherInputIsRefused() throws IOException {
        Path input = Files.writeString(folder.resolve("in.txt"), "first\nsecond\n");
        assertThat(run(input).exitCode()).isZero();
        byte[] before = Files.readAllBytes(results);

        CommandRun again = run(input);
        Files.writeString(input, "third\n");
        CommandRun other = run(input);

        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("is complete already, no model was called", "2 prompts: ");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("an earlier state of the input", "--fresh");
        assertThat(results).hasBinaryContent(before);
        assertThat(folder.resolve("results.jsonl.run"))
                .isDirectoryContaining("glob:**/run.json")
                .isDirectoryNotContaining("glob:**/broker");
    }

    @Test
    void aKilledRunGoesOnWhereItWas() throws IOException {
        int prompts = 3_000;
        Path input =
                Files.writeString(
                        folder.resolve("in.txt"),
                        IntStream.range(0, prompts)
                                .mapToObj(i -> "What is " + i + " plus one?\n")
                                .collect(Collectors.joining()));
        try (ChildJvm first = ChildJvm.start(AssayCommand.class, args(input))) {
            await().atMost(PATIENCE).until(() -> Files.exists(results) && Files.size(results) > 0);
            first.kill();
        }
        long before = rows().size();
        Files.writeString(results, "{\"id\":\"torn", StandardOpenOption.APPEND);

        CommandRun second = run(input);

        assertThat(before).isLessThan(prompts);
        assertThat(second.exitCode()).isZero();
        assertThat(second.err()).contains("going on: ");
        assertThat(rows())
                .extracting(row -> row.path("line").asLong())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, prompts).boxed().toList());
    }

    private CommandRun run(Path input, String... more) {
        String[] args = args(input);
        String[] all = new String[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return CommandRun.of(all);
    }

    private String[] args(Path input) {
        return new String[] {
            "run", input.toString(), "-t", topology.toString(), "-o", results.toString()
        };
    }

    /// Rows that are whole, in the order of the file.
    private List<JsonNode> rows() throws IOException {
        String text = Files.readString(results);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .<JsonNode>map(Json::object)
                .toList();
    }
}
