package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CalibrateCommandTest {

    private static final String TOPOLOGY =
            """
            name: app
            models:
              - {name: small, provider: simulated, simulate: {latency: 1ms}}
              - {name: judge, provider: simulated, simulate: {latency: 1ms, skill: 9}, price: {call: 0.01}}
              - {name: other, provider: simulated, simulate: {latency: 1ms, skill: 9}}
            routes:
              - {name: code, match: {task: [code]}, assign: {strategy: fixed, models: [small]}, check: {judges: [judge]}}
              - {name: default, assign: {strategy: fixed, models: [small]}, check: {judges: [judge, other], panel: mean}}
            """;

    @TempDir private Path folder;

    @Test
    void judgesAreMeasuredAgainstLabels() throws IOException {
        String gold =
                """
                {"prompt": "q", "answer": "My answer, which is little more than a guess: 4.", "label": 1}
                {"prompt": "r", "answer": "My answer, checked step by step: 5.", "label": 9, "model": "judge"}
                """;

        CommandRun run = calibrate(gold, "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        ObjectNode json = Json.object(run.out());
        assertThat(json.path("form").asText()).isEqualTo("labels");
        assertThat(json.path("judges")).hasSize(2);
        assertThat(json.at("/judges/0/judge").asText()).isEqualTo("judge");
        assertThat(json.at("/judges/0/routes")).hasToString("[\"code\",\"default\"]");
        assertThat(json.at("/judges/0/scored").asInt()).isEqualTo(2);
        assertThat(json.at("/judges/0/cost_usd").asDouble()).isEqualTo(0.02);
        assertThat(json.at("/judges/0/agreement").asDouble()).isEqualTo(1);
        assertThat(run.err()).contains("simulated");
    }

    @Test
    void tablesNameTheBarThatMeetsThePrecision() throws IOException {
        String gold =
                """
                {"prompt": "q", "answer": "My answer, which is little more than a guess: 4.", "label": 1}
                {"prompt": "r", "answer": "My answer, checked step by step: 5.", "label": 9}
                """;

        CommandRun run = calibrate(gold, "--route", "code");

        assertThat(run.out())
                .contains("2 answers with labels of", "judge (code)", "1 good and 0 bad pass")
                .contains("is the lowest bar with a precision of 90.0 % here");
    }

    @Test
    void pairsAreScoredOnBothSides() throws IOException {
        String gold =
                """
                {"prompt": "q", "label": "b", "answer_a": "My answer, which is little more than a guess: 4.",\
                 "answer_b": "My answer, checked step by step: 5."}
                """;

        CommandRun run = calibrate(gold, "--json");

        assertThat(Json.object(run.out()).at("/judges/0/accuracy").asDouble()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"prompt": "q", "answer": "a", "label": 11}   | line 1: its label is no number from 0 to 10
                    {"prompt": "q", "answer": "a", "label": "a"}  | line 1: its label is no number from 0 to 10
                    {"prompt": "q", "answer": " ", "label": 5}    | line 1: it has no answer; give one as text
                    {"prompt": "q", "anser": "a", "label": 5}     | line 1: its key anser is unknown; the keys are
                    {"prompt": "q", "answer_a": "a", "answer_b": "b", "label": 1} | line 1: its label is neither
                    {"prompt"                                     | line 1:
                    ''                                            | holds no label
                    """)
    void lineThatIsNoGoldIsBadInput(String line, String message) throws IOException {
        CommandRun run = calibrate(line);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void bothFormsInOneFileAreBadInput() throws IOException {
        CommandRun run =
                calibrate(
                        """
                        {"prompt": "q", "answer": "a", "label": 5}
                        {"prompt": "q", "answer_a": "a", "answer_b": "b", "label": "a"}
                        """);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("line 2: it is a pair, and the lines before are not");
    }

    @Test
    void judgesThatNeverAnswerAreToldOf() throws IOException {
        Path topology = folder.resolve("away.yaml");
        Files.writeString(
                topology,
                TOPOLOGY.replace("latency: 1ms, skill: 9", "latency: 1ms, fail_rate: 1")
                        .replace("price:", "retry: {attempts: 1}, price:"));
        Path gold = folder.resolve("gold.jsonl");
        Files.writeString(gold, "{\"prompt\": \"q\", \"answer\": \"a\", \"label\": 5}");

        CommandRun run =
                CommandRun.of(
                        "calibrate",
                        gold.toString(),
                        "-t",
                        topology.toString(),
                        "--route",
                        "code",
                        "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no judge gave a score");
        assertThat(Json.object(run.out()).at("/judges/0/unavailable").asDouble()).isEqualTo(1);
    }

    private CommandRun calibrate(String gold, String... options) throws IOException {
        Path topology = folder.resolve("t.yaml");
        Files.writeString(topology, TOPOLOGY);
        Path file = folder.resolve("gold.jsonl");
        Files.writeString(file, gold);
        String[] args = new String[options.length + 4];
        args[0] = "calibrate";
        args[1] = file.toString();
        args[2] = "-t";
        args[3] = topology.toString();
        System.arraycopy(options, 0, args, 4, options.length);
        return CommandRun.of(args);
    }
}
