package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Tally;
import dev.assay.model.PromptState;
import dev.assay.model.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class TeachingTest {

    private static final TopologyFile CASCADE = BacktestSamples.cascade();
    private static final Scope SCOPE = new Scope("default", Optional.empty());

    @TempDir private Path folder;

    /// Small fails, large takes over, and each verdict costs 1,000 tokens at 2 USD a million.
    @Test
    void escalationsAreTaughtApartAndEachWithTheCostOfItsCheck() throws InputException {
        Path file = BacktestSamples.write(folder, List.of(BacktestSamples.record("p", 0, 1, 2, 9)));
        Cast cast = Cast.of(CASCADE.routes());
        Records records = RecordsReader.read(file, cast.wanted(CASCADE.routes()));
        AnswerTable table =
                new AnswerTable(
                        cast.models(), records.prompts(), Quality.CORRECT, CASCADE.catalog());
        Teaching teaching =
                new Teaching(CASCADE, table, Quality.CORRECT, new LearnFrom.GradesOf("judge"));

        teaching.called(0, played(records));

        String rubric = CASCADE.routes().getFirst().check().rubricKey();
        Knowledge knowledge = teaching.all();
        Tally small = knowledge.tally(SCOPE, "small", rubric).orElseThrow();
        Tally large = knowledge.laterTally(SCOPE, "large", rubric).orElseThrow();
        assertThat(small.passShare()).hasValue(0);
        assertThat(large.passShare()).hasValue(1);
        assertThat(knowledge.tally(SCOPE, "large", rubric)).isEmpty();
        assertThat(small.meanCheckUsd().orElseThrow()).isCloseTo(0.002, within(1e-9));
        assertThat(large.meanCheckUsd().orElseThrow()).isCloseTo(0.002, within(1e-9));
    }

    private static PromptState played(Records records) {
        Result result = new Replay(CASCADE).play(records.prompts().getFirst(), Knowledge.NONE);
        return ((Result.Answered) result).state();
    }
}
