package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

class AssayCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpGoesToStdoutWithAnExample() {
        int exit = execute("--help");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("Examples:", "assay run prompts.jsonl");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void missingCommandIsBadUsage() {
        int exit = execute();

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("Missing command");
        assertThat(out.toString()).isEmpty();
    }

    private int execute(String... args) {
        CommandLine commandLine = AssayCommand.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }
}
