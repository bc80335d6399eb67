package dev.assay.calibrate;

import dev.assay.bulk.TextTable;
import dev.assay.calibrate.JudgeReport.Bar;
import dev.assay.calibrate.JudgeReport.Labels;
import dev.assay.calibrate.JudgeReport.Nothing;
import dev.assay.calibrate.JudgeReport.Pairs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Reports of judges as tables for people.
public final class CalibrationText {

    private static final String NONE = "-";

    private CalibrationText() {}

    /// @param wantedPrecision that a bar is sought for
    public static String of(Gold gold, List<JudgeReport> reports, double wantedPrecision) {
        boolean pairs = gold.items().getFirst() instanceof Gold.Pair;
        StringBuilder text = new StringBuilder();
        text.append(
                "%,d %s of %s%n%n"
                        .formatted(
                                gold.items().size(),
                                pairs ? "pairs" : "answers with labels",
                                gold.name()));
        text.append(pairs ? pairTable(reports) : labelTable(reports));
        for (JudgeReport report : reports) {
            if (report.figures() instanceof Labels labels) {
                text.append(bars(report, labels, wantedPrecision));
            }
        }
        return text.toString();
    }

    private static String labelTable(List<JudgeReport> reports) {
        TextTable table =
                new TextTable(
                        "judge (routes)",
                        "scored",
                        "unparseable",
                        "unavailable",
                        "agree",
                        "kappa",
                        "pearson",
                        "spearman",
                        "error",
                        "bias",
                        "longer",
                        "self",
                        "USD");
        for (JudgeReport report : reports) {
            String[] figures =
                    switch (report.figures()) {
                        case Labels labels ->
                                new String[] {
                                    percent(labels.agreement()),
                                    number(labels.kappa()),
                                    number(labels.pearson()),
                                    number(labels.spearman()),
                                    number(labels.error()),
                                    signed(labels.bias()),
                                    signed(labels.lengthBias()),
                                    labels.selfBias().map(CalibrationText::signed).orElse(NONE)
                                };
                        case Pairs _, Nothing _ ->
                                new String[] {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE};
                    };
            table.row(row(report, figures));
        }
        return table.render();
    }

    private static String pairTable(List<JudgeReport> reports) {
        TextTable table =
                new TextTable(
                        "judge (routes)",
                        "scored",
                        "unparseable",
                        "unavailable",
                        "right",
                        "ties",
                        "longer wins",
                        "longer is better",
                        "self",
                        "compared right",
                        "first wins",
                        "flips",
                        "USD");
        for (JudgeReport report : reports) {
            String[] figures =
                    switch (report.figures()) {
                        case Pairs pairs ->
                                new String[] {
                                    percent(pairs.accuracy()),
                                    percent(pairs.ties()),
                                    percent(pairs.longer()),
                                    percent(pairs.longerBetter()),
                                    pairs.self().map(CalibrationText::signed).orElse(NONE),
                                    order(pairs, JudgeReport.Order::accuracy),
                                    order(pairs, JudgeReport.Order::first),
                                    order(pairs, JudgeReport.Order::flips)
                                };
                        case Labels _, Nothing _ ->
                                new String[] {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE};
                    };
            table.row(row(report, figures));
        }
        return table.render();
    }

    private static String order(Pairs pairs, ToDoubleFunction<JudgeReport.Order> figure) {
        return pairs.order().map(order -> percent(figure.applyAsDouble(order))).orElse(NONE);
    }

    private static String[] row(JudgeReport report, String... figures) {
        String[] row = new String[figures.length + 5];
        row[0] = name(report);
        row[1] = "%d/%d".formatted(report.scored(), report.asked());
        row[2] = percent(report.unparseable());
        row[3] = percent(report.unavailable());
        System.arraycopy(figures, 0, row, 4, figures.length);
        row[row.length - 1] = String.format(Locale.ROOT, "%.4f", report.costUsd());
        return row;
    }

    private static String bars(JudgeReport report, Labels labels, double wanted) {
        double pass = report.seat().policy().pass();
        Bar at = labels.atBar();
        StringBuilder text = new StringBuilder();
        text.append("%n%s, good is a label of %s or more%n".formatted(name(report), plain(pass)));
        text.append(
                "at the bar %s: %d good and %d bad pass, %d good and %d bad fail%n"
                        .formatted(
                                plain(pass),
                                at.goodPassed(),
                                at.badPassed(),
                                at.goodFailed(),
                                at.badFailed()));
        TextTable table = new TextTable("bar", "pass", "precision", "95 %", "recall");
        for (Bar bar : labels.bars()) {
            table.row(
                    plain(bar.bar()),
                    Integer.toString(bar.goodPassed() + bar.badPassed()),
                    percent(bar.precision()),
                    percent(bar.low()) + " - " + percent(bar.high()),
                    percent(bar.recall()));
        }
        return text.append(table.render()).append(reaching(labels.reaching(), wanted)).toString();
    }

    private static String reaching(Optional<Bar> bar, double wanted) {
        return bar.map(
                        found ->
                                "pass: %s is the lowest bar with a precision of %s here (at least %s at 95 %%), and lets %s of the good answers pass%n"
                                        .formatted(
                                                plain(found.bar()),
                                                percent(wanted),
                                                percent(found.low()),
                                                percent(found.recall())))
                .orElseGet(
                        () -> "no bar reaches a precision of %s here%n".formatted(percent(wanted)));
    }

    private static String name(JudgeReport report) {
        return "%s (%s)"
                .formatted(report.seat().judge(), String.join(", ", report.seat().routes()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.2f", value);
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
