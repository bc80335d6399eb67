package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.backtest.BacktestOptions.Choosing;
import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ChoiceTest {

    private static final TopologyFile CASCADE =
            BacktestSamples.topology(
                    "strategy: cascade, models: [small, large]", "agreement: judge");

    @TempDir private Path folder;

    @Test
    void theCascadeOfTheMostWorthIsChosenInEveryFold() throws InputException {
        BacktestReport report = Backtest.run(CASCADE, write(60), choosing(0.002));

        assertThat(report.quality()).isEqualTo(1);
        assertThat(report.escalated()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(report.notes())
                .anyMatch(
                        note ->
                                note.equals(
                                        "chosen of 6 in 10 of 10 folds: small, then large, unless judge agrees"));
    }

    @Test
    void whereAPointIsWorthLittleTheCheapestModelIsChosen() throws InputException {
        BacktestReport report = Backtest.run(CASCADE, write(60), choosing(0.0001));

        assertThat(report.notes()).anyMatch(note -> note.endsWith("10 of 10 folds: small"));
        assertThat(report.quality()).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void theSameSeedChoosesAlike() throws InputException {
        Path records = write(60);

        String once = ReportJson.text(Backtest.run(CASCADE, records, choosing(0.002)));
        String again = ReportJson.text(Backtest.run(CASCADE, records, choosing(0.002)));

        assertThat(again).isEqualTo(once);
    }

    @Test
    void theCheapestIsChosenThatIsNoWorseThanTheNamedModel() throws InputException {
        Path records = write(60);

        BacktestReport asLarge = Backtest.run(CASCADE, records, atLeast("large"));
        BacktestReport asSmall = Backtest.run(CASCADE, records, atLeast("small"));

        assertThat(asLarge.quality()).isEqualTo(1);
        assertThat(asLarge.usdPer1k()).isLessThan(point(asLarge, "large").usdPer1k());
        assertThat(asSmall.notes()).anyMatch(note -> note.endsWith("10 of 10 folds: small"));
    }

    @Test
    void theModelNotToFallShortOfMustBeInPlay() {
        assertThatThrownBy(() -> Backtest.run(CASCADE, write(3), atLeast("other")))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("--at-least names other")
                .hasMessageContaining("large");
    }

    @Test
    void eachModelAloneStandsBesideThePolicyPromptByPrompt() throws InputException {
        BacktestReport report = Backtest.run(CASCADE, write(60), atLeast("small"));

        BacktestReport.ModelPoint small = point(report, "small");
        BacktestReport.ModelPoint large = point(report, "large");

        assertThat(small.difference()).isZero();
        assertThat(small.paired().low()).isZero();
        assertThat(small.usdPaired().high()).isZero();
        assertThat(large.difference()).isCloseTo(-1.0 / 3, within(1e-9));
        assertThat(large.paired().low()).isBetween(-0.6, -0.34);
        assertThat(large.usdDifference())
                .isCloseTo(report.usdPer1k() - large.usdPer1k(), within(1e-9));
        assertThat(ReportText.of(report)).contains("dearer by");
    }

    private static BacktestReport.ModelPoint point(BacktestReport report, String model) {
        return report.points().stream()
                .filter(one -> one.model().equals(model))
                .findFirst()
                .orElseThrow();
    }

    private static BacktestOptions atLeast(String model) {
        return BacktestOptions.DEFAULT.withChoosing(new Choosing(2, 0.002, Optional.of(model)));
    }

    @Test
    void onlyACascadeIsChosen() {
        TopologyFile fixed = BacktestSamples.topology("strategy: fixed, models: [small]", "");

        assertThatThrownBy(() -> Backtest.run(fixed, write(3), choosing(0.002)))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("that route to be a cascade")
                .hasMessageContaining("default: fixed");
    }

    private static BacktestOptions choosing(double usdPerPoint) {
        return BacktestOptions.DEFAULT.withChoosing(new Choosing(2, usdPerPoint));
    }

    /// Of each three prompts small gets one wrong, and then differs from judge, who is never right
    /// where it differs from the others.
    private Path write(int prompts) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            boolean wrong = i % 3 == 0;
            lines.add(
                    """
                    {"id": "p%d", "prompt": "How many?", "answers": {%s, %s, %s}}"""
                            .formatted(
                                    i,
                                    answer("small", wrong ? "41" : "42", wrong ? 0 : 1),
                                    answer("large", "42", 1),
                                    answer("judge", wrong ? "40" : "42", wrong ? 0 : 1)));
        }
        return BacktestSamples.write(folder, lines);
    }

    private static String answer(String model, String text, int correct) {
        return """
               "%s": {"text": "%s", "input_tokens": 50, "output_tokens": 50, "correct": %d}"""
                .formatted(model, text, correct);
    }
}
