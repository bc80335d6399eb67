package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class LearnedTest {

    private static final TopologyFile LEARNED =
            BacktestSamples.topology(
                    "strategy: learned, models: [small, large], usd_per_point: 0.002, explore: 0.2",
                    "");

    private static final BacktestOptions FEW_FOLDS = BacktestOptions.DEFAULT.withFolds(3);

    @TempDir private Path folder;

    @Test
    void whatIsLearnedOnOtherFoldsSendsHardPromptsToTheStrongModel() throws InputException {
        BacktestReport report = Backtest.run(LEARNED, write(), FEW_FOLDS);

        assertThat(report.quality()).isGreaterThan(0.95);
        assertThat(report.models().getOrDefault("large", 0.0)).isBetween(0.2, 0.35);
        assertThat(report.controls().randomMatchedCost().paired().low()).isPositive();
        assertThat(report.notes())
                .contains(
                        "learned from truth with full feedback, each prompt on the other 2 of 3 folds");
    }

    @Test
    void aPolicyThatSeesOnlyWhatItCalledLearnsByExploring() throws InputException {
        BacktestReport report =
                Backtest.run(LEARNED, write(), FEW_FOLDS.withFeedback(Feedback.BANDIT));

        assertThat(report.quality()).isGreaterThan(0.85);
        assertThat(report.models()).containsKeys("small", "large");
    }

    @Test
    void theDialIsTheWorthOfAPoint() throws InputException {
        BacktestReport report = Backtest.run(LEARNED, write(), FEW_FOLDS);

        assertThat(report.curve().getFirst().strongShare()).isZero();
        assertThat(report.curve().getLast().usdPer1k())
                .isGreaterThan(report.curve().getFirst().usdPer1k());
    }

    /// Nothing tells which half of the prompts small fails on, and no check would notice it.
    @ParameterizedTest
    @CsvSource({
        "FULL, ''",
        "FULL, 'rules: [{max_chars: 1000}]'",
        "BANDIT, ''",
        "BANDIT, 'rules: [{max_chars: 1000}]'"
    })
    void dearModelAnswersWhereItIsWorthItAndNobodyWouldNoticeAWrongAnswer(
            Feedback feedback, String check) throws InputException {
        List<String> lines =
                IntStream.range(0, 600)
                        .mapToObj(i -> BacktestSamples.record("id" + i, i % 2, 1, 5, 5))
                        .toList();
        Path records = BacktestSamples.write(folder, lines);
        BacktestOptions options = FEW_FOLDS.withFeedback(feedback);

        double stingy = largeShare(Backtest.run(worth(0.001, check), records, options));
        double generous = largeShare(Backtest.run(worth(0.01, check), records, options));

        assertThat(stingy).isLessThan(0.1);
        assertThat(generous).isGreaterThan(0.9);
    }

    private static double largeShare(BacktestReport report) {
        return report.models().getOrDefault("large", 0.0);
    }

    private static TopologyFile worth(double usdPerPoint, String check) {
        return BacktestSamples.topology(
                "strategy: learned, models: [small, large], explore: 0.05, usd_per_point: "
                        + usdPerPoint,
                check);
    }

    @Test
    void theSameSeedGivesTheSameReport() throws InputException {
        BacktestOptions bandit = FEW_FOLDS.withFeedback(Feedback.BANDIT);
        Path records = write();

        String once = ReportJson.text(Backtest.run(LEARNED, records, bandit));
        String again = ReportJson.text(Backtest.run(LEARNED, records, bandit));

        assertThat(again).isEqualTo(once);
    }

    /// Small fails on proofs and on nothing else.
    private Path write() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            boolean hard = i % 4 == 0;
            String question =
                    (hard ? "Prove the theorem about the number " : "Name the capital of the land ")
                            + i;
            lines.add(
                    BacktestSamples.record("id" + i, hard ? 0 : 1, 1, 5, 5)
                            .replaceFirst("What is id\\d+\\?", question));
        }
        return BacktestSamples.write(folder, lines);
    }
}
