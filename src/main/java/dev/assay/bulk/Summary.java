package dev.assay.bulk;

import dev.assay.bulk.ResultRow.AttemptRow;
import dev.assay.bulk.ResultRow.ErrorRow;
import dev.assay.bulk.ResultRow.Outcome;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What a run came to: by model and in total. Fed with rows as they stream by; its memory does not
/// grow with their number. For one thread.
public final class Summary {

    private static final int MAX_EXAMPLE_CHARS = 400;

    private final Map<String, ModelTotals> models = new TreeMap<>();
    private final Map<String, Failures> failures = new TreeMap<>();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final Mean grades = new Mean();
    private long graded;
    private long flagged;
    private long flaggedUngraded;
    private long failed;
    private double answerUsd;
    private double checkUsd;
    private double uncertainUsd;

    public void add(ResultRow row) {
        switch (row.outcome()) {
            case GRADED -> graded++;
            case FLAGGED -> {
                flagged++;
                flaggedUngraded += row.grade().isEmpty() ? 1 : 0;
            }
            case FAILED -> failed++;
        }
        row.error()
                .ifPresent(
                        error ->
                                failures.computeIfAbsent(error.code(), _ -> new Failures(error))
                                        .count++);
        for (AttemptRow attempt : row.attempts()) {
            models.computeIfAbsent(attempt.model(), _ -> new ModelTotals())
                    .add(attempt, attempt.round() < row.rounds());
        }
        grades.add(row.grade());
        if (row.outcome() != Outcome.FAILED) {
            latencies.add(row.latencyMs());
        }
        answerUsd += row.costUsd().answer();
        checkUsd += row.costUsd().check();
        uncertainUsd += row.costUsd().uncertain();
    }

    public long prompts() {
        return graded + flagged + failed;
    }

    public long failed() {
        return failed;
    }

    public double costUsd() {
        return answerUsd + checkUsd;
    }

    /// The summary as a table for people, with a line end after each line.
    public String render() {
        TextTable table =
                new TextTable("model", "calls", "mean grade", "escalated", "p50", "p95", "USD");
        models.forEach(
                (name, totals) ->
                        table.row(
                                name,
                                count(totals.calls),
                                totals.grades.text(),
                                count(totals.escalated),
                                seconds(totals.latencies, 0.5),
                                seconds(totals.latencies, 0.95),
                                usd(totals.costUsd)));
        if (checkUsd > 0) {
            table.row("(judges)", "", "", "", "", "", usd(checkUsd));
        }
        table.row(
                "all prompts",
                "",
                grades.text(),
                "",
                seconds(latencies, 0.5),
                seconds(latencies, 0.95),
                usd(costUsd()));
        String uncertain =
                uncertainUsd > 0
                        ? " USD %s of it are estimates of calls whose bill is unknown.%n"
                                .formatted(usd(uncertainUsd))
                        : "%n".formatted();
        return "%n%s%n%s prompts: %s graded, %s flagged, %s failed. Cost: USD %s (answers %s, checks %s).%s%s"
                .formatted(
                        table.render(),
                        count(prompts()),
                        count(graded),
                        count(flagged),
                        count(failed),
                        usd(costUsd()),
                        usd(answerUsd),
                        usd(checkUsd),
                        uncertain,
                        reasons());
    }

    /// Why prompts have no answer or no grade, a line for each reason.
    private String reasons() {
        StringBuilder lines = new StringBuilder();
        failures.forEach(
                (code, found) ->
                        lines.append(
                                "%s failed with %s, such as: %s%n"
                                        .formatted(count(found.count), code, found.example)));
        if (flaggedUngraded > 0) {
            lines.append(
                    "%s flagged without a grade: nobody could grade them, their verdicts say why%n"
                            .formatted(count(flaggedUngraded)));
        }
        return lines.toString();
    }

    private static String count(long value) {
        return "%,d".formatted(value);
    }

    private static String usd(double value) {
        return value >= 100 ? "%,.2f".formatted(value) : "%.4f".formatted(value);
    }

    private static String seconds(LatencyHistogram latencies, double share) {
        return latencies.quantile(share).isEmpty()
                ? ""
                : "%.2f s".formatted(latencies.quantile(share).getAsLong() / 1_000.0);
    }

    private static final class ModelTotals {

        private final Mean grades = new Mean();
        private final LatencyHistogram latencies = new LatencyHistogram();
        private long calls;
        private long escalated;
        private double costUsd;

        void add(AttemptRow attempt, boolean anotherRoundFollowed) {
            calls++;
            grades.add(attempt.grade());
            latencies.add(attempt.latencyMs());
            costUsd += attempt.costUsd();
            if (anotherRoundFollowed) {
                escalated++;
            }
        }
    }

    private static final class Failures {

        private final String example;
        private long count;

        Failures(ErrorRow first) {
            // An id of the user's own, with what terminals take for commands, may be part of it.
            String message = first.message().replaceAll("\\p{Cntrl}", " ");
            this.example =
                    message.length() <= MAX_EXAMPLE_CHARS
                            ? message
                            : message.substring(0, MAX_EXAMPLE_CHARS) + " ...";
        }
    }

    private static final class Mean {

        private double sum;
        private long count;

        void add(OptionalDouble value) {
            if (value.isPresent()) {
                sum += value.getAsDouble();
                count++;
            }
        }

        String text() {
            return count == 0 ? "" : "%.2f".formatted(sum / count);
        }
    }
}
