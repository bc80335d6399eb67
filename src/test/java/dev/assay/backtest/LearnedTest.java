package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
