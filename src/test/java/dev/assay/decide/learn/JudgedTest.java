package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JudgedTest {

    private static final double[] NO_SHARES = new double[Blend.VIEWS];

    @Test
    void lateGradesThatAreOffByChanceMoveNothing() {
        Judged judged = judged(51, 4, 49, -4);

        assertThat(judged.offset(NO_SHARES, 3)).isZero();
    }

    @Test
    void lateGradesThatAreOffByMoreThanChanceMoveTheMean() {
        Judged judged = judged(90, 4, 10, -4);

        assertThat(judged.offset(NO_SHARES, 3)).isCloseTo(3.2, within(0.2));
    }

    @Test
    void whatViewsSayOnTheMeanIsTakenOutInFull() {
        Judged judged = judged(51, 4, 49, -4);
        double[] shares = new double[Blend.VIEWS];
        shares[0] = 0.5;

        assertThat(judged.offset(shares, 0)).isCloseTo(-0.5, within(1e-9));
    }

    /// The first view says 1 of each prompt.
    private static Judged judged(int some, double rest, int others, double otherRest) {
        double[] said = new double[Blend.VIEWS];
        said[0] = 1;
        Judged judged = new Judged();
        for (int i = 0; i < some; i++) {
            judged.add(said, rest, rest, 1);
        }
        for (int i = 0; i < others; i++) {
            judged.add(said, otherRest, otherRest, 1);
        }
        return judged;
    }
}
