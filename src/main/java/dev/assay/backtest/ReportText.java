package dev.assay.backtest;

import dev.assay.backtest.BacktestReport.CurvePoint;
import dev.assay.backtest.BacktestReport.ModelPoint;
import dev.assay.backtest.BacktestReport.Ranked;
import dev.assay.backtest.Bootstrap.Spread;
import dev.assay.bulk.TextTable;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// A report as tables for people.
public final class ReportText {

    private static final int PERCENT = 100;

    private final BacktestReport report;
    private final StringBuilder text = new StringBuilder();

    private ReportText(BacktestReport report) {
        this.report = report;
    }

    public static String of(BacktestReport report) {
        return new ReportText(report).render();
    }

    private String render() {
        line("Policy      %s".formatted(report.policy()));
        line(
                "Prompts     %d counted, %d left out because an answer's quality is unknown"
                        .formatted(report.prompts(), report.leftOut()));
        line("Quality     %s".formatted(measure()));
        line(
                "Cost        USD per 1,000 prompts: %s for answers, %s for checks"
                        .formatted(usd(report.answerUsdPer1k()), usd(report.checkUsdPer1k())));
        line(
                "Escalated   %s of prompts; answered by %s"
                        .formatted(percent(report.escalated()), answeredBy()));
        if (!report.failed().isEmpty()) {
            line(
                    "Failed      %s; each counts as the worst quality"
                            .formatted(new TreeMap<>(report.failed())));
        }
        if (report.selfScored()) {
            line("Self-scored the policy's gate is the very score it is measured by");
        }
        report.notes().forEach(note -> line("Note        %s".formatted(note)));
        blank();
        comparison();
        blank();
        alone();
        curve();
        report.ranked().ifPresent(this::ranking);
        return text.toString();
    }

    private void comparison() {
        TextTable table =
                new TextTable("", "quality", "USD per 1,000", "policy is better by", "95 % of it");
        table.row("policy", quality(report.quality()), usd(report.usdPer1k()), "", "");
        row(table, "cheapest", report.controls().cheapest());
        row(table, "strongest", report.controls().strongest());
        row(table, "random mix, same cost", report.controls().randomMatchedCost());
        row(table, "prompt length, same cost", report.controls().promptLength());
        row(table, "best mix of two, same cost", report.controls().bestMix());
        row(table, "oracle", report.controls().oracle());
        text.append(table.render());
        Control random = report.controls().randomMatchedCost();
        random.chance()
                .ifPresent(
                        spread ->
                                line(
                                        "The random mix sends %s; drawn anew, its quality is %s"
                                                .formatted(random.what(), range(spread))));
    }

    private void alone() {
        TextTable table =
                new TextTable(
                        "model alone",
                        "quality",
                        "USD per 1,000",
                        "policy is better by",
                        "95 % of it",
                        "dearer by",
                        "95 % of it");
        report.points().stream()
                .sorted(Comparator.comparingDouble(ModelPoint::usdPer1k))
                .forEach(
                        point ->
                                table.row(
                                        point.model(),
                                        quality(point.quality()),
                                        usd(point.usdPer1k()),
                                        signed(point.difference()),
                                        signed(point.paired().low())
                                                + " to "
                                                + signed(point.paired().high()),
                                        usd(point.usdDifference()),
                                        usd(point.usdPaired().low())
                                                + " to "
                                                + usd(point.usdPaired().high())));
        text.append(table.render());
    }

    private void curve() {
        if (report.curve().isEmpty()) {
            return;
        }
        blank();
        TextTable table =
                new TextTable("policy with", "strongest answers", "quality", "USD per 1,000");
        for (CurvePoint point : report.curve()) {
            table.row(
                    point.setting(),
                    percent(point.strongShare()),
                    quality(point.quality()),
                    usd(point.usdPer1k()));
        }
        text.append(table.render());
    }

    private void ranking(Ranked ranked) {
        blank();
        TextTable table = new TextTable("ranking of prompts", "APGR", "CPT50", "CPT80");
        for (Row row :
                List.of(
                        new Row("by predicted gap", ranked.apgr(), ranked.curve()),
                        new Row("by prompt length", ranked.lengthApgr(), ranked.length()))) {
            table.row(
                    row.name,
                    decimal(row.apgr),
                    share(row.curve.cpt(0.5)),
                    share(row.curve.cpt(0.8)));
        }
        text.append(table.render());
        line(
                "APGR has a standard deviation of %s over prompts; its lead over prompt length is %s (95 %%: %s to %s)"
                        .formatted(
                                decimal(ranked.apgrSd()),
                                decimal(ranked.apgr() - ranked.lengthApgr()),
                                decimal(ranked.lead().low()),
                                decimal(ranked.lead().high())));
    }

    private record Row(String name, double apgr, RankCurve curve) {}

    private void row(TextTable table, String name, Control control) {
        table.row(
                name,
                quality(control.quality()),
                usd(control.usdPer1k()),
                signed(control.difference()),
                signed(control.paired().low()) + " to " + signed(control.paired().high()));
    }

    private String measure() {
        String what =
                switch (report.measure()) {
                    case CORRECT -> "right answers";
                    case SCORE -> "mean score, 1 to 10";
                };
        return "%s (%s; 95 %%: %s)"
                .formatted(quality(report.quality()), what, range(report.qualitySpread()));
    }

    private String answeredBy() {
        StringBuilder shares = new StringBuilder();
        new TreeMap<>(report.models())
                .forEach(
                        (model, share) ->
                                shares.append(shares.isEmpty() ? "" : ", ")
                                        .append(model)
                                        .append(' ')
                                        .append(percent(share)));
        return shares.isEmpty() ? "nobody" : shares.toString();
    }

    private String range(Spread spread) {
        return quality(spread.low()) + " to " + quality(spread.high());
    }

    private String quality(double quality) {
        return switch (report.measure()) {
            case CORRECT -> String.format(Locale.ROOT, "%.2f %%", PERCENT * quality);
            case SCORE -> String.format(Locale.ROOT, "%.3f", quality);
        };
    }

    private String signed(double difference) {
        return switch (report.measure()) {
            case CORRECT -> String.format(Locale.ROOT, "%+.2f", PERCENT * difference);
            case SCORE -> String.format(Locale.ROOT, "%+.3f", difference);
        };
    }

    private static String usd(double usd) {
        return String.format(Locale.ROOT, "%.4f", usd);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", PERCENT * share);
    }

    private static String share(OptionalDouble share) {
        return share.isPresent() ? percent(share.getAsDouble()) : "never";
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    private void blank() {
        text.append(System.lineSeparator());
    }
}
