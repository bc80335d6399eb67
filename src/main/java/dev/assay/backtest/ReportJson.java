package dev.assay.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.backtest.BacktestReport.CurvePoint;
import dev.assay.backtest.BacktestReport.ModelPoint;
import dev.assay.backtest.BacktestReport.Ranked;
import dev.assay.backtest.Bootstrap.Spread;
import dev.assay.codec.Json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// A report as one JSON object. Shares are from 0 to 1, quality is in its own unit: a share of
/// right answers, or a mean score.
public final class ReportJson {

    /// More digits than this are noise of floating point.
    private static final MathContext DIGITS = new MathContext(9);

    /// Equal steps of the share of strong calls at which a ranking's curve is shown.
    private static final int CURVE_STEPS = 20;

    private static final String QUALITY = "quality";
    private static final String STRONG_SHARE = "strong_share";
    private static final String USD_PER_1K = "cost_usd_per_1k";

    private ReportJson() {}

    public static String text(BacktestReport report) {
        ObjectNode json = object();
        json.put("policy", report.policy());
        json.put("prompts", report.prompts());
        json.put("left_out", report.leftOut());
        ObjectNode failed = json.putObject("failed");
        new TreeMap<>(report.failed()).forEach(failed::put);
        json.put("measure", report.measure().key());
        number(json, QUALITY, report.quality());
        json.set("quality_ci95", interval(report.qualitySpread()));
        ObjectNode cost = json.putObject(USD_PER_1K);
        number(cost, "answer", report.answerUsdPer1k());
        number(cost, "check", report.checkUsdPer1k());
        number(cost, "total", report.usdPer1k());
        number(json, "escalated", report.escalated());
        json.put("self_scored", report.selfScored());
        ObjectNode models = json.putObject("models");
        new TreeMap<>(report.models()).forEach((model, share) -> number(models, model, share));
        ArrayNode alone = json.putArray("models_alone");
        report.points().forEach(point -> alone.add(point(point)));
        ObjectNode controls = json.putObject("controls");
        controls.set("cheapest", control(report.controls().cheapest()));
        controls.set("strongest", control(report.controls().strongest()));
        controls.set("random_matched_cost", control(report.controls().randomMatchedCost()));
        controls.set("prompt_length", control(report.controls().promptLength()));
        controls.set("best_mix_matched_cost", control(report.controls().bestMix()));
        json.set("oracle", control(report.controls().oracle()));
        ArrayNode curve = json.putArray("curve");
        report.curve().forEach(point -> curve.add(point(point)));
        report.ranked().ifPresentOrElse(ranked -> ranking(json, ranked), () -> noRanking(json));
        ArrayNode notes = json.putArray("notes");
        report.notes().forEach(notes::add);
        return Json.text(json);
    }

    private static void ranking(ObjectNode json, Ranked ranked) {
        ArrayNode curve = json.putArray("curve");
        for (RankCurve.Point point : ranked.curve().sampled(CURVE_STEPS)) {
            ObjectNode node = object();
            number(node, STRONG_SHARE, point.strongShare());
            number(node, QUALITY, point.quality());
            curve.add(node);
        }
        number(json, "apgr", ranked.apgr());
        number(json, "apgr_sd", ranked.apgrSd());
        optional(json, "cpt50", ranked.curve().cpt(0.5));
        optional(json, "cpt80", ranked.curve().cpt(0.8));
        ObjectNode length = json.putObject("ranked_by_prompt_length");
        number(length, "apgr", ranked.lengthApgr());
        optional(length, "cpt50", ranked.length().cpt(0.5));
        optional(length, "cpt80", ranked.length().cpt(0.8));
        number(length, "apgr_lead", ranked.apgr() - ranked.lengthApgr());
        length.set("apgr_lead_ci95", interval(ranked.lead()));
    }

    private static void noRanking(ObjectNode json) {
        json.putNull("apgr");
        json.putNull("apgr_sd");
        json.putNull("cpt50");
        json.putNull("cpt80");
    }

    private static ObjectNode control(Control control) {
        ObjectNode node = object();
        node.put("what", control.what());
        number(node, QUALITY, control.quality());
        control.chance().ifPresent(spread -> node.set("quality_ci95", interval(spread)));
        number(node, USD_PER_1K, control.usdPer1k());
        number(node, "difference", control.difference());
        node.set("difference_ci95", interval(control.paired()));
        return node;
    }

    private static ObjectNode point(ModelPoint point) {
        ObjectNode node = object().put("model", point.model());
        number(node, QUALITY, point.quality());
        number(node, USD_PER_1K, point.usdPer1k());
        ObjectNode paired = node.putObject("paired");
        number(paired, "difference", point.difference());
        paired.set("difference_ci95", interval(point.paired()));
        number(paired, "cost_difference_usd_per_1k", point.usdDifference());
        paired.set("cost_difference_ci95", interval(point.usdPaired()));
        return node;
    }

    private static ObjectNode point(CurvePoint point) {
        ObjectNode node = object().put("setting", point.setting());
        number(node, STRONG_SHARE, point.strongShare());
        number(node, QUALITY, point.quality());
        number(node, USD_PER_1K, point.usdPer1k());
        return node;
    }

    static ArrayNode interval(Spread spread) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(rounded(spread.low()))
                .add(rounded(spread.high()));
    }

    private static void optional(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent()) {
            number(node, key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    static void number(ObjectNode node, String key, double value) {
        node.put(key, rounded(value));
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value, DIGITS).doubleValue() : 0;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
