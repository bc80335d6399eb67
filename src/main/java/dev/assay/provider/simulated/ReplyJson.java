package dev.assay.provider.simulated;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.assay.provider.simulated.SimulatedModel.Reply;

/// Replies as OpenAI's chat completions API writes them.
final class ReplyJson {

    private static final int ROOM_FOR_FIELDS_CHARS = 384;

    private ReplyJson() {}

    static String message(String text) {
        StringBuilder json =
                new StringBuilder(text.length() + 64)
                        .append("{\"role\":\"assistant\",\"content\":");
        appendQuoted(json, text);
        return json.append(",\"refusal\":null}").toString();
    }

    static String completion(String model, Reply reply, String messageJson, long createdSeconds) {
        StringBuilder json = new StringBuilder(messageJson.length() + ROOM_FOR_FIELDS_CHARS);
        json.append("{\"id\":\"").append(reply.id());
        json.append("\",\"object\":\"chat.completion\",\"created\":")
                .append(createdSeconds)
                .append(",\"model\":");
        appendQuoted(json, model);
        json.append(",\"choices\":[{\"index\":0,\"message\":").append(messageJson);
        json.append(
                ",\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":");
        json.append(reply.inputTokens())
                .append(",\"completion_tokens\":")
                .append(reply.outputTokens());
        json.append(",\"total_tokens\":").append(reply.inputTokens() + reply.outputTokens());
        return json.append("}}").toString();
    }

    static String error(String message, String type, String code) {
        StringBuilder json = new StringBuilder("{\"error\":{\"message\":");
        appendQuoted(json, message);
        json.append(",\"type\":");
        appendQuoted(json, type);
        json.append(",\"param\":null,\"code\":");
        appendQuoted(json, code);
        return json.append("}}").toString();
    }

    static void appendQuoted(StringBuilder json, String text) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        json.append('"');
    }
}
