package dev.assay.decide.learn;

/// Solves (A + penalties) w = b for a symmetric A: a factorisation, and the solving by it.
final class Cholesky {

    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    /// @param upper the upper triangle of A, row by row
    /// @param penalties added to the diagonal; each above 0, so that it can always be factorised
    static Cholesky of(float[] upper, double[] penalties) {
        int dims = penalties.length;
        double[][] lower = new double[dims][];
        for (int row = 0; row < dims; row++) {
            lower[row] = new double[row + 1];
        }
        int at = 0;
        for (int column = 0; column < dims; column++) {
            for (int row = column; row < dims; row++) {
                lower[row][column] = upper[at++];
            }
            lower[column][column] += penalties[column];
        }
        for (int row = 0; row < dims; row++) {
            double[] own = lower[row];
            for (int column = 0; column < row; column++) {
                double[] other = lower[column];
                own[column] = (own[column] - dot(own, other, column)) / other[column];
            }
            // rounding may leave less than the penalty, which is the least it can truly be
            own[row] = Math.sqrt(Math.max(penalties[row], own[row] - dot(own, own, row)));
        }
        return new Cholesky(lower);
    }

    double[] solve(double[] b) {
        int dims = lower.length;
        double[] w = b.clone();
        for (int row = 0; row < dims; row++) {
            w[row] = (w[row] - dot(lower[row], w, row)) / lower[row][row];
        }
        for (int row = dims - 1; row >= 0; row--) {
            w[row] /= lower[row][row];
            for (int column = 0; column < row; column++) {
                w[column] -= lower[row][column] * w[row];
            }
        }
        return w;
    }

    private static double dot(double[] a, double[] b, int size) {
        double even = 0;
        double odd = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < size; i += 4) {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        for (; i < size; i++) {
            even += a[i] * b[i];
        }
        return even + odd + third + fourth;
    }
}
