package dev.assay.calibrate;

import static dev.assay.model.Preference.Choice.FIRST;
import static dev.assay.model.Preference.Choice.SECOND;
import static dev.assay.model.Preference.Choice.TIE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.calibrate.Calibration.Compared;
import dev.assay.calibrate.Gold.GoldAnswer;
import dev.assay.calibrate.PairFigures.Duel;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class PairFiguresTest {

    @Test
    void tiesCountHalfAndWhatWinsIsComparedWithWhatShould() {
        JudgeReport.Pairs figures =
                PairFigures.of(
                        List.of(
                                duel("long answer", "short", true, 9, 5, false),
                                duel("long answer", "short", false, 9, 5, true),
                                duel("short", "long answer", true, 4, 6, false),
                                duel("short", "long answer", false, 7, 7, false)),
                        Optional.empty());

        assertThat(figures.accuracy()).isCloseTo((1 + 0.5) / 4, within(1e-9));
        assertThat(figures.ties()).isEqualTo(0.25);
        assertThat(figures.longer()).isEqualTo(1);
        assertThat(figures.longerBetter()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(figures.self()).contains(1.0);
    }

    @Test
    void selfIsUnknownWhereNoPairHasOneAnswerOfTheJudge() {
        assertThat(
                        PairFigures.of(List.of(duel("a", "b", true, 9, 5, false)), Optional.empty())
                                .self())
                .isEmpty();
    }

    /// The first line's better answer is the first, the others' the second.
    @Test
    void comparisonsInBothOrdersShowTheBiasByPosition() {
        List<Compared> compared =
                List.of(
                        new Compared(Optional.of(FIRST), Optional.of(SECOND), 0),
                        new Compared(Optional.of(FIRST), Optional.of(FIRST), 0),
                        new Compared(Optional.of(TIE), Optional.of(FIRST), 0),
                        new Compared(Optional.empty(), Optional.of(SECOND), 0));

        JudgeReport.Order order =
                PairFigures.order(compared, List.of(true, false, false, false)).orElseThrow();

        assertThat(order.read()).isEqualTo(7 / 8.0);
        assertThat(order.accuracy()).isCloseTo((1 + 1 + 0 + 1 + 0.5 + 1 + 0) / 7, within(1e-9));
        assertThat(order.first()).isCloseTo(4 / 6.0, within(1e-9));
        assertThat(order.flips()).isCloseTo(1 / 3.0, within(1e-9));
    }

    @Test
    void judgeThatNeverChoseHasNoFiguresOfOrder() {
        assertThat(
                        PairFigures.order(
                                List.of(new Compared(Optional.empty(), Optional.empty(), 0)),
                                List.of(true)))
                .isEmpty();
    }

    private static Duel duel(
            String a, String b, boolean first, double scoreA, double scoreB, boolean selfA) {
        return new Duel(
                new Gold.Pair(
                        1,
                        "q",
                        Optional.empty(),
                        new GoldAnswer(a, Optional.of("m")),
                        new GoldAnswer(b, Optional.of("n")),
                        first),
                scoreA,
                scoreB,
                selfA,
                false);
    }
}
