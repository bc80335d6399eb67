package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.codec.Json;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class BacktestCommandTest {

    @TempDir private Path folder;

    private Path topology;
    private Path records;

    @BeforeEach
    void writeFiles() throws IOException {
        topology =
                Files.writeString(
                        folder.resolve("t.yaml"),
                        """
                        name: t
                        models: [{name: small, provider: simulated, price: {input: 1, output: 1}}]
                        routes: [{name: default, assign: {strategy: fixed, models: [small]}}]
                        """);
        records =
                Files.writeString(
                        folder.resolve("records.jsonl"),
                        """
                        {"id": "a", "prompt": "p", "answers": {"small": {"input_tokens": 1, "output_tokens": 1, "correct": 1}}}
                        """);
    }

    @Test
    void aTableGoesToStdout() {
        CommandRun run = CommandRun.of("backtest", records.toString(), "-t", topology.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("default: fixed of small", "100.00 %");
    }

    @Test
    void jsonIsOneObject() {
        CommandRun run =
                CommandRun.of("backtest", records.toString(), "-t", topology.toString(), "--json");

        assertThat(Json.object(run.out()).path("quality").doubleValue()).isEqualTo(1);
    }

    @Test
    void badRecordsAreBadInputWithLineAndReason() throws IOException {
        Files.writeString(records, "{\"id\": \"a\"}\n");

        CommandRun run = CommandRun.of("backtest", records.toString(), "-t", topology.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("records.jsonl, line 1: it has no prompt");
    }

    @Test
    void recordsThatDoNotFitTheTopologyAreBadInput() throws IOException {
        Files.writeString(records, Files.readString(records).replace("small", "other"));

        CommandRun run = CommandRun.of("backtest", records.toString(), "-t", topology.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("no answers of model small", "[other]");
    }

    @Test
    void thePictureNamesModelsPolicyAndControls() throws IOException {
        Path svg = folder.resolve("picture.svg");

        CommandRun run =
                CommandRun.of(
                        "backtest",
                        records.toString(),
                        "-t",
                        topology.toString(),
                        "--svg",
                        svg.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readString(svg))
                .startsWith("<svg ")
                .contains(">policy</text>", ">oracle</text>", "default: fixed of small");
    }

    @Test
    void aPictureThatCannotBeWrittenIsSaidSo() {
        CommandRun run =
                CommandRun.of(
                        "backtest",
                        records.toString(),
                        "-t",
                        topology.toString(),
                        "--svg",
                        folder.resolve("none/picture.svg").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("cannot write", "picture.svg");
    }

    @Test
    void aLabelThatIsNoneIsBadUsage() {
        CommandRun run =
                CommandRun.of(
                        "backtest",
                        records.toString(),
                        "-t",
                        topology.toString(),
                        "--learn-from",
                        "grades:");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'grades:' is neither truth nor grades:JUDGE");
    }

    @Test
    void oneFoldIsTooFew() {
        CommandRun run =
                CommandRun.of(
                        "backtest", records.toString(), "-t", topology.toString(), "--folds", "1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--folds must be 2 or more");
    }
}
