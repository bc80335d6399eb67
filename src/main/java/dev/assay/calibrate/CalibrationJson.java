package dev.assay.calibrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.calibrate.JudgeReport.Bar;
import dev.assay.calibrate.JudgeReport.Labels;
import dev.assay.calibrate.JudgeReport.Nothing;
import dev.assay.calibrate.JudgeReport.Pairs;
import dev.assay.codec.Json;

import java.util.List;

/// Reports of judges as one JSON object. Shares are from 0 to 1.
public final class CalibrationJson {

    private CalibrationJson() {}

    public static String text(Gold gold, List<JudgeReport> reports, double wantedPrecision) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("gold", gold.name());
        json.put("form", gold.items().getFirst() instanceof Gold.Pair ? "pairs" : "labels");
        json.put("lines", gold.items().size());
        json.put("wanted_precision", wantedPrecision);
        ArrayNode judges = json.putArray("judges");
        for (JudgeReport report : reports) {
            ObjectNode judge = judges.addObject();
            judge.put("judge", report.seat().judge());
            ArrayNode routes = judge.putArray("routes");
            report.seat().routes().forEach(routes::add);
            judge.put("pass", report.seat().policy().pass());
            judge.put("asked", report.asked());
            judge.put("scored", report.scored());
            judge.put("unparseable", report.unparseable());
            judge.put("unavailable", report.unavailable());
            judge.put("cost_usd", report.costUsd());
            switch (report.figures()) {
                case Labels labels -> put(labels, judge);
                case Pairs pairs -> put(pairs, judge);
                case Nothing _ -> {}
            }
        }
        return Json.text(json);
    }

    private static void put(Labels labels, ObjectNode judge) {
        judge.put("agreement", labels.agreement());
        judge.put("kappa", labels.kappa());
        judge.put("pearson", labels.pearson());
        judge.put("spearman", labels.spearman());
        judge.put("mean_error", labels.error());
        judge.put("bias", labels.bias());
        judge.put("length_bias", labels.lengthBias());
        labels.selfBias().ifPresent(bias -> judge.put("self_bias", bias));
        judge.set("at_bar", bar(labels.atBar()));
        ArrayNode bars = judge.putArray("bars");
        labels.bars().forEach(bar -> bars.add(bar(bar)));
        labels.reaching().ifPresent(bar -> judge.put("bar_for_precision", bar.bar()));
    }

    private static void put(Pairs pairs, ObjectNode judge) {
        judge.put("accuracy", pairs.accuracy());
        judge.put("ties", pairs.ties());
        judge.put("longer_wins", pairs.longer());
        judge.put("longer_is_better", pairs.longerBetter());
        pairs.self().ifPresent(bias -> judge.put("self_preference", bias));
        pairs.order()
                .ifPresent(
                        order -> {
                            ObjectNode compared = judge.putObject("compared");
                            compared.put("accuracy", order.accuracy());
                            compared.put("first_wins", order.first());
                            compared.put("flips", order.flips());
                            compared.put("read", order.read());
                        });
    }

    private static ObjectNode bar(Bar bar) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("bar", bar.bar());
        json.put("good_passed", bar.goodPassed());
        json.put("bad_passed", bar.badPassed());
        json.put("good_failed", bar.goodFailed());
        json.put("bad_failed", bar.badFailed());
        json.put("precision", bar.precision());
        json.putArray("precision_ci95").add(bar.low()).add(bar.high());
        json.put("recall", bar.recall());
        return json;
    }
}
