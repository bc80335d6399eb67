package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a backtest found.
///
/// @param policy what was tested, for people
/// @param prompts that count
/// @param leftOut prompts that nobody is measured on, since the quality of an answer is unknown
/// @param failed prompts that got no answer, among those that count
/// @param measure what quality is
/// @param escalated the share of prompts that took more than one round
/// @param selfScored the policy's gate is the score it is measured by
/// @param models the share of prompts that each model's answer was returned for
/// @param points each model alone: quality and cost, and what the policy is better and dearer by
/// @param notes what a reader of the figures should know
public record BacktestReport(
        String policy,
        int prompts,
        int leftOut,
        Map<String, Integer> failed,
        Quality measure,
        double quality,
        Spread qualitySpread,
        double answerUsdPer1k,
        double checkUsdPer1k,
        double escalated,
        boolean selfScored,
        Map<String, Double> models,
        List<ModelPoint> points,
        Compared controls,
        List<CurvePoint> curve,
        Optional<Ranked> ranked,
        List<String> notes) {

    public BacktestReport {
        failed = Map.copyOf(failed);
        models = Map.copyOf(models);
        points = List.copyOf(points);
        curve = List.copyOf(curve);
        notes = List.copyOf(notes);
    }

    double usdPer1k() {
        return answerUsdPer1k + checkUsdPer1k;
    }

    /// One model for all prompts.
    ///
    /// @param difference the policy's quality less this model's
    /// @param paired its interval, prompt by prompt
    /// @param usdDifference the policy's cost less this model's, USD per 1,000
    /// @param usdPaired its interval
    record ModelPoint(
            String model,
            double quality,
            double usdPer1k,
            double difference,
            Spread paired,
            double usdDifference,
            Spread usdPaired) {}

    /// The policy with its dial turned.
    ///
    /// @param setting the dial and its place, for people
    /// @param strongShare the share of prompts that the strongest model answered
    record CurvePoint(String setting, double strongShare, double quality, double usdPer1k) {}

    /// The controls.
    record Compared(
            Control cheapest,
            Control strongest,
            Control randomMatchedCost,
            Control promptLength,
            Control bestMix,
            Control oracle) {}

    /// How well prompts are ranked between two models; see [RankCurve].
    ///
    /// @param lead over ranking by length
    record Ranked(
            RankCurve curve,
            double apgr,
            double apgrSd,
            RankCurve length,
            double lengthApgr,
            Spread lead) {}
}
