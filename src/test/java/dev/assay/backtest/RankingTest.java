package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class RankingTest {

    private static final TopologyFile BOTH =
            BacktestSamples.topology("strategy: fixed, models: [small, large]", "");

    @TempDir private Path folder;

    @Test
    void aGapThatTheTextTellsIsLearned() throws InputException {
        BacktestReport report =
                Backtest.run(BOTH, BacktestSamples.write(folder, hardAndEasy()), options(1));

        assertThat(report.ranked().orElseThrow().apgr()).isGreaterThan(0.7);
        assertThat(report.ranked().orElseThrow().lead().low()).isPositive();
    }

    @Test
    void labelsMayBeAJudgesGrades() throws InputException {
        Path records = BacktestSamples.write(folder, hardAndEasy());

        BacktestReport misled =
                Backtest.run(
                        BOTH, records, options(1).withLearnFrom(new LearnFrom.GradesOf("judge")));

        assertThat(misled.ranked().orElseThrow().apgr()).isLessThan(0.3);
    }

    @Test
    void theSameSeedRanksAlike() throws InputException {
        Path records = BacktestSamples.write(folder, hardAndEasy());

        double once = Backtest.run(BOTH, records, options(3)).ranked().orElseThrow().apgr();
        double again = Backtest.run(BOTH, records, options(3)).ranked().orElseThrow().apgr();

        assertThat(again).isEqualTo(once);
    }

    @Test
    void aJudgeToLearnFromMustHaveGrades() {
        assertThatThrownBy(
                        () ->
                                Backtest.run(
                                        BOTH,
                                        BacktestSamples.write(folder, hardAndEasy()),
                                        options(1).withLearnFrom(new LearnFrom.GradesOf("who"))))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("no grades by judge who")
                .hasMessageContaining("[judge]");
    }

    @Test
    void oneModelAloneIsNotRanked() throws InputException {
        TopologyFile alone = BacktestSamples.topology("strategy: fixed, models: [small]", "");

        assertThat(
                        Backtest.run(
                                        alone,
                                        BacktestSamples.write(folder, hardAndEasy()),
                                        options(1))
                                .ranked())
                .isEmpty();
    }

    private static BacktestOptions options(long seed) {
        return BacktestOptions.DEFAULT.withFolds(4).withSeed(seed);
    }

    /// Small fails on proofs and on nothing else; the judge says the opposite.
    private static List<String> hardAndEasy() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean hard = i % 4 == 0;
            String line =
                    BacktestSamples.record("id" + i, hard ? 0 : 1, 1, hard ? 10 : 1, hard ? 1 : 10);
            String question =
                    (hard
                                    ? "Prove the theorem about the number "
                                    : "Name the capital of the land called ")
                            + i;
            lines.add(line.replaceFirst("What is id\\d+\\?", question));
        }
        return lines;
    }
}
