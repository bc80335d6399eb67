package dev.assay.backtest;

import dev.assay.backtest.BacktestReport.CurvePoint;
import dev.assay.backtest.BacktestReport.ModelPoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A report as a drawing: quality over cost, with models as points, the policy and its curve, the
/// controls and the oracle.
public final class Picture {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int LEFT = 80;
    private static final int RIGHT = 30;
    private static final int TOP = 60;
    private static final int BOTTOM = 60;
    private static final double CHAR_PIXELS = 6.3;
    private static final double LINE_PIXELS = 13;
    private static final int MAX_TITLE_CHARS = 120;

    private static final String MODEL = "#6b7280";
    private static final String POLICY = "#1d4ed8";
    private static final String CONTROL = "#b45309";
    private static final String ORACLE = "#15803d";

    private final BacktestReport report;
    private final Axis x;
    private final Axis y;
    private final StringBuilder svg = new StringBuilder();
    private final List<Box> taken = new ArrayList<>();

    private Picture(BacktestReport report) {
        this.report = report;
        List<Mark> marks = marks();
        this.x =
                Axis.around(
                        Stream.concat(
                                        marks.stream().map(Mark::usd),
                                        report.curve().stream().map(CurvePoint::usdPer1k))
                                .toList(),
                        LEFT,
                        WIDTH - RIGHT,
                        true);
        this.y =
                Axis.around(
                        Stream.concat(
                                        marks.stream().map(Mark::quality),
                                        report.curve().stream().map(CurvePoint::quality))
                                .toList(),
                        HEIGHT - BOTTOM,
                        TOP,
                        false);
    }

    public static String svg(BacktestReport report) {
        return new Picture(report).draw();
    }

    /// A point with its name.
    private record Mark(String name, double usd, double quality, String colour, int radius) {}

    private record Box(double left, double top, double right, double bottom) {
        boolean meets(Box other) {
            return left < other.right
                    && other.left < right
                    && top < other.bottom
                    && other.top < bottom;
        }
    }

    /// What is marked, the most important first, since labels find room in this order.
    private List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark("policy", report.usdPer1k(), report.quality(), POLICY, 7));
        marks.add(control("random mix, same cost", report.controls().randomMatchedCost(), CONTROL));
        marks.add(control("prompt length", report.controls().promptLength(), CONTROL));
        marks.add(control("oracle", report.controls().oracle(), ORACLE));
        report.points().stream()
                .sorted(Comparator.comparingDouble(ModelPoint::usdPer1k))
                .map(p -> new Mark(p.model(), p.usdPer1k(), p.quality(), MODEL, 4))
                .forEach(marks::add);
        return marks;
    }

    private static Mark control(String name, Control control, String colour) {
        return new Mark(name, control.usdPer1k(), control.quality(), colour, 5);
    }

    private String draw() {
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="11">
                <rect width="%d" height="%d" fill="white"/>
                """
                        .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT));
        text(LEFT, 24, "start", "#111827", title());
        text(LEFT, 42, "start", MODEL, subtitle());
        axes();
        line(mix(), CONTROL, "5 4");
        line(
                report.curve().stream().map(p -> point(p.usdPer1k(), p.quality())).toList(),
                POLICY,
                "");
        interval();
        List<Mark> marks = marks();
        for (Mark mark : marks) {
            taken.add(around(mark));
        }
        marks.forEach(this::mark);
        return svg.append("</svg>\n").toString();
    }

    private String title() {
        String policy = report.policy();
        return policy.length() <= MAX_TITLE_CHARS
                ? policy
                : policy.substring(0, MAX_TITLE_CHARS) + "…";
    }

    private String subtitle() {
        return "%d prompts; %s; bar: 95 %% interval of the policy; dashes: random mix of cheapest and strongest%s"
                .formatted(
                        report.prompts(),
                        report.selfScored() ? "self-scored" : "gate and measure apart",
                        report.curve().isEmpty() ? "" : "; line: the policy with its dial turned");
    }

    private void axes() {
        for (double tick : x.ticks()) {
            double at = x.pixel(tick);
            grid(at, TOP, at, HEIGHT - BOTTOM);
            text(at, HEIGHT - BOTTOM + 16.0, "middle", MODEL, number(tick));
        }
        for (double tick : y.ticks()) {
            double at = y.pixel(tick);
            grid(LEFT, at, WIDTH - RIGHT, at);
            text(LEFT - 8.0, at + 4, "end", MODEL, quality(tick));
        }
        text(
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 18.0,
                "middle",
                "#111827",
                "USD per 1,000 prompts, checks included" + (x.isLog() ? " (logarithmic)" : ""));
    }

    private String quality(double tick) {
        return switch (report.measure()) {
            case CORRECT -> number(100 * tick) + " %";
            case SCORE -> number(tick);
        };
    }

    private List<double[]> mix() {
        Control from = report.controls().cheapest();
        Control to = report.controls().strongest();
        List<double[]> points = new ArrayList<>();
        int steps = 50;
        for (int i = 0; i <= steps; i++) {
            double share = (double) i / steps;
            points.add(
                    point(
                            from.usdPer1k() + share * (to.usdPer1k() - from.usdPer1k()),
                            from.quality() + share * (to.quality() - from.quality())));
        }
        return points;
    }

    private void interval() {
        double at = x.pixel(report.usdPer1k());
        line(
                List.of(
                        new double[] {at, y.pixel(report.qualitySpread().low())},
                        new double[] {at, y.pixel(report.qualitySpread().high())}),
                POLICY,
                "");
    }

    private double[] point(double usd, double quality) {
        return new double[] {x.pixel(usd), y.pixel(quality)};
    }

    private void mark(Mark mark) {
        double[] at = point(mark.usd(), mark.quality());
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"/>%n",
                        at[0],
                        at[1],
                        mark.radius(),
                        mark.colour()));
        double width = mark.name().length() * CHAR_PIXELS;
        for (double below : new double[] {4, -9, 17, -22, 30, -35, 43}) {
            for (boolean right : new boolean[] {true, false}) {
                double left = right ? at[0] + 9 : at[0] - 9 - width;
                double base = at[1] + below;
                Box box = new Box(left, base - LINE_PIXELS + 3, left + width, base + 3);
                boolean inside = box.left > LEFT && box.right < WIDTH - 4;
                if (inside && taken.stream().noneMatch(box::meets)) {
                    taken.add(box);
                    text(left, base, "start", mark.colour(), mark.name());
                    return;
                }
            }
        }
    }

    private Box around(Mark mark) {
        double[] at = point(mark.usd(), mark.quality());
        int r = mark.radius();
        return new Box(at[0] - r, at[1] - r, at[0] + r, at[1] + r);
    }

    private void grid(double fromX, double fromY, double toX, double toY) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e5e7eb\"/>%n",
                        fromX,
                        fromY,
                        toX,
                        toY));
    }

    private void line(List<double[]> points, String colour, String dashes) {
        if (points.isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
        }
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s/>%n"
                        .formatted(
                                path.toString().strip(),
                                colour,
                                dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\""));
    }

    private void text(double atX, double atY, String anchor, String colour, String words) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                        atX,
                        atY,
                        anchor,
                        colour,
                        escaped(words)));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
