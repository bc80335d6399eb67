package dev.assay.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.GradedAnswer;
import dev.assay.bulk.ResultRows;
import dev.assay.codec.Json;
import dev.assay.model.Attempt;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// A result as OpenAI's chat completion, whole or as a stream. Source: OpenAI API reference, "The
/// chat completion object" and "The chat completion chunk object".
final class ChatCompletion {

    private static final String FINISHED = "[DONE]";

    private final GradedAnswer answer;

    ChatCompletion(GradedAnswer answer) {
        this.answer = answer;
    }

    /// The object, with the grade and all else that is known of it in `assay`.
    ObjectNode whole() {
        ObjectNode completion = head("chat.completion");
        ObjectNode choice = completion.putArray("choices").addObject();
        choice.put("index", 0);
        choice.set("message", message());
        choice.putNull("logprobs");
        choice.put("finish_reason", finishReason());
        providersChoice().ifPresent(theirs -> choice.set("logprobs", theirs.path("logprobs")));
        if (choice.path("logprobs").isMissingNode()) {
            choice.putNull("logprobs");
        }
        completion.set("usage", usage());
        completion.set("assay", assay());
        return completion;
    }

    /// The events of a stream: the role, the content, the end, the usage where it is asked for.
    String stream(boolean includeUsage) {
        StringBuilder events = new StringBuilder();
        ObjectNode message = message();
        ObjectNode first = Json.MAPPER.createObjectNode().put("role", "assistant");
        event(events, chunk(first, null, includeUsage));
        ObjectNode rest = message.deepCopy();
        rest.remove("role");
        number(rest.path("tool_calls"));
        event(events, chunk(rest, null, includeUsage));
        ObjectNode last = chunk(Json.MAPPER.createObjectNode(), finishReason(), includeUsage);
        last.set("assay", assay());
        event(events, last);
        if (includeUsage) {
            ObjectNode end = head("chat.completion.chunk");
            end.putArray("choices");
            end.set("usage", usage());
            event(events, end);
        }
        return events.append("data: ").append(FINISHED).append("\n\n").toString();
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String end, boolean withUsage) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        choice.put("finish_reason", end);
        if (withUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    /// Calls of tools bear their place in a stream.
    private static void number(JsonNode toolCalls) {
        for (int i = 0; i < toolCalls.size(); i++) {
            if (toolCalls.get(i) instanceof ObjectNode call) {
                call.put("index", i);
            }
        }
    }

    private static void event(StringBuilder events, ObjectNode data) {
        events.append("data: ").append(Json.text(data)).append("\n\n");
    }

    private ObjectNode head(String object) {
        ObjectNode head = Json.MAPPER.createObjectNode();
        head.put("id", "chatcmpl-" + answer.getId());
        head.put("object", object);
        head.put("created", answer.getFinishedAt().getEpochSecond());
        head.put("model", answer.getModel());
        return head;
    }

    private ObjectNode message() {
        ObjectNode message =
                answer.getMessage() == null
                        ? Json.MAPPER.createObjectNode()
                        : Json.object(answer.getMessage());
        message.put("role", "assistant");
        if (!message.has("content")) {
            message.put("content", answer.getAnswer());
        }
        if (!message.has("refusal")) {
            message.putNull("refusal");
        }
        return message;
    }

    private String finishReason() {
        String reason = answer.getFinishReason();
        return reason == null || reason.isEmpty() ? "stop" : reason;
    }

    private Optional<JsonNode> providersChoice() {
        String response = answer.getResponse();
        if (response == null) {
            return Optional.empty();
        }
        JsonNode choice = Json.object(response).path("choices").path(0);
        return choice.isObject() ? Optional.of(choice) : Optional.empty();
    }

    /// Tokens of the answer that is returned; what was paid besides is in `assay`.
    private ObjectNode usage() {
        ObjectNode usage = Json.MAPPER.createObjectNode();
        Optional<AttemptRecord> attempt =
                answer.getAttempts().stream()
                        .filter(one -> one.getStatus().equals(Attempt.ANSWERED))
                        .filter(one -> one.getModel().equals(answer.getModel()))
                        .reduce((_, later) -> later);
        long input = attempt.map(AttemptRecord::getInputTokens).orElse(0L);
        long output = attempt.map(AttemptRecord::getOutputTokens).orElse(0L);
        usage.put("prompt_tokens", input);
        usage.put("completion_tokens", output);
        usage.put("total_tokens", input + output);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", attempt.map(AttemptRecord::getCachedInputTokens).orElse(0L));
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", attempt.map(AttemptRecord::getReasoningTokens).orElse(0L));
        return usage;
    }

    /// What a results file says, but for what stands beside it already.
    private ObjectNode assay() {
        ObjectNode row = ResultRows.toTree(ResultRows.of(answer, 0));
        row.remove("message");
        row.remove("answer");
        row.remove("line");
        return row;
    }
}
