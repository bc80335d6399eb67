package dev.assay.decide.learn;

import java.util.Arrays;
import java.util.Collection;

/// How much each view of a prompt is to be believed: its single n-grams and the regression on all
/// of them folded, each parted into what moves all models of the route alike (a hard prompt) and
/// what sets one apart. A regression of grades on what the views said before the grade was known.
/// Shares are never negative, and drawn to a cautious start while there are few grades.
final class Blend {

    static final int GRAMS = 0;
    static final int FOLDED = 1;
    static final int MISSED = 2;

    /// Each view of what sets a model apart stands so far behind the one for all models.
    static final int OWN = 3;

    static final int VIEWS = 2 * OWN;

    /// Shares of the views where nothing is known: the regression is shrunken already, the single
    /// n-grams count each word several times over.
    private static final double[] START = {0, 0.5, 0, 0, 0.5, 0};

    /// So many grades' worth of belief in the start.
    private static final double START_WEIGHT = 100;

    private static final double TINY = 1e-9;
    private static final int TURNS = 100;

    private final double[][] products = new double[VIEWS][VIEWS];
    private final double[] grades = new double[VIEWS];
    private double weight;

    /// @param values what each view said
    /// @param rest of the grade, beyond the model's mean
    void add(double[] values, double rest, double by) {
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values.length; j++) {
                products[i][j] += by * values[i] * values[j];
            }
            grades[i] += by * values[i] * rest;
        }
        weight += by;
    }

    void fade(double factor) {
        for (double[] row : products) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= factor;
            }
        }
        for (int i = 0; i < grades.length; i++) {
            grades[i] *= factor;
        }
        weight *= factor;
    }

    /// The shares, one a view: least squares without negative ones, found by turns (coordinate
    /// descent: Franc, Hlavac and Navara, 2005). Each model's own mean is taken out first, or a
    /// view that says too much of all prompts would be believed too little.
    double[] shares(Collection<Judged> models) {
        double[] shares = START.clone();
        if (weight == 0) {
            return shares;
        }
        double[][] centred = new double[VIEWS][VIEWS];
        double[] target = new double[VIEWS];
        for (int i = 0; i < VIEWS; i++) {
            target[i] = grades[i];
            for (int j = 0; j < VIEWS; j++) {
                centred[i][j] = products[i][j];
            }
            for (Judged model : models) {
                double mean = model.weight() > 0 ? model.views(i) / model.weight() : 0;
                target[i] -= mean * model.rests();
                for (int j = 0; j < VIEWS; j++) {
                    centred[i][j] -= mean * model.views(j);
                }
            }
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < VIEWS; i++) {
                double drawn = centred[i][i] * START_WEIGHT / weight;
                double rest = target[i] + drawn * START[i];
                for (int j = 0; j < VIEWS; j++) {
                    rest -= i == j ? 0 : centred[i][j] * shares[j];
                }
                double curve = centred[i][i] + drawn;
                shares[i] = curve < TINY ? START[i] : Math.max(0, rest / curve);
            }
        }
        return shares;
    }

    void write(StateWriter out) {
        for (double[] row : products) {
            for (double value : row) {
                out.real(value);
            }
        }
        for (double value : grades) {
            out.real(value);
        }
        out.real(weight);
    }

    static Blend read(StateReader in) {
        Blend blend = new Blend();
        for (double[] row : blend.products) {
            Arrays.setAll(row, _ -> in.realDouble());
        }
        Arrays.setAll(blend.grades, _ -> in.realDouble());
        blend.weight = in.realDouble();
        return blend;
    }
}
