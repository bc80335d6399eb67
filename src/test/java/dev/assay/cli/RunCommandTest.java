package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `run` refuses before it starts anything.
class RunCommandTest {

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
                        models: [{name: small, provider: simulated}, {name: large, provider: simulated}]
                        routes: [{name: default, assign: {strategy: fixed, models: [small]}, check: {judges: [large]}}]
                        """);
        results = folder.resolve("out/results.jsonl");
    }

    @Test
    void aMissingInputIsBadInput() {
        CommandRun run = run(folder.resolve("none.jsonl"));

        assertRefused(run, "there is no file " + folder.resolve("none.jsonl"));
    }

    @Test
    void anEmptyInputIsBadInput() throws IOException {
        CommandRun run = run(Files.createFile(folder.resolve("empty.txt")));

        assertRefused(run, "is empty; there is no prompt in it");
        assertThat(folder.resolve("out")).isEmptyDirectory();
    }

    @Test
    void aBrokenTopologyFileIsBadInputWithItsLine() throws IOException {
        Files.writeString(topology, "name: t\nmodels: 5\n");

        CommandRun run = run(Files.writeString(folder.resolve("in.txt"), "hello\n"));

        assertRefused(run, topology + ":2");
    }

    @Test
    void anUnknownFormatIsBadUsage() throws IOException {
        Path input = Files.writeString(folder.resolve("in.txt"), "hello\n");

        CommandRun run = CommandRun.of("run", input.toString(), "--input-format", "xml");

        assertRefused(run, "--input-format");
    }

    @Test
    void resultsThatNobodyKnowsAreNotOverwritten() throws IOException {
        Path input = Files.writeString(folder.resolve("in.txt"), "hello\n");
        results = Files.writeString(folder.resolve("notes.txt"), "my notes\n");

        CommandRun run = run(input);

        assertRefused(run, "choose another file with -o, or overwrite it with --fresh");
        assertThat(results).hasContent("my notes\n");
    }

    @Test
    void theInputItselfIsNotOverwrittenEvenWhenFresh() throws IOException {
        Path input = Files.writeString(folder.resolve("in.txt"), "hello\n");
        results = input;

        CommandRun run = run(input, "--fresh");

        assertRefused(run, "is the input itself");
        assertThat(input).hasContent("hello\n");
    }

    private CommandRun run(Path input, String... more) {
        String[] args = {
            "run", input.toString(), "-t", topology.toString(), "-o", results.toString()
        };
        String[] all = new String[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return CommandRun.of(all);
    }

    private static void assertRefused(CommandRun run, String message) {
        assertThat(run.err()).contains(message);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
