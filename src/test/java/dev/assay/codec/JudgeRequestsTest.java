package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.decide.check.JudgeMessages;
import dev.assay.model.Criterion;

import org.junit.jupiter.api.Test;

import java.util.List;

class JudgeRequestsTest {

    private static final JudgeMessages MESSAGES = new JudgeMessages("be \"fair\"", "q\na");

    @Test
    void messagesStandAsTheyAre() {
        JsonNode request = Json.object(JudgeRequests.plain(MESSAGES).json());

        assertThat(request)
                .hasToString(
                        """
                        {"messages":[{"role":"system","content":"be \\"fair\\""},\
                        {"role":"user","content":"q\\na"}]}""");
    }

    @Test
    void schemaAsksForAReasonAndThenAWholeScore() {
        JsonNode format =
                Json.object(JudgeRequests.withSchema(MESSAGES, List.of()).json())
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
                Json.object(JudgeRequests.withSchema(MESSAGES, criteria).json())
                        .at("/response_format/json_schema/schema/properties/criteria");

        assertThat(schema.path("required")).hasToString("[\"tone\",\"facts\"]");
        assertThat(schema.at("/properties/facts/required")).hasToString("[\"reason\",\"score\"]");
    }
}
