package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.avro.AnswerOutcome;
import dev.assay.avro.AttemptRecord;
import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.VerdictRecord;
import dev.assay.codec.Json;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ResultRowsTest {

    private static final List<String> FIELDS =
            List.of(
                    "id",
                    "custom_id",
                    "outcome",
                    "checked",
                    "answer",
                    "message",
                    "finish_reason",
                    "model",
                    "grade",
                    "verdicts",
                    "rounds",
                    "attempts",
                    "cost_usd",
                    "usage",
                    "latency_ms",
                    "route",
                    "strategy",
                    "metadata",
                    "error",
                    "line");

    @Test
    void anAnswerHasEveryFieldInOrder() {
        JsonNode row = json(ResultRows.of(answer(), 7));

        assertThat(row.fieldNames()).toIterable().containsExactlyElementsOf(FIELDS);
        assertThat(row.path("verdicts").get(0).fieldNames())
                .toIterable()
                .containsExactly("kind", "by", "state", "score", "reason", "self");
        assertThat(row.path("attempts").get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "round",
                        "model",
                        "status",
                        "grade",
                        "latency_ms",
                        "input_tokens",
                        "cached_input_tokens",
                        "output_tokens",
                        "reasoning_tokens",
                        "estimated",
                        "cost_usd",
                        "propensity",
                        "why");
        assertThat(row.path("cost_usd").fieldNames())
                .toIterable()
                .containsExactly("answer", "check", "total", "uncertain");
        assertThat(row.path("usage").fieldNames())
                .toIterable()
                .containsExactly("input_tokens", "output_tokens");
    }

    @Test
    void anAnswerKeepsItsValues() {
        JsonNode row = json(ResultRows.of(answer(), 7));

        assertThat(row.path("outcome").asText()).isEqualTo("graded");
        assertThat(row.path("answer").asText()).isEqualTo("four\nlines");
        assertThat(row.path("message").path("tool_calls").isArray()).isTrue();
        assertThat(row.path("grade").asDouble()).isEqualTo(8.5);
        assertThat(row.path("custom_id").isNull()).isTrue();
        assertThat(row.path("error").isNull()).isTrue();
        assertThat(row.path("line").asLong()).isEqualTo(7);
        assertThat(row.path("attempts").get(0).path("grade").isNull()).isTrue();
        assertThat(row.path("metadata").path("k").asText()).isEqualTo("v");
    }

    @Test
    void aRowIsOneLineThatReadsBackAsItself() throws Exception {
        ResultRow row = ResultRows.of(answer(), 7);

        byte[] json = ResultRows.toJson(row);

        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("\n");
        assertThat(ResultRows.fromJson(json)).isEqualTo(row);
    }

    @Test
    void aFailureHasTheSameFieldsAndItsReason() throws Exception {
        FailedPrompt failed =
                FailedPrompt.newBuilder()
                        .setId("a")
                        .setCustomId("a")
                        .setCode("timeout")
                        .setMessage("nobody answered")
                        .setTopic("prompts")
                        .setPartition(0)
                        .setOffset(3)
                        .setAttempts(List.of())
                        .setCostUsd(CostRecord.newBuilder().build())
                        .build();

        ResultRow row = ResultRows.of(failed, 2);

        JsonNode json = json(row);
        assertThat(json.fieldNames()).toIterable().containsExactlyElementsOf(FIELDS);
        assertThat(json.path("outcome").asText()).isEqualTo("failed");
        assertThat(json.path("answer").isNull()).isTrue();
        assertThat(json.path("message").isNull()).isTrue();
        assertThat(json.path("error").path("code").asText()).isEqualTo("timeout");
        assertThat(ResultRows.fromJson(ResultRows.toJson(row))).isEqualTo(row);
    }

    @Test
    void aBadLineIsAFailureToo() {
        InputLine.Invalid bad =
                new InputLine.Invalid(
                        4,
                        "line-4",
                        Optional.empty(),
                        new Failure(FailureCode.INVALID_INPUT, "line 4: it is no JSON"));

        JsonNode json = json(ResultRows.of(bad));

        assertThat(json.fieldNames()).toIterable().containsExactlyElementsOf(FIELDS);
        assertThat(json.path("error").path("code").asText()).isEqualTo("invalid_input");
        assertThat(json.path("line").asLong()).isEqualTo(4);
    }

    private static JsonNode json(ResultRow row) {
        return Json.object(new String(ResultRows.toJson(row), StandardCharsets.UTF_8));
    }

    static GradedAnswer answer() {
        return GradedAnswer.newBuilder()
                .setId("a")
                .setOutcome(AnswerOutcome.GRADED)
                .setAnswer("four\nlines")
                .setMessage("{\"role\":\"assistant\",\n\"tool_calls\":[]}")
                .setFinishReason("stop")
                .setModel("small")
                .setGrade(8.5)
                .setVerdicts(
                        List.of(
                                VerdictRecord.newBuilder()
                                        .setKind("judge")
                                        .setBy("large")
                                        .setState("scored")
                                        .setScore(8.5)
                                        .build()))
                .setAttempts(
                        List.of(
                                AttemptRecord.newBuilder()
                                        .setRound(1)
                                        .setModel("small")
                                        .setStatus("answered")
                                        .setLatencyMs(120)
                                        .setCostUsd(0.0001)
                                        .build()))
                .setCostUsd(
                        CostRecord.newBuilder()
                                .setAnswer(0.0001)
                                .setCheck(0.001)
                                .setTotal(0.0011)
                                .build())
                .setMetadata(Map.of("k", "v"))
                .build();
    }
}
