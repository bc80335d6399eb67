package dev.assay.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.calibrate.JudgeReport.Bar;
import dev.assay.calibrate.JudgeReport.Labels;
import dev.assay.calibrate.LabelFigures.Point;

import org.junit.jupiter.api.Test;

import java.util.List;

class LabelFiguresTest {

    /// Label, score and length; of the judge's own family or not.
    private static final List<Point> POINTS =
            List.of(
                    new Point(9, 8, 10, false, true),
                    new Point(8, 9, 20, true, true),
                    new Point(7, 6, 30, false, true),
                    new Point(3, 8, 40, true, true),
                    new Point(2, 3, 50, false, true),
                    new Point(1, 2, 60, false, true));

    private final Labels figures = LabelFigures.of(POINTS, 7, 0.9);

    @Test
    void answersAreCountedOnBothSidesOfTheBar() {
        Bar bar = figures.atBar();

        assertThat(List.of(bar.goodPassed(), bar.badPassed(), bar.goodFailed(), bar.badFailed()))
                .containsExactly(2, 1, 1, 2);
        assertThat(bar.precision()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(bar.recall()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(figures.agreement()).isCloseTo(4 / 6.0, within(1e-9));
        assertThat(figures.kappa()).isCloseTo(1 / 3.0, within(1e-9));
    }

    @Test
    void biasIsSplitByLengthAndByAuthor() {
        assertThat(figures.bias()).isCloseTo(1, within(1e-9));
        assertThat(figures.error()).isCloseTo(10 / 6.0, within(1e-9));
        assertThat(figures.lengthBias()).isCloseTo(7 / 3.0 - (-1 / 3.0), within(1e-9));
        assertThat(figures.selfBias())
                .hasValueSatisfying(bias -> assertThat(bias).isCloseTo(3, within(1e-9)));
    }

    /// Worked out by a few lines of Python.
    @Test
    void correlationsAreThoseOfAnotherProgram() {
        assertThat(figures.pearson()).isCloseTo(0.7699189, within(1e-6));
        assertThat(figures.spearman()).isCloseTo(0.8116795, within(1e-6));
    }

    @Test
    void lowestBarThatMeetsThePrecisionIsTaken() {
        assertThat(figures.bars()).extracting(Bar::bar).containsExactly(2.0, 3.0, 6.0, 8.0, 9.0);
        assertThat(figures.reaching()).map(Bar::bar).contains(9.0);
        assertThat(LabelFigures.of(POINTS, 7, 0.7).reaching()).map(Bar::bar).contains(6.0);
        assertThat(LabelFigures.of(List.of(new Point(1, 9, 1, false, false)), 7, 0.9).reaching())
                .isEmpty();
    }

    /// Against Newcombe, Statistics in Medicine 17 (1998), method 3.
    @Test
    void intervalIsWilsons() {
        assertThat(LabelFigures.wilson(81 / 263.0, 263, -1)).isCloseTo(0.2553, within(5e-5));
        assertThat(LabelFigures.wilson(81 / 263.0, 263, 1)).isCloseTo(0.3662, within(5e-5));
        assertThat(LabelFigures.wilson(0, 20, 1)).isCloseTo(0.1611, within(5e-5));
    }

    @Test
    void scoresThatDoNotVaryCorrelateWithNothing() {
        Labels same =
                LabelFigures.of(
                        List.of(new Point(9, 5, 1, false, false), new Point(1, 5, 2, false, false)),
                        7,
                        0.9);

        assertThat(same.pearson()).isZero();
        assertThat(same.spearman()).isZero();
        assertThat(same.selfBias()).isEmpty();
    }
}
