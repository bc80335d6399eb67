package dev.assay.provider.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.JsonFields;
import dev.assay.provider.JsonText;
import dev.assay.provider.http.HttpReply;
import dev.assay.provider.reply.Reading;
import dev.assay.provider.reply.TokenCount;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the body of a successful reply of the Messages API, and writes its message as chat
/// completions have it. Thinking, and what Anthropic's own tools did, is in the whole response
/// alone.
final class MessagesReader {

    private final StringBuilder text = new StringBuilder();
    private final List<String> toolCalls = new ArrayList<>();
    private boolean error;
    private boolean content;
    private @Nullable String stopReason;
    private @Nullable String refusal;
    private @Nullable String model;
    private Usage usage = Usage.NOT_COUNTED;

    private MessagesReader() {}

    static Reading read(HttpReply reply) {
        MessagesReader reader = new MessagesReader();
        try (JsonFields fields = new JsonFields(reply.body())) {
            while (fields.next()) {
                reader.readField(fields);
            }
        } catch (IOException e) {
            return Reading.ofNoObject(reply.body());
        }
        return reader.reading(reply);
    }

    private Reading reading(HttpReply reply) {
        if (error) {
            return new Reading.ErrorInside();
        }
        if (!content) {
            return new Reading.Unusable("it has no content");
        }
        String word = stopReason == null ? "" : stopReason;
        return new Reading.Complete(
                new Completion(
                        text.toString(),
                        message(),
                        finishReason(word),
                        word,
                        Optional.ofNullable(refusal),
                        !toolCalls.isEmpty(),
                        usage,
                        reply.headers().first("request-id"),
                        Optional.ofNullable(model),
                        reply.body()));
    }

    private void readField(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        switch (fields.name()) {
            case "error" -> {
                error |= !fields.isNull();
                fields.skip();
            }
            case "model" -> model = text(json);
            case "content" -> readContent(fields);
            case "stop_reason" -> stopReason = text(json);
            case "stop_details" -> readStopDetails(json);
            case "usage" -> usage = usage(json);
            default -> fields.skip();
        }
    }

    private void readContent(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        content = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                readBlock(fields);
            } else {
                json.skipChildren();
            }
        }
    }

    private void readBlock(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        String type = "";
        String written = "";
        String id = "";
        String name = "";
        String input = "{}";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "type" -> type = textOr(json, type);
                case "text" -> written = textOr(json, written);
                case "id" -> id = textOr(json, id);
                case "name" -> name = textOr(json, name);
                case "input" -> {
                    int begin = fields.begin();
                    json.skipChildren();
                    input = fields.slice(begin, fields.end());
                }
                default -> json.skipChildren();
            }
        }
        if (type.equals("text")) {
            text.append(written);
        } else if (type.equals("tool_use")) {
            toolCalls.add(
                    "{\"id\":"
                            + JsonText.quoted(id)
                            + ",\"type\":\"function\",\"function\":{\"name\":"
                            + JsonText.quoted(name)
                            + ",\"arguments\":"
                            + JsonText.quoted(input)
                            + "}}");
        }
    }

    private void readStopDetails(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean explanation = json.currentName().equals("explanation");
            json.nextToken();
            String value = text(json);
            if (explanation && value != null && !value.isEmpty()) {
                refusal = value;
            }
        }
    }

    /// Anthropic counts what it read from its cache and what it wrote there beside the rest of the
    /// input, not within (https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching).
    private static Usage usage(JsonParser json) throws IOException {
        long input = TokenCount.ABSENT;
        long output = TokenCount.ABSENT;
        long written = 0;
        long cached = 0;
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return Usage.NOT_COUNTED;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "input_tokens" -> input = TokenCount.read(json);
                case "output_tokens" -> output = TokenCount.read(json);
                case "cache_creation_input_tokens" -> written = cacheCount(json);
                case "cache_read_input_tokens" -> cached = cacheCount(json);
                default -> json.skipChildren();
            }
        }
        return input < 0 || output < 0 || written < 0 || cached < 0
                ? Usage.NOT_COUNTED
                : new Usage(input + written + cached, cached, output, 0, false);
    }

    private String message() {
        StringBuilder out = new StringBuilder(text.length() + 64);
        out.append("{\"role\":\"assistant\",\"content\":");
        out.append(
                text.isEmpty() && !toolCalls.isEmpty() ? "null" : JsonText.quoted(text.toString()));
        if (refusal != null) {
            out.append(",\"refusal\":").append(JsonText.quoted(refusal));
        }
        if (!toolCalls.isEmpty()) {
            out.append(",\"tool_calls\":[").append(String.join(",", toolCalls)).append(']');
        }
        return out.append('}').toString();
    }

    /// See https://docs.anthropic.com/en/api/handling-stop-reasons.
    private static FinishReason finishReason(String word) {
        return switch (word) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            // A paused turn is not at its end either.
            case "max_tokens", "model_context_window_exceeded", "pause_turn" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /// Null where nothing was cached.
    private static long cacheCount(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? 0 : TokenCount.read(json);
    }

    private static String textOr(JsonParser json, String otherwise) throws IOException {
        String value = text(json);
        return value == null ? otherwise : value;
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return null;
    }
}
