package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Set;

class AssayCommandTest {

    @Test
    void helpGoesToStdoutWithAnExample() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Examples:", "assay run prompts.jsonl");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExampleOfItself(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Example", "  assay " + command);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void missingCommandIsBadUsage() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing command").contains("commands: run, ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aMisspeltOptionIsBadUsageAndTheRightOneIsNamed() {
        CommandRun run = CommandRun.of("run", "prompts.jsonl", "--fresch");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("Unknown option: '--fresch'", "--fresh", "`assay run --help` tells more");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --kafka-port 99999           | '99999' is no port; give a number from 0 to 65535",
                "up --registry-port -1           | '-1' is no port",
                "simulate --port x               | 'x' is no port",
                "simulate --latency-ms=-5        | --latency-ms must be 0 or more",
                "simulate --fail-rate 2          | --fail-rate must be between 0 and 1",
                "run a.jsonl b.jsonl             | nothing takes the argument b.jsonl",
                "redrive --reason timeouts       | --reason timeouts is no reason for which prompts fail; it is one of undecodable,",
                "up --http-host 0.0.0.0          | listening on 0.0.0.0 lets other machines in",
                "frobnicate                      | nothing takes the argument frobnicate",
                "send \u2003                     | TEXT is empty; give a prompt",
                "tail t --until-idle 5           | '5' is no time; write 200ms, 5s, 2m or 1h",
                "tail t --bootstrap-server here  | Invalid url in bootstrap.servers: here",
            })
    void aValueThatCannotBeIsBadUsage(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }

    static Set<String> commands() {
        return AssayCommand.commandLine().getSubcommands().keySet();
    }
}
