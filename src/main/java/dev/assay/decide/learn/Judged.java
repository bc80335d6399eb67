package dev.assay.decide.learn;

import java.util.Arrays;

/// What was said of one model before its grades were known, and what the grades then were: sums.
final class Judged {

    private final double[] views = new double[Blend.VIEWS];
    private double rests;
    private double squaredErrors;
    private double weight;

    /// @param said by each view
    /// @param rest of the grade, beyond the model's mean
    /// @param error of the blended prediction
    void add(double[] said, double rest, double error, double by) {
        for (int i = 0; i < views.length; i++) {
            views[i] += by * said[i];
        }
        rests += by * rest;
        squaredErrors += by * error * error;
        weight += by;
    }

    void fade(double factor) {
        for (int i = 0; i < views.length; i++) {
            views[i] *= factor;
        }
        rests *= factor;
        squaredErrors *= factor;
        weight *= factor;
    }

    double weight() {
        return weight;
    }

    double rests() {
        return rests;
    }

    /// Sum of what a view said.
    double views(int view) {
        return views[view];
    }

    /// What must be added to blended views, so that predictions are right on the mean.
    ///
    /// The model's mean is known from all its grades, and these here are the late ones alone: that
    /// their mean is another counts as far as chance does not explain it (James and Stein, 1961).
    ///
    /// @param prior so many grades' worth of belief that nothing must be
    double offset(double[] shares, double prior) {
        double offset = rests * beyondChance();
        for (int i = 0; i < views.length; i++) {
            offset -= shares[i] * views[i];
        }
        return offset / (weight + prior);
    }

    /// The share of the mean rest that its own variance does not explain.
    private double beyondChance() {
        double explained = squaredErrors / Math.max(rests * rests, Double.MIN_NORMAL);
        return Math.max(0, 1 - explained);
    }

    /// Mean squared error, with a usual one for as many grades as `prior` says.
    double squaredError(double usual, double prior) {
        return (squaredErrors + usual * prior) / (weight + prior);
    }

    void write(StateWriter out) {
        for (double value : views) {
            out.real(value);
        }
        out.real(rests);
        out.real(squaredErrors);
        out.real(weight);
    }

    static Judged read(StateReader in) {
        Judged judged = new Judged();
        Arrays.setAll(judged.views, _ -> in.realDouble());
        judged.rests = in.realDouble();
        judged.squaredErrors = in.realDouble();
        judged.weight = in.realDouble();
        return judged;
    }
}
