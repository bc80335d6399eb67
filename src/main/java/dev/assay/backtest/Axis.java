package dev.assay.backtest;

import java.util.ArrayList;
import java.util.List;

/// One axis of a picture: from values to pixels, and where its ticks stand.
final class Axis {

    /// Beyond this ratio of the largest to the smallest value a linear axis hides the small ones.
    private static final double LOG_FROM_RATIO = 20;

    private static final double[] STEPS = {1, 2, 5, 10};
    private static final int WANTED_TICKS = 6;

    private final double low;
    private final double high;
    private final double fromPixel;
    private final double toPixel;
    private final boolean log;

    private Axis(double low, double high, double fromPixel, double toPixel, boolean log) {
        this.low = low;
        this.high = high;
        this.fromPixel = fromPixel;
        this.toPixel = toPixel;
        this.log = log;
    }

    /// An axis with a little room around these values; logarithmic where they span a wide range of
    /// positive numbers and that is allowed.
    static Axis around(List<Double> values, double fromPixel, double toPixel, boolean mayBeLog) {
        double least = values.stream().mapToDouble(v -> v).min().orElse(0);
        double most = values.stream().mapToDouble(v -> v).max().orElse(1);
        boolean log = mayBeLog && least > 0 && most / least > LOG_FROM_RATIO;
        if (log) {
            return new Axis(least / 1.3, most * 1.6, fromPixel, toPixel, true);
        }
        double room = most > least ? 0.08 * (most - least) : Math.max(0.1, Math.abs(most) * 0.1);
        return new Axis(least - room, most + room, fromPixel, toPixel, false);
    }

    boolean isLog() {
        return log;
    }

    double pixel(double value) {
        double share =
                log
                        ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                        : (value - low) / (high - low);
        return fromPixel + share * (toPixel - fromPixel);
    }

    /// Round values inside the axis.
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (log) {
            for (double decade = Math.pow(10, Math.floor(Math.log10(low)));
                    decade <= high;
                    decade *= 10) {
                for (double step : new double[] {1, 2, 5}) {
                    addIfInside(ticks, decade * step);
                }
            }
            return ticks;
        }
        double step = step((high - low) / WANTED_TICKS);
        for (double at = Math.ceil(low / step) * step; at <= high; at += step) {
            addIfInside(ticks, at);
        }
        return ticks;
    }

    private void addIfInside(List<Double> ticks, double value) {
        if (value >= low && value <= high) {
            ticks.add(value);
        }
    }

    private static double step(double atLeast) {
        double decade = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double step : STEPS) {
            if (step * decade >= atLeast) {
                return step * decade;
            }
        }
        return 10 * decade;
    }
}
