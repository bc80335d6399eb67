package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    static Set<String> commands() {
        return AssayCommand.commandLine().getSubcommands().keySet();
    }
}
