package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;

import java.util.List;
import java.util.Map;

/// What another topology file would have brought on prompts that a running pipeline recorded.
///
/// @param prompts whose result was read
/// @param covered prompts that the estimates are of
/// @param uncovered prompts that say nothing of the policy, by reason
/// @param matched covered prompts where the pipeline asked whom the policy would ask
/// @param effective so many prompts, drawn by the policy itself, would tell as much
/// @param clipped matched prompts whose weight was cut
/// @param first grade of the first model's answer
/// @param firstUsdPer1k cost of the first model's answer
/// @param end grade of the returned answer, where the pipeline goes on as it did
/// @param totalUsdPer1k cost of all answers and checks, where the pipeline goes on as it did
/// @param models the share of covered prompts whose first model each would be
public record LoggedReport(
        String policy,
        String where,
        int prompts,
        int covered,
        Map<String, Integer> uncovered,
        int matched,
        double effective,
        int clipped,
        Estimate first,
        Estimate firstUsdPer1k,
        Estimate end,
        Estimate totalUsdPer1k,
        Map<String, Double> models,
        List<String> notes) {

    public LoggedReport {
        uncovered = Map.copyOf(uncovered);
        models = Map.copyOf(models);
        notes = List.copyOf(notes);
    }

    /// One figure of the policy beside that of the pipeline as it ran, on the same prompts.
    ///
    /// @param naive the plain mean over the prompts where both asked the same model
    public record Estimate(
            double policy,
            Spread spread,
            double asRecorded,
            double difference,
            Spread paired,
            double naive) {}

    double uncoveredShare() {
        return prompts == 0 ? 0 : 1 - (double) covered / prompts;
    }
}
