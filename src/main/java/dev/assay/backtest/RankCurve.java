package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// How much of the way from a weak to a strong model's quality a ranking of prompts recovers, when
/// its first prompts go to the strong one.
///
/// Source: Ong and others, "RouteLLM", ICLR 2025, section 3: PGR = (router - weak) / (strong -
/// weak); APGR is its area over the share of strong calls, CPT(x) the share that reaches PGR x.
/// Prompts of equal rank count as drawn in random order: between their ends the curve is a straight
/// line.
final class RankCurve {

    private final int[] order;
    private final boolean[] endsTie;
    private final double[] gain;
    private final double weakQuality;

    /// @param rank higher goes to the strong model first
    /// @param weak quality by prompt
    /// @param strong quality by prompt
    RankCurve(double[] rank, double[] weak, double[] strong) {
        Integer[] byRank = new Integer[rank.length];
        Arrays.setAll(byRank, i -> i);
        Arrays.sort(byRank, Comparator.comparingDouble((Integer i) -> -rank[i]));
        this.order = new int[rank.length];
        this.endsTie = new boolean[rank.length];
        this.gain = new double[rank.length];
        for (int place = 0; place < order.length; place++) {
            order[place] = byRank[place];
            gain[place] = strong[order[place]] - weak[order[place]];
            endsTie[place] =
                    place == order.length - 1 || rank[byRank[place]] != rank[byRank[place + 1]];
        }
        this.weakQuality = Bootstrap.mean(weak);
    }

    /// A point of the curve.
    record Point(double strongShare, double quality) {}

    /// The area under PGR; empty where both models are equally good.
    OptionalDouble apgr() {
        int[] once = new int[order.length];
        Arrays.fill(once, 1);
        double apgr = apgr(once);
        return Double.isFinite(apgr) ? OptionalDouble.of(apgr) : OptionalDouble.empty();
    }

    /// The area when each prompt counts so often.
    double apgr(int[] counts) {
        double drawn = 0;
        double total = 0;
        for (int place = 0; place < order.length; place++) {
            drawn += counts[order[place]];
            total += counts[order[place]] * gain[place];
        }
        double area = 0;
        double reached = 0;
        double groupGain = 0;
        double groupSize = 0;
        for (int place = 0; place < order.length; place++) {
            groupSize += counts[order[place]];
            groupGain += counts[order[place]] * gain[place];
            if (endsTie[place]) {
                area += groupSize * (reached + groupGain / 2);
                reached += groupGain;
                groupGain = 0;
                groupSize = 0;
            }
        }
        return area / (drawn * total);
    }

    /// The interval of the area, and its standard deviation.
    Spread spread(Bootstrap bootstrap) {
        return bootstrap.of(order.length, this::apgr);
    }

    /// The interval of this area less another's, on the same prompts.
    Spread lead(RankCurve other, Bootstrap bootstrap) {
        return bootstrap.of(order.length, counts -> apgr(counts) - other.apgr(counts));
    }

    /// The smallest share of strong calls that reaches this PGR, interpolated; empty where none
    /// does.
    OptionalDouble cpt(double pgr) {
        List<Point> points = corners();
        double strongQuality = points.getLast().quality();
        double wanted = weakQuality + pgr * (strongQuality - weakQuality);
        for (int i = 1; i < points.size(); i++) {
            Point before = points.get(i - 1);
            Point after = points.get(i);
            if (after.quality() >= wanted) {
                double rise = after.quality() - before.quality();
                double part = rise == 0 ? 0 : Math.max(0, (wanted - before.quality()) / rise);
                return OptionalDouble.of(
                        before.strongShare() + part * (after.strongShare() - before.strongShare()));
            }
        }
        return OptionalDouble.empty();
    }

    /// The curve at so many equal steps of the share.
    List<Point> sampled(int steps) {
        List<Point> corners = corners();
        List<Point> points = new ArrayList<>();
        int corner = 1;
        for (int step = 0; step <= steps; step++) {
            double share = (double) step / steps;
            while (corner < corners.size() - 1 && corners.get(corner).strongShare() < share) {
                corner++;
            }
            Point before = corners.get(corner - 1);
            Point after = corners.get(corner);
            double part =
                    (share - before.strongShare()) / (after.strongShare() - before.strongShare());
            points.add(
                    new Point(
                            share,
                            before.quality()
                                    + Math.clamp(part, 0.0, 1.0)
                                            * (after.quality() - before.quality())));
        }
        return points;
    }

    private List<Point> corners() {
        List<Point> points = new ArrayList<>();
        points.add(new Point(0, weakQuality));
        double gained = 0;
        for (int place = 0; place < order.length; place++) {
            gained += gain[place];
            if (endsTie[place]) {
                points.add(
                        new Point(
                                (place + 1.0) / order.length, weakQuality + gained / order.length));
            }
        }
        return points;
    }
}
