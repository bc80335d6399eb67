package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.of;

import com.fasterxml.jackson.databind.node.NullNode;

import dev.assay.bulk.ResultRow.AttemptRow;
import dev.assay.bulk.ResultRow.CostRow;
import dev.assay.bulk.ResultRow.ErrorRow;
import dev.assay.bulk.ResultRow.Outcome;
import dev.assay.bulk.ResultRow.UsageRow;
import dev.assay.bulk.ResultRow.VerdictRow;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class SummaryTest {

    @Test
    void tellsByModelWhatItCameTo() {
        Summary summary = new Summary();
        summary.add(
                row(
                        Outcome.GRADED,
                        8,
                        attempt(1, "small", 4, 100, 0.001),
                        attempt(2, "large", 8, 900, 0.01)));
        summary.add(row(Outcome.GRADED, 9, attempt(1, "small", 9, 110, 0.001)));
        summary.add(row(Outcome.FLAGGED, 2, attempt(1, "small", 2, 120, 0.001)));

        String text = summary.render();

        assertThat(text.lines().filter(line -> !line.isBlank()))
                .containsExactly(
                        "model        calls  mean grade  escalated     p50     p95     USD",
                        "large            1        8.00          0  0.90 s  0.90 s  0.0100",
                        "small            3        5.00          1  0.11 s  0.12 s  0.0030",
                        "(judges)                                                   0.0060",
                        "all prompts               6.33             0.50 s  0.50 s  0.0190",
                        "3 prompts: 2 graded, 1 flagged, 0 failed. Cost: USD 0.0190 (answers 0.0130,"
                                + " checks 0.0060).");
    }

    @Test
    void tellsWhyPromptsHaveNoAnswerOrNoGrade() {
        Summary summary = new Summary();
        summary.add(failed("provider_error", "model m answered HTTP 500: boom."));
        summary.add(failed("provider_error", "model m answered HTTP 503."));
        summary.add(failed("invalid_input", "line 3: it is\u001b no\nJSON"));
        summary.add(row(Outcome.FLAGGED, OptionalDouble.empty()));

        assertThat(summary.render().lines().skip(4))
                .containsExactly(
                        "",
                        "4 prompts: 0 graded, 1 flagged, 3 failed. Cost: USD 0.0020 (answers"
                                + " 0.0000, checks 0.0020).",
                        "1 failed with invalid_input, such as: line 3: it is  no JSON",
                        "2 failed with provider_error, such as: model m answered HTTP 500: boom.",
                        "1 flagged without a grade: nobody could grade them, their verdicts say"
                                + " why");
    }

    @Test
    void aLongReasonIsCutAndJudgesThatWereNotAskedHaveNoLine() {
        Summary summary = new Summary();
        summary.add(failed("provider_error", "x".repeat(10_000)));

        assertThat(summary.render())
                .contains("such as: " + "x".repeat(400) + " ...")
                .doesNotContain("x".repeat(401), "(judges)");
    }

    @Test
    void quantilesAreWithinOnePercent() {
        LatencyHistogram latencies = new LatencyHistogram();
        for (int ms = 1; ms <= 10_000; ms++) {
            latencies.add(ms);
        }

        assertThat(latencies.quantile(0.5).orElseThrow()).isBetween(4_950L, 5_050L);
        assertThat(latencies.quantile(0.95).orElseThrow()).isBetween(9_405L, 9_595L);
        assertThat(new LatencyHistogram().quantile(0.5)).isEmpty();
    }

    private static AttemptRow attempt(
            int round, String model, double grade, long latencyMs, double costUsd) {
        return new AttemptRow(
                round,
                model,
                "answered",
                OptionalDouble.of(grade),
                latencyMs,
                10,
                0,
                20,
                0,
                false,
                costUsd,
                1,
                "");
    }

    private static ResultRow failed(String code, String message) {
        return row(
                Outcome.FAILED,
                OptionalDouble.empty(),
                CostRow.NOTHING,
                Optional.of(new ErrorRow(code, message)));
    }

    private static ResultRow row(Outcome outcome, double grade, AttemptRow... attempts) {
        return row(outcome, OptionalDouble.of(grade), attempts);
    }

    private static ResultRow row(Outcome outcome, OptionalDouble grade, AttemptRow... attempts) {
        double answerUsd = List.of(attempts).stream().mapToDouble(AttemptRow::costUsd).sum();
        CostRow cost = new CostRow(answerUsd, 0.002, answerUsd + 0.002, 0);
        return row(outcome, grade, cost, Optional.empty(), attempts);
    }

    private static ResultRow row(
            Outcome outcome,
            OptionalDouble grade,
            CostRow cost,
            Optional<ErrorRow> error,
            AttemptRow... attempts) {
        return new ResultRow(
                "a",
                Optional.empty(),
                outcome,
                true,
                Optional.of("x"),
                NullNode.getInstance(),
                Optional.of("stop"),
                Optional.of("small"),
                grade,
                List.of(new VerdictRow("judge", "large", "scored", grade, "", false)),
                attempts.length,
                List.of(attempts),
                cost,
                new UsageRow(10, 20),
                500,
                "default",
                "cascade",
                of(),
                error,
                1);
    }
}
