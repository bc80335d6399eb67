package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCurveTest {

    private static final double[] WEAK = {1, 0, 0, 1};
    private static final double[] STRONG = {1, 1, 1, 1};

    @Test
    void theBestRankingSendsThoseWhoGainFirst() {
        RankCurve curve = new RankCurve(new double[] {1, 4, 3, 2}, WEAK, STRONG);

        // PGR 0, 1/2, 1, 1, 1 at shares 0 to 1.
        assertThat(curve.apgr().orElseThrow()).isCloseTo(0.75, within(1e-12));
        assertThat(curve.cpt(0.5).orElseThrow()).isCloseTo(0.25, within(1e-12));
        assertThat(curve.cpt(0.8).orElseThrow()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void equalRanksAreAStraightLine() {
        RankCurve curve = new RankCurve(new double[] {7, 7, 7, 7}, WEAK, STRONG);

        assertThat(curve.apgr().orElseThrow()).isCloseTo(0.5, within(1e-12));
        assertThat(curve.cpt(0.8).orElseThrow()).isCloseTo(0.8, within(1e-12));
        assertThat(curve.sampled(4).get(1).quality()).isCloseTo(0.625, within(1e-12));
    }

    @Test
    void whereThePromptsOfATieStandChangesNothing() {
        double[] rank = {2, 2, 1, 1};

        double one = new RankCurve(rank, WEAK, STRONG).apgr().orElseThrow();
        double other = new RankCurve(rank, new double[] {0, 1, 1, 0}, STRONG).apgr().orElseThrow();

        assertThat(one).isEqualTo(other);
    }

    @Test
    void aStrongModelMayBeWorseOnSomePrompts() {
        RankCurve curve =
                new RankCurve(
                        new double[] {3, 2, 1}, new double[] {0, 0, 1}, new double[] {1, 1, 0});

        // PGR 0, 1, 2, 1: more than the strong model alone.
        assertThat(curve.apgr().orElseThrow()).isCloseTo(3.5 / 3, within(1e-12));
    }

    @Test
    void thereIsNoAreaBetweenEquals() {
        assertThat(
                        new RankCurve(new double[] {1, 2}, new double[] {1, 0}, new double[] {0, 1})
                                .apgr())
                .isEmpty();
    }

    @Test
    void aRankingLeadsItselfByNothing() {
        RankCurve curve = new RankCurve(new double[] {1, 4, 3, 2}, WEAK, STRONG);

        Bootstrap.Spread lead = curve.lead(curve, new Bootstrap(1));

        assertThat(lead.high()).isZero();
        assertThat(lead.low()).isZero();
    }
}
