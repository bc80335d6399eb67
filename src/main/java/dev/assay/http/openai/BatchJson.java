package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.http.openai.Batch.Status;

import java.util.List;
import java.util.Locale;

/// A batch as its caller sees it. Source: OpenAI API reference, "The batch object".
final class BatchJson {

    private static final List<Status> TIMED =
            List.of(
                    Status.IN_PROGRESS,
                    Status.FINALIZING,
                    Status.COMPLETED,
                    Status.FAILED,
                    Status.EXPIRED,
                    Status.CANCELLING,
                    Status.CANCELLED);

    private BatchJson() {}

    static ObjectNode of(Batch batch) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", batch.id());
        json.put("object", "batch");
        json.put("endpoint", batch.endpoint());
        json.put("model", batch.model().orElse(null));
        errors(json, batch);
        json.put("input_file_id", batch.inputFile());
        json.put("completion_window", batch.window());
        json.put("status", name(batch.status()));
        boolean ended = batch.status().ended();
        json.put("output_file_id", batch.outputFile().filter(_ -> ended).orElse(null));
        json.put("error_file_id", batch.errorFile().filter(_ -> ended).orElse(null));
        json.put("created_at", batch.createdAtMs() / 1_000);
        json.put("expires_at", batch.expiresAtMs() / 1_000);
        for (Status status : TIMED) {
            json.put(name(status) + "_at", batch.times().get(status));
        }
        BatchCounts counts = batch.counts();
        json.putObject("request_counts")
                .put("total", counts.total())
                .put("completed", counts.completed())
                .put("failed", counts.failed());
        json.set("usage", usage(counts));
        if (batch.metadata().isEmpty()) {
            json.putNull("metadata");
        } else {
            ObjectNode metadata = json.putObject("metadata");
            batch.metadata().forEach(metadata::put);
        }
        json.set("assay", assay(counts));
        return json;
    }

    static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void errors(ObjectNode json, Batch batch) {
        if (batch.errors().isEmpty()) {
            json.putNull("errors");
            return;
        }
        ArrayNode data = json.putObject("errors").put("object", "list").putArray("data");
        batch.errors()
                .forEach(
                        error ->
                                data.addObject()
                                        .put("code", error.code())
                                        .put("message", error.message())
                                        .put("param", error.param().orElse(null))
                                        .put("line", error.line().orElse(null)));
    }

    private static ObjectNode usage(BatchCounts counts) {
        ObjectNode usage = Json.MAPPER.createObjectNode();
        usage.put("input_tokens", counts.inputTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", counts.cachedInputTokens());
        usage.put("output_tokens", counts.outputTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", counts.reasoningTokens());
        usage.put("total_tokens", counts.inputTokens() + counts.outputTokens());
        return usage;
    }

    private static ObjectNode assay(BatchCounts counts) {
        ObjectNode assay = Json.MAPPER.createObjectNode();
        assay.put("graded", counts.completed() - counts.flagged());
        assay.put("flagged", counts.flagged());
        assay.putObject("cost_usd")
                .put("answer", counts.answerUsd())
                .put("check", counts.checkUsd())
                .put("total", counts.answerUsd() + counts.checkUsd());
        return assay;
    }
}
