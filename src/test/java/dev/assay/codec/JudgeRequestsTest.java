package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.decide.check.JudgeMessages;
import dev.assay.model.ChatRequest;
import dev.assay.model.Criterion;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalInt;

class JudgeRequestsTest {

    private static final JudgeMessages MESSAGES = new JudgeMessages("be \"fair\"", "q\na");

    private static final ChatRequest TEXT = ChatRequests.ofUser("q");

    @Test
    void imagesGoToTheJudgeBehindTheText() {
        String image =
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}";
        ChatRequest asked =
                new ChatRequest(
                        """
                        {"messages":[{"role":"user","content":[{"type":"text","text":"What is "},%s,\
                        {"type":"text","text":"?"}]}]}"""
                                .formatted(image),
                        9,
                        OptionalInt.empty(),
                        true);

        JsonNode content =
                Json.object(JudgeRequests.plain(MESSAGES, asked).json()).at("/messages/1/content");

        assertThat(content.get(0)).hasToString("{\"type\":\"text\",\"text\":\"q\\na\"}");
        assertThat(content.get(1)).hasToString(image);
        assertThat(Transcripts.of(asked)).isEqualTo("What is [image 1]?");
    }

    @Test
    void toolsAndToolCallsAreToldInTheTranscript() {
        ChatRequest asked =
                new ChatRequest(
                        """
                        {"tools":[{"type":"function","function":{"name":"weather"}}],"messages":[\
                        {"role":"user","content":"Rain?"},\
                        {"role":"assistant","content":null,"tool_calls":[{"id":"c1"}]},\
                        {"role":"tool","tool_call_id":"c1","content":"yes"}]}""",
                        8,
                        OptionalInt.empty());

        assertThat(Transcripts.of(asked))
                .isEqualTo(
                        """
                        [tools]
                        [{"type":"function","function":{"name":"weather"}}]
                        [user]
                        Rain?
                        [assistant]

                        [{"id":"c1"}]
                        [tool c1]
                        yes""");
    }

    @Test
    void messagesStandAsTheyAre() {
        JsonNode request = Json.object(JudgeRequests.plain(MESSAGES, TEXT).json());

        assertThat(request)
                .hasToString(
                        """
                        {"messages":[{"role":"system","content":"be \\"fair\\""},\
                        {"role":"user","content":"q\\na"}]}""");
    }

    @Test
    void schemaAsksForAReasonAndThenAWholeScore() {
        JsonNode format =
                Json.object(JudgeRequests.withSchema(MESSAGES, TEXT, List.of()).json())
                        .path("response_format");

        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.path("json_schema").path("schema"))
                .hasToString(
                        """
                        {"type":"object","properties":{"reason":{"type":"string"},\
                        "score":{"type":"integer","enum":[1,2,3,4,5,6,7,8,9,10]}},\
                        "required":["reason","score"],"additionalProperties":false}""");
    }

    @Test
    void schemaAsksForEachCriterion() {
        List<Criterion> criteria =
                List.of(
                        new Criterion("tone", 1, "is kind"),
                        new Criterion("facts", 2, "are right"));

        JsonNode schema =
                Json.object(JudgeRequests.withSchema(MESSAGES, TEXT, criteria).json())
                        .at("/response_format/json_schema/schema/properties/criteria");

        assertThat(schema.path("required")).hasToString("[\"tone\",\"facts\"]");
        assertThat(schema.at("/properties/facts/required")).hasToString("[\"reason\",\"score\"]");
    }
}
