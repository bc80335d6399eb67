package dev.assay.calibrate;

import dev.assay.calibrate.Calibration.Said;
import dev.assay.calibrate.JudgeReport.Bar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// What scores tell beside labels.
final class LabelFigures {

    /// The quantile of the normal distribution for a 95 % interval.
    private static final double Z = 1.959964;

    private LabelFigures() {}

    /// An answer that has both.
    record Point(double label, double score, int chars, boolean self, boolean authorKnown) {
        double error() {
            return score - label;
        }
    }

    static JudgeReport.Figures of(
            Gold gold, List<List<Said>> said, double pass, double wantedPrecision) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            if (gold.items().get(i) instanceof Gold.Labelled item) {
                Said one = said.get(i).getFirst();
                one.score()
                        .ifPresent(
                                score ->
                                        points.add(
                                                new Point(
                                                        item.label(),
                                                        score,
                                                        item.answer().text().length(),
                                                        one.self(),
                                                        item.answer().model().isPresent())));
            }
        }
        return points.isEmpty() ? new JudgeReport.Nothing() : of(points, pass, wantedPrecision);
    }

    static JudgeReport.Labels of(List<Point> points, double pass, double wantedPrecision) {
        double[] labels = points.stream().mapToDouble(Point::label).toArray();
        double[] scores = points.stream().mapToDouble(Point::score).toArray();
        List<Bar> bars =
                points.stream()
                        .map(Point::score)
                        .distinct()
                        .sorted()
                        .map(bar -> bar(points, bar, pass))
                        .toList();
        Bar atBar = bar(points, pass, pass);
        List<Point> byLength =
                points.stream().sorted(Comparator.comparingInt(Point::chars)).toList();
        int half = byLength.size() / 2;
        return new JudgeReport.Labels(
                (double) (atBar.goodPassed() + atBar.badFailed()) / points.size(),
                kappa(atBar),
                correlation(labels, scores),
                correlation(ranks(labels), ranks(scores)),
                bias(points),
                points.stream().mapToDouble(point -> Math.abs(point.error())).average().orElse(0),
                half == 0
                        ? 0
                        : bias(byLength.subList(byLength.size() - half, byLength.size()))
                                - bias(byLength.subList(0, half)),
                selfBias(points),
                atBar,
                bars,
                bars.stream().filter(bar -> bar.precision() >= wantedPrecision).findFirst());
    }

    private static Optional<Double> selfBias(List<Point> points) {
        List<Point> known = points.stream().filter(Point::authorKnown).toList();
        List<Point> own = known.stream().filter(Point::self).toList();
        List<Point> others = known.stream().filter(Predicate.not(Point::self)).toList();
        return own.isEmpty() || others.isEmpty()
                ? Optional.empty()
                : Optional.of(bias(own) - bias(others));
    }

    private static double bias(List<Point> points) {
        return points.stream().mapToDouble(Point::error).average().orElse(0);
    }

    private static Bar bar(List<Point> points, double bar, double good) {
        int goodPassed = 0;
        int badPassed = 0;
        int goodFailed = 0;
        int badFailed = 0;
        for (Point point : points) {
            boolean passes = point.score() >= bar;
            if (point.label() >= good) {
                goodPassed += passes ? 1 : 0;
                goodFailed += passes ? 0 : 1;
            } else {
                badPassed += passes ? 1 : 0;
                badFailed += passes ? 0 : 1;
            }
        }
        int passed = goodPassed + badPassed;
        double precision = passed == 0 ? 0 : (double) goodPassed / passed;
        int allGood = goodPassed + goodFailed;
        return new Bar(
                bar,
                goodPassed,
                badPassed,
                goodFailed,
                badFailed,
                precision,
                wilson(precision, passed, -1),
                wilson(precision, passed, 1),
                allGood == 0 ? 0 : (double) goodPassed / allGood);
    }

    /// The low (side -1) or high (1) end of Wilson's 95 % interval of a share.
    ///
    /// Source: E. B. Wilson, JASA 22 (1927), p. 209.
    static double wilson(double share, int count, int side) {
        if (count == 0) {
            return side < 0 ? 0 : 1;
        }
        double z2 = Z * Z;
        double root = Math.sqrt(share * (1 - share) / count + z2 / (4.0 * count * count));
        return (share + z2 / (2 * count) + side * Z * root) / (1 + z2 / count);
    }

    /// Cohen's kappa of passing and being good; 0 where one side is empty on both.
    private static double kappa(Bar bar) {
        double all = bar.goodPassed() + bar.badPassed() + bar.goodFailed() + bar.badFailed();
        double observed = (bar.goodPassed() + bar.badFailed()) / all;
        double good = (bar.goodPassed() + bar.goodFailed()) / all;
        double passed = (bar.goodPassed() + bar.badPassed()) / all;
        double chance = good * passed + (1 - good) * (1 - passed);
        return chance == 1 ? 0 : (observed - chance) / (1 - chance);
    }

    /// Pearson's correlation; 0 where one side does not vary.
    static double correlation(double[] x, double[] y) {
        double meanX = IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElse(0);
        double meanY = IntStream.range(0, y.length).mapToDouble(i -> y[i]).average().orElse(0);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    /// Ranks from 1, ties with their mean rank.
    static double[] ranks(double[] values) {
        List<Integer> order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .toList();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.size()) {
            int to = from;
            while (to < order.size() && values[order.get(to)] == values[order.get(from)]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order.get(i)] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
