package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;
import dev.assay.backtest.LoggedReport.Estimate;
import dev.assay.bulk.TextTable;

import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// An estimate from recorded results as text for a terminal.
public final class LoggedText {

    private static final double PERCENT = 100;

    private LoggedText() {}

    public static String of(LoggedReport report) {
        String line = System.lineSeparator();
        StringBuilder text = new StringBuilder();
        text.append("policy: ").append(report.policy()).append(line);
        text.append(
                "from %s: %,d results, %,d say something of it%n"
                        .formatted(report.where(), report.prompts(), report.covered()));
        new TreeMap<>(report.uncovered())
                .forEach(
                        (reason, count) ->
                                text.append("  left out, %s: %,d%n".formatted(reason, count)));
        text.append("would ask first: ")
                .append(
                        new TreeMap<>(report.models())
                                .entrySet().stream()
                                        .map(one -> one.getKey() + " " + percent(one.getValue()))
                                        .collect(Collectors.joining(", ")))
                .append(line)
                .append(line);
        TextTable table =
                new TextTable(
                        "doubly robust estimate",
                        "policy",
                        "95 %",
                        "as it ran",
                        "difference",
                        "95 %");
        row(table, "grade of the first answer", report.first(), 3);
        row(table, "USD per 1,000, first answers", report.firstUsdPer1k(), 4);
        row(table, "grade of the returned answer *", report.end(), 3);
        row(table, "USD per 1,000, all calls *", report.totalUsdPer1k(), 4);
        text.append(table.render()).append(line);
        text.append(
                "* going on after the first answer as the pipeline did; intervals by bootstrap%n"
                        .formatted());
        text.append(
                "%,d prompts were answered by whom the policy would ask; by weight they tell as much as %,.0f; weights cut at %.0f: %,d%n"
                        .formatted(
                                report.matched(),
                                report.effective(),
                                DoublyRobust.HEAVIEST,
                                report.clipped()));
        text.append("uncovered: ").append(percent(report.uncoveredShare())).append(line);
        report.notes().forEach(note -> text.append("note: ").append(note).append(line));
        return text.toString();
    }

    private static void row(TextTable table, String name, Estimate estimate, int digits) {
        table.row(
                name,
                number(estimate.policy(), digits),
                range(estimate.spread(), digits),
                number(estimate.asRecorded(), digits),
                number(estimate.difference(), digits),
                range(estimate.paired(), digits));
    }

    private static String range(Spread spread, int digits) {
        return number(spread.low(), digits) + " to " + number(spread.high(), digits);
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", PERCENT * share);
    }
}
