package dev.assay.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.VerdictRecord;
import dev.assay.bulk.ResultRow.AttemptRow;
import dev.assay.bulk.ResultRow.CostRow;
import dev.assay.bulk.ResultRow.ErrorRow;
import dev.assay.bulk.ResultRow.Outcome;
import dev.assay.bulk.ResultRow.UsageRow;
import dev.assay.bulk.ResultRow.VerdictRow;
import dev.assay.codec.Json;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Result records as rows, and rows as JSON.
public final class ResultRows {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(ResultRow.class);
    private static final ObjectReader READER = MAPPER.readerFor(ResultRow.class);

    private ResultRows() {}

    /// @param line of the input; 0 where there is none
    public static ResultRow of(GradedAnswer answer, long line) {
        return new ResultRow(
                answer.getId(),
                Optional.ofNullable(answer.getCustomId()),
                switch (answer.getOutcome()) {
                    case GRADED -> Outcome.GRADED;
                    case FLAGGED, UNKNOWN -> Outcome.FLAGGED;
                },
                answer.getChecked(),
                Optional.ofNullable(answer.getAnswer()),
                json(answer.getMessage()),
                Optional.ofNullable(answer.getFinishReason()),
                Optional.ofNullable(answer.getModel()),
                number(answer.getGrade()),
                answer.getVerdicts().stream().map(ResultRows::verdict).toList(),
                answer.getRounds(),
                answer.getAttempts().stream().map(ResultRows::attempt).toList(),
                cost(answer.getCostUsd()),
                new UsageRow(answer.getInputTokens(), answer.getOutputTokens()),
                answer.getLatencyMs(),
                answer.getRoute(),
                answer.getStrategy(),
                answer.getMetadata(),
                Optional.empty(),
                line);
    }

    /// @param line of the input; 0 where there is none
    public static ResultRow of(FailedPrompt failed, long line) {
        return new ResultRow(
                failed.getId(),
                Optional.ofNullable(failed.getCustomId()),
                Outcome.FAILED,
                false,
                Optional.empty(),
                NullNode.getInstance(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                List.of(),
                failed.getRounds(),
                failed.getAttempts().stream().map(ResultRows::attempt).toList(),
                cost(failed.getCostUsd()),
                new UsageRow(failed.getInputTokens(), failed.getOutputTokens()),
                failed.getLatencyMs(),
                failed.getRoute(),
                failed.getStrategy(),
                failed.getMetadata(),
                Optional.of(new ErrorRow(failed.getCode(), failed.getMessage())),
                line);
    }

    /// A line that never reached the pipeline.
    static ResultRow of(InputLine.Invalid invalid) {
        return new ResultRow(
                invalid.id(),
                invalid.customId(),
                Outcome.FAILED,
                false,
                Optional.empty(),
                NullNode.getInstance(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                List.of(),
                0,
                List.of(),
                CostRow.NOTHING,
                new UsageRow(0, 0),
                0,
                "",
                "",
                Map.of(),
                Optional.of(
                        new ErrorRow(invalid.failure().code().code(), invalid.failure().message())),
                invalid.number());
    }

    /// The row as a JSON object without line ends.
    public static byte[] toJson(ResultRow row) {
        try {
            return WRITER.writeValueAsBytes(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result could not be written as JSON", e);
        }
    }

    /// The row as a JSON object.
    public static ObjectNode toTree(ResultRow row) {
        return MAPPER.valueToTree(row);
    }

    /// @throws IOException if these bytes are no row
    static ResultRow fromJson(byte[] json) throws IOException {
        ResultRow row = READER.readValue(json);
        if (row == null) {
            throw new IOException("it is null");
        }
        return row;
    }

    private static VerdictRow verdict(VerdictRecord verdict) {
        return new VerdictRow(
                verdict.getKind(),
                verdict.getBy(),
                verdict.getState(),
                number(verdict.getScore()),
                verdict.getReason(),
                verdict.getSelf());
    }

    private static AttemptRow attempt(AttemptRecord attempt) {
        return new AttemptRow(
                attempt.getRound(),
                attempt.getModel(),
                attempt.getStatus(),
                number(attempt.getGrade()),
                attempt.getLatencyMs(),
                attempt.getInputTokens(),
                attempt.getCachedInputTokens(),
                attempt.getOutputTokens(),
                attempt.getReasoningTokens(),
                attempt.getEstimated(),
                attempt.getCostUsd(),
                attempt.getPropensity(),
                attempt.getWhy());
    }

    private static CostRow cost(CostRecord cost) {
        return new CostRow(cost.getAnswer(), cost.getCheck(), cost.getTotal(), cost.getUncertain());
    }

    private static OptionalDouble number(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static JsonNode json(@Nullable String text) {
        return text == null ? NullNode.getInstance() : Json.object(text);
    }
}
