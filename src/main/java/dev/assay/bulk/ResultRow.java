package dev.assay.bulk;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// One line of a results file. Its components are the fields of the JSON object, in this order;
/// [ResultRows] makes and reads them.
///
/// @param customId the user's own id, where there is one
/// @param checked false where the prompt was not drawn for judges, or got no answer
/// @param message the assistant's message as the model sent it
/// @param grade 0 to 10, of the returned answer
/// @param rounds rounds of assignment
/// @param latencyMs from the event to the result
/// @param error present exactly where the outcome is failed
/// @param line of the input, from 1; tells an interrupted run what is done
public record ResultRow(
        String id,
        Optional<String> customId,
        Outcome outcome,
        boolean checked,
        Optional<String> answer,
        JsonNode message,
        Optional<String> finishReason,
        Optional<String> model,
        OptionalDouble grade,
        List<VerdictRow> verdicts,
        int rounds,
        List<AttemptRow> attempts,
        CostRow costUsd,
        UsageRow usage,
        long latencyMs,
        String route,
        String strategy,
        Map<String, String> metadata,
        Optional<ErrorRow> error,
        long line) {

    /// How a prompt ended.
    public enum Outcome {
        @JsonProperty("graded")
        GRADED,
        @JsonProperty("flagged")
        FLAGGED,
        @JsonProperty("failed")
        FAILED
    }

    /// What a rule or judge said of the returned answer.
    ///
    /// @param kind rule, judge or agreement
    public record VerdictRow(
            String kind,
            String by,
            String state,
            OptionalDouble score,
            String reason,
            boolean self) {}

    /// A model tried for the answer.
    public record AttemptRow(
            int round,
            String model,
            String status,
            OptionalDouble grade,
            long latencyMs,
            long inputTokens,
            long cachedInputTokens,
            long outputTokens,
            long reasoningTokens,
            boolean estimated,
            double costUsd,
            double propensity,
            String why) {}

    /// USD.
    ///
    /// @param uncertain the part whose bill is unknown
    public record CostRow(double answer, double check, double total, double uncertain) {

        static final CostRow NOTHING = new CostRow(0, 0, 0, 0);
    }

    /// Tokens of all calls, checks included.
    public record UsageRow(long inputTokens, long outputTokens) {}

    /// Why there is no answer.
    public record ErrorRow(String code, String message) {}
}
