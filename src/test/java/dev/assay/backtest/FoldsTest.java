package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class FoldsTest {

    @Test
    void everyPromptIsScoredOnceAndNeverLearnedFromThere() {
        Folds folds = new Folds(103, 10, 7);

        List<Integer> scored = new ArrayList<>();
        for (int fold = 0; fold < folds.count(); fold++) {
            List<Integer> test = boxed(folds.test(fold));
            assertThat(boxed(folds.training(fold)))
                    .doesNotContainAnyElementsOf(test)
                    .hasSize(103 - test.size());
            assertThat(test.size()).isBetween(10, 11);
            scored.addAll(test);
        }
        assertThat(scored)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 103).boxed().toList());
    }

    @Test
    void whatIsLearnedFromComesMixed() {
        int[] training = new Folds(103, 10, 7).training(0);

        assertThat(training).isNotEqualTo(IntStream.of(training).sorted().toArray());
    }

    @Test
    void theSeedDecides() {
        assertThat(new Folds(50, 5, 1).test(0)).isEqualTo(new Folds(50, 5, 1).test(0));
        assertThat(new Folds(50, 5, 1).test(0)).isNotEqualTo(new Folds(50, 5, 2).test(0));
    }

    @Test
    void thereAreNoMoreFoldsThanPrompts() {
        assertThat(new Folds(3, 10, 1).count()).isEqualTo(3);
    }

    private static List<Integer> boxed(int[] places) {
        return IntStream.of(places).boxed().toList();
    }
}
