package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class CholeskyTest {

    @Test
    void solvesWhatWasMultiplied() {
        Random random = new Random(7);
        int dims = 23;
        double[][] a = new double[dims][dims];
        for (int sample = 0; sample < 40; sample++) {
            double[] x = random.doubles(dims, -1, 1).toArray();
            for (int i = 0; i < dims; i++) {
                for (int j = 0; j < dims; j++) {
                    a[i][j] += x[i] * x[j];
                }
            }
        }
        double[] wanted = random.doubles(dims, -1, 1).toArray();
        double penalty = 0.5;
        double[] b = new double[dims];
        for (int i = 0; i < dims; i++) {
            for (int j = 0; j < dims; j++) {
                b[i] += (a[i][j] + (i == j ? penalty : 0)) * wanted[j];
            }
        }

        double[] solved = Cholesky.of(upper(a), filled(dims, penalty)).solve(b);

        assertThat(solved).usingComparatorWithPrecision(1e-4).containsExactly(wanted);
    }

    @Test
    void survivesAMatrixThatRoundingMadeIndefinite() {
        float[] indefinite = {1, 1.001f, 1};

        double[] solved = Cholesky.of(indefinite, filled(2, 1e-6)).solve(new double[] {1, 1});

        assertThat(solved[0]).isFinite();
        assertThat(solved[1]).isFinite();
    }

    @Test
    void leavesOnlyThePenaltyWhereNothingWasSeen() {
        double[] solved =
                Cholesky.of(new float[] {0, 0, 0}, filled(2, 2)).solve(new double[] {4, 0});

        assertThat(solved[0]).isCloseTo(2, within(1e-12));
        assertThat(solved[1]).isZero();
    }

    private static float[] upper(double[][] a) {
        float[] upper = new float[a.length * (a.length + 1) / 2];
        int at = 0;
        for (int row = 0; row < a.length; row++) {
            for (int column = row; column < a.length; column++) {
                upper[at++] = (float) a[row][column];
            }
        }
        return upper;
    }

    private static double[] filled(int dims, double value) {
        double[] values = new double[dims];
        Arrays.fill(values, value);
        return values;
    }
}
