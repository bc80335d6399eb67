package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.FailedPrompt;
import dev.assay.bulk.ResultRow;
import dev.assay.bulk.ResultRows;
import dev.assay.http.ApiError;
import dev.assay.http.Reply;

import java.util.Map;
import java.util.Optional;

/// What a failed prompt is in the terms of HTTP.
final class Failures {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int TIMED_OUT = 504;

    private static final Map<String, Integer> STATUSES =
            Map.ofEntries(
                    Map.entry("undecodable", BAD_REQUEST),
                    Map.entry("invalid_input", BAD_REQUEST),
                    Map.entry("context_too_long", BAD_REQUEST),
                    Map.entry("content_filter", BAD_REQUEST),
                    Map.entry("cancelled", CONFLICT),
                    Map.entry("too_large", TOO_LARGE),
                    Map.entry("refused_by_policy", FORBIDDEN),
                    Map.entry("over_budget", TOO_MANY_REQUESTS),
                    Map.entry("no_model", BAD_GATEWAY),
                    Map.entry("provider_error", BAD_GATEWAY),
                    Map.entry("deadline_exceeded", TIMED_OUT),
                    Map.entry("timeout", TIMED_OUT));

    private Failures() {}

    /// With the failure's own code, but where OpenAI's clients know another for it.
    static ApiError error(FailedPrompt failed) {
        String code =
                switch (failed.getCode()) {
                    case "context_too_long" -> "context_length_exceeded";
                    case "over_budget" -> "insufficient_quota";
                    case String other -> other;
                };
        int status = STATUSES.getOrDefault(failed.getCode(), INTERNAL_ERROR);
        return new ApiError(status, failed.getMessage(), Optional.of(code));
    }

    /// A result as a line of a results file.
    static ObjectNode row(Reply reply) {
        ResultRow row =
                switch (reply) {
                    case Reply.Answered answered -> ResultRows.of(answered.answer(), 0);
                    case Reply.Failed failed -> ResultRows.of(failed.failed(), 0);
                };
        ObjectNode tree = ResultRows.toTree(row);
        tree.remove("line");
        return tree;
    }
}
