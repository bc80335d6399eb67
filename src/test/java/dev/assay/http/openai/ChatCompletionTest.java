package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.avro.AnswerOutcome;
import dev.assay.avro.AttemptRecord;
import dev.assay.avro.CostRecord;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.Json;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

class ChatCompletionTest {

    private static final String TOOL_CALL =
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

    @Test
    void usageIsThatOfTheAnswerAndNotOfAllThatWasPaid() {
        JsonNode usage = new ChatCompletion(answer().build()).whole().path("usage");

        assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(20);
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(5);
        assertThat(usage.path("total_tokens").asInt()).isEqualTo(25);
    }

    @Test
    void messageIsAsTheModelSentIt() {
        JsonNode choice =
                new ChatCompletion(
                                answer().setMessage(TOOL_CALL)
                                        .setFinishReason("tool_calls")
                                        .build())
                        .whole()
                        .at("/choices/0");

        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(choice.at("/message/tool_calls/0/id").asText()).isEqualTo("c1");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void logProbabilitiesOfTheProviderAreKept() {
        JsonNode choice =
                new ChatCompletion(
                                answer().setResponse(
                                                "{\"choices\":[{\"logprobs\":{\"content\":[1]}}]}")
                                        .build())
                        .whole()
                        .at("/choices/0");

        assertThat(choice.at("/logprobs/content/0").asInt()).isEqualTo(1);
        assertThat(new ChatCompletion(answer().build()).whole().at("/choices/0/logprobs").isNull())
                .isTrue();
    }

    @Test
    void streamBeginsWithTheRoleAndEndsWithDone() {
        String stream = new ChatCompletion(answer().setMessage(TOOL_CALL).build()).stream(false);

        List<String> events = Arrays.asList(stream.split("\n\n"));
        assertThat(events).allSatisfy(event -> assertThat(event).startsWith("data: "));
        assertThat(chunk(events.getFirst()).at("/choices/0/delta/role").asText())
                .isEqualTo("assistant");
        assertThat(chunk(events.get(1)).at("/choices/0/delta/tool_calls/0/index").isInt()).isTrue();
        assertThat(chunk(events.get(2)).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
    }

    private static JsonNode chunk(String event) {
        return Json.object(event.substring("data: ".length()));
    }

    private static GradedAnswer.Builder answer() {
        AttemptRecord weak =
                AttemptRecord.newBuilder()
                        .setRound(1)
                        .setModel("small")
                        .setStatus("answered")
                        .setInputTokens(10)
                        .setOutputTokens(3)
                        .build();
        AttemptRecord good =
                AttemptRecord.newBuilder(weak)
                        .setRound(2)
                        .setModel("large")
                        .setInputTokens(20)
                        .setOutputTokens(5)
                        .build();
        return GradedAnswer.newBuilder()
                .setId("p-1")
                .setOutcome(AnswerOutcome.GRADED)
                .setAnswer("42")
                .setMessage("{\"role\":\"assistant\",\"content\":\"42\"}")
                .setFinishReason("stop")
                .setModel("large")
                .setAttempts(List.of(weak, good))
                .setCostUsd(CostRecord.newBuilder().build())
                .setInputTokens(500)
                .setOutputTokens(90)
                .setCreatedAt(Instant.EPOCH)
                .setFinishedAt(Instant.EPOCH);
    }
}
