package dev.assay.backtest;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Intervals by the percentile bootstrap over prompts. Source: Efron and Tibshirani, "An
/// Introduction to the Bootstrap", 1993, chapter 13.
///
/// Seeded: the same seed draws the same prompts, so intervals of one backtest are comparable.
final class Bootstrap {

    /// Resamples for one interval.
    static final int RESAMPLES = 1_000;

    private static final double TAIL = 0.025;

    private final long seed;

    Bootstrap(long seed) {
        this.seed = seed;
    }

    /// The middle 95 % of what a figure takes when prompts are drawn anew.
    ///
    /// @param sd its standard deviation
    record Spread(double low, double high, double sd) {}

    /// The interval of a mean.
    Spread ofMean(double[] values) {
        return of(
                values.length,
                counts -> {
                    double sum = 0;
                    for (int i = 0; i < values.length; i++) {
                        sum += counts[i] * values[i];
                    }
                    return sum / values.length;
                });
    }

    /// The interval of any figure of a sample.
    ///
    /// @param figure of how often each prompt was drawn
    Spread of(int size, ToDoubleFunction<int[]> figure) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] drawn = new double[RESAMPLES];
        int[] counts = new int[size];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            Arrays.fill(counts, 0);
            for (int i = 0; i < size; i++) {
                counts[random.nextInt(size)]++;
            }
            drawn[resample] = figure.applyAsDouble(counts);
        }
        // A figure may be undefined on a few of the samples, such as a ratio to nothing.
        return spread(Arrays.stream(drawn).filter(Double::isFinite).toArray());
    }

    /// The spread of figures that were drawn already; sorts them.
    static Spread spread(double[] drawn) {
        if (drawn.length == 0) {
            return new Spread(0, 0, 0);
        }
        Arrays.sort(drawn);
        double mean = mean(drawn);
        double squares = Arrays.stream(drawn).map(x -> (x - mean) * (x - mean)).sum();
        int tail = (int) Math.floor(TAIL * drawn.length);
        return new Spread(
                drawn[tail],
                drawn[drawn.length - 1 - tail],
                Math.sqrt(squares / Math.max(1, drawn.length - 1)));
    }

    static double mean(double[] values) {
        return values.length == 0 ? 0 : Arrays.stream(values).sum() / values.length;
    }
}
