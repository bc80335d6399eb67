package dev.assay.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.JsonFields;
import dev.assay.provider.JsonText;
import dev.assay.provider.http.HttpReply;
import dev.assay.provider.reply.ErrorBody;
import dev.assay.provider.reply.Reading;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/// Reads the body of a successful reply, of chat completions as well as of the older completions.
///
/// The body is walked once; the message is cut out of it as the provider wrote it.
final class CompletionReader {

    private boolean error;
    private boolean choice;
    private boolean toolCalls;
    private @Nullable String text;
    private @Nullable String messageJson;
    private @Nullable String finishReason;
    private @Nullable String refusal;
    private @Nullable String model;
    private @Nullable TokenCounts tokens;

    private CompletionReader() {}

    static Reading read(HttpReply reply) {
        CompletionReader reader = new CompletionReader();
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
        if (!choice) {
            return new Reading.Unusable("it has no choices");
        }
        if (text == null && messageJson == null) {
            return new Reading.Unusable("its first choice has no message");
        }
        String answer = text == null ? "" : text;
        String finish = finishReason == null ? "" : finishReason;
        return new Reading.Complete(
                new Completion(
                        answer,
                        messageJson == null ? assistantMessage(answer) : messageJson,
                        finishReason(finish),
                        finish,
                        Optional.ofNullable(refusal).filter(said -> !said.isEmpty()),
                        toolCalls,
                        tokens == null || !tokens.counted() ? Usage.NOT_COUNTED : tokens.usage(),
                        reply.headers()
                                .first("x-request-id")
                                .or(() -> reply.headers().first("request-id")),
                        Optional.ofNullable(model),
                        reply.body()));
    }

    private void readField(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        switch (fields.name()) {
            case "error" -> error = hasContent(json);
            case "model" -> model = text(json);
            case "choices" -> readChoices(fields);
            case "usage" -> tokens = TokenCounts.read(json);
            default -> fields.skip();
        }
    }

    private void readChoices(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!choice && json.currentToken() == JsonToken.START_OBJECT) {
                choice = true;
                readChoice(fields);
            } else {
                json.skipChildren();
            }
        }
    }

    private void readChoice(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "message" -> readMessage(fields);
                case "text" -> {
                    String written = text(json);
                    text = written == null ? null : written.strip();
                }
                case "finish_reason" -> finishReason = text(json);
                case "error" -> error |= hasContent(json);
                default -> json.skipChildren();
            }
        }
        error |= finishReason != null && ErrorBody.isErrorAsFinishReason(finishReason);
    }

    private void readMessage(JsonFields fields) throws IOException {
        JsonParser json = fields.parser();
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        int begin = fields.begin();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "content" -> readContent(json);
                case "refusal" -> refusal = text(json);
                case "tool_calls", "function_call" -> toolCalls |= hasContent(json);
                default -> json.skipChildren();
            }
        }
        messageJson = fields.slice(begin, fields.end());
    }

    private void readContent(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            text = text(json);
            return;
        }
        StringBuilder parts = new StringBuilder();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                readPart(json, parts);
            } else {
                json.skipChildren();
            }
        }
        text = parts.toString();
    }

    private void readPart(JsonParser json, StringBuilder parts) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            String value = text(json);
            if (value != null && name.equals("text")) {
                parts.append(value);
            } else if (value != null && name.equals("refusal")) {
                refusal = value;
            }
        }
    }

    private static FinishReason finishReason(String word) {
        return switch (word) {
            case "stop", "eos", "stop_sequence" -> FinishReason.STOP;
            // Mistral tells its own limit from the request's.
            case "length", "model_length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    private static String assistantMessage(String text) {
        return "{\"role\":\"assistant\",\"content\":" + JsonText.quoted(text) + "}";
    }

    /// Passes a value by and tells whether it was more than null, nothing or an empty list.
    private static boolean hasContent(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> !json.getText().isEmpty();
            case START_ARRAY -> hasContent(json, JsonToken.END_ARRAY);
            case START_OBJECT -> hasContent(json, JsonToken.END_OBJECT);
            default -> true;
        };
    }

    private static boolean hasContent(JsonParser json, JsonToken end) throws IOException {
        boolean content = false;
        while (json.nextToken() != end) {
            content = true;
            json.skipChildren();
        }
        return content;
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return null;
    }
}
