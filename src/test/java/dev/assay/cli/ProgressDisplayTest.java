package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.bulk.RunProgress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

class ProgressDisplayTest {

    private static final RunProgress HALF = new RunProgress(10, true, 1, 5, 0, 0);

    @BeforeEach
    void beATerminal() {
        System.setProperty("assay.terminal", "true");
    }

    @AfterEach
    void beNone() {
        System.clearProperty("assay.terminal");
        System.clearProperty("assay.columns");
    }

    @ParameterizedTest
    @CsvSource({
        "30, [########--------] 5/10  0.0/",
        "0, '[########--------] 5/10  0.0/s  in flight 2'"
    })
    void theBarFitsTheTerminalEvenOneWithoutASize(int columns, String bar) {
        System.setProperty("assay.columns", String.valueOf(columns));
        StringWriter err = new StringWriter();

        ProgressDisplay.start(new PrintWriter(err), () -> HALF, () -> Map.of("small", 2)).close();

        assertThat(err.toString()).startsWith("\r" + bar).endsWith(System.lineSeparator());
    }
}
