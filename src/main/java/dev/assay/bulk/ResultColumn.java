package dev.assay.bulk;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// One value of a result, for files that are tables.
///
/// @param value a [String], [Boolean], [Long] or [Double], as the kind says; null where there is
///   none
record ResultColumn(String name, Kind kind, Function<ResultRow, @Nullable Object> value) {

    /// What the values of a column are.
    enum Kind {
        TEXT,
        FLAG,
        WHOLE,
        DECIMAL
    }

    /// All, in this order. Verdicts, attempts and metadata are lists, and not among them.
    static final List<ResultColumn> ALL =
            List.of(
                    text("id", ResultRow::id),
                    optionalText("custom_id", ResultRow::customId),
                    text("outcome", row -> row.outcome().name().toLowerCase(Locale.ROOT)),
                    new ResultColumn("checked", Kind.FLAG, ResultRow::checked),
                    new ResultColumn(
                            "grade",
                            Kind.DECIMAL,
                            row -> row.grade().isPresent() ? row.grade().getAsDouble() : null),
                    optionalText("answer", ResultRow::answer),
                    optionalText("model", ResultRow::model),
                    optionalText("finish_reason", ResultRow::finishReason),
                    whole("rounds", ResultRow::rounds),
                    decimal("cost_usd_answer", row -> row.costUsd().answer()),
                    decimal("cost_usd_check", row -> row.costUsd().check()),
                    decimal("cost_usd_total", row -> row.costUsd().total()),
                    decimal("cost_usd_uncertain", row -> row.costUsd().uncertain()),
                    whole("input_tokens", row -> row.usage().inputTokens()),
                    whole("output_tokens", row -> row.usage().outputTokens()),
                    whole("latency_ms", ResultRow::latencyMs),
                    text("route", ResultRow::route),
                    text("strategy", ResultRow::strategy),
                    optionalText("error_code", row -> row.error().map(ResultRow.ErrorRow::code)),
                    optionalText(
                            "error_message", row -> row.error().map(ResultRow.ErrorRow::message)),
                    whole("line", ResultRow::line));

    private static ResultColumn text(String name, Function<ResultRow, String> value) {
        return new ResultColumn(name, Kind.TEXT, value::apply);
    }

    private static ResultColumn optionalText(
            String name, Function<ResultRow, Optional<String>> value) {
        return new ResultColumn(name, Kind.TEXT, row -> value.apply(row).orElse(null));
    }

    private static ResultColumn whole(String name, Function<ResultRow, Number> value) {
        return new ResultColumn(name, Kind.WHOLE, row -> value.apply(row).longValue());
    }

    private static ResultColumn decimal(String name, Function<ResultRow, Double> value) {
        return new ResultColumn(name, Kind.DECIMAL, value::apply);
    }
}
