package dev.assay.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.decide.check.JudgeMessages;
import dev.assay.model.ChatRequest;
import dev.assay.model.Criterion;

import java.util.List;
import java.util.OptionalInt;

/// Chat completions requests that ask a judge for its verdict.
public final class JudgeRequests {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int BEST_SCORE = 10;

    private JudgeRequests() {}

    /// The messages, and the images of the request that was answered.
    ///
    /// @param asked what the answer answers
    public static ChatRequest plain(JudgeMessages judge, ChatRequest asked) {
        return request(judge, tree(judge, asked));
    }

    /// The messages with a JSON schema for the reply, in OpenAI's form: every object closed and
    /// every member required, as strict mode wants it.
    ///
    /// Source: https://platform.openai.com/docs/guides/structured-outputs
    public static ChatRequest withSchema(
            JudgeMessages judge, ChatRequest asked, List<Criterion> criteria) {
        ObjectNode tree = tree(judge, asked);
        ObjectNode format = tree.putObject("response_format").put("type", "json_schema");
        ObjectNode schema = format.putObject("json_schema").put("name", "verdict");
        schema.put("strict", true);
        schema.set("schema", criteria.isEmpty() ? verdict() : byCriteria(criteria));
        return request(judge, tree);
    }

    private static ObjectNode byCriteria(List<Criterion> criteria) {
        ObjectNode each = NODES.objectNode();
        criteria.forEach(criterion -> each.set(criterion.name(), verdict()));
        ObjectNode all = NODES.objectNode();
        all.set("criteria", closed(each));
        return closed(all);
    }

    private static ObjectNode verdict() {
        ObjectNode members = NODES.objectNode();
        members.putObject("reason").put("type", "string");
        ArrayNode scores = members.putObject("score").put("type", "integer").putArray("enum");
        for (int score = 1; score <= BEST_SCORE; score++) {
            scores.add(score);
        }
        return closed(members);
    }

    private static ObjectNode closed(ObjectNode members) {
        ObjectNode object = NODES.objectNode().put("type", "object");
        object.set("properties", members);
        ArrayNode required = object.putArray("required");
        members.fieldNames().forEachRemaining(required::add);
        return object.put("additionalProperties", false);
    }

    private static ObjectNode tree(JudgeMessages judge, ChatRequest asked) {
        ObjectNode tree = NODES.objectNode();
        ArrayNode messages = tree.putArray("messages");
        messages.addObject().put("role", "system").put("content", judge.system());
        ObjectNode user = messages.addObject().put("role", "user");
        List<JsonNode> images = Transcripts.images(asked);
        if (images.isEmpty()) {
            user.put("content", judge.user());
        } else {
            ArrayNode parts = user.putArray("content");
            parts.addObject().put("type", "text").put("text", judge.user());
            images.forEach(parts::add);
        }
        return tree;
    }

    private static ChatRequest request(JudgeMessages judge, ObjectNode tree) {
        int chars = judge.system().length() + judge.user().length();
        return new ChatRequest(Json.text(tree), chars, OptionalInt.empty());
    }
}
