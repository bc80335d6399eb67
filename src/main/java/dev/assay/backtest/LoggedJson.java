package dev.assay.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.backtest.LoggedReport.Estimate;
import dev.assay.codec.Json;

import java.util.TreeMap;

/// An estimate from recorded results as one JSON object. Shares are from 0 to 1.
public final class LoggedJson {

    private LoggedJson() {}

    public static String text(LoggedReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("policy", report.policy());
        json.put("prompts", report.prompts());
        json.put("covered", report.covered());
        ReportJson.number(json, "uncovered_share", report.uncoveredShare());
        ObjectNode uncovered = json.putObject("uncovered");
        new TreeMap<>(report.uncovered()).forEach(uncovered::put);
        json.put("matched", report.matched());
        ReportJson.number(json, "effective_sample_size", report.effective());
        ReportJson.number(json, "weights_cut_at", DoublyRobust.HEAVIEST);
        json.put("weights_cut", report.clipped());
        ObjectNode first = json.putObject("first_answer");
        first.set("grade", estimate(report.first()));
        first.set("cost_usd_per_1k", estimate(report.firstUsdPer1k()));
        ObjectNode road = json.putObject("going_on_as_recorded");
        road.set("grade", estimate(report.end()));
        road.set("cost_usd_per_1k", estimate(report.totalUsdPer1k()));
        ObjectNode models = json.putObject("models");
        new TreeMap<>(report.models())
                .forEach((model, share) -> ReportJson.number(models, model, share));
        ArrayNode notes = json.putArray("notes");
        report.notes().forEach(notes::add);
        return Json.text(json);
    }

    private static ObjectNode estimate(Estimate estimate) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ReportJson.number(node, "policy", estimate.policy());
        node.set("policy_ci95", ReportJson.interval(estimate.spread()));
        ReportJson.number(node, "as_recorded", estimate.asRecorded());
        ReportJson.number(node, "difference", estimate.difference());
        node.set("difference_ci95", ReportJson.interval(estimate.paired()));
        ReportJson.number(node, "plain_mean_of_matched", estimate.naive());
        return node;
    }
}
