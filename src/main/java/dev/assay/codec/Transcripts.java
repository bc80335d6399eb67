package dev.assay.codec;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.model.ChatRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A conversation as a judge reads it.
///
/// A single user message without tools is its own transcript, word for word. Anything longer is
/// told message by message with its role, tool calls as JSON, after the tools that the model could
/// call. Images are named by their number, and go to judges that see them behind the text; other
/// content that is not text is named by its kind.
public final class Transcripts {

    private static final Set<String> IMAGES = Set.of("image_url", "image", "input_image");

    private Transcripts() {}

    public static String of(ChatRequest request) {
        JsonNode tree = Json.object(request.json());
        JsonNode messages = tree.path("messages");
        JsonNode tools = tree.path("tools");
        Numbers numbers = new Numbers();
        if (messages.size() == 1
                && "user".equals(messages.get(0).path("role").asText())
                && tools.isEmpty()) {
            return text(messages.get(0).path("content"), numbers);
        }
        StringBuilder transcript = new StringBuilder();
        if (!tools.isEmpty()) {
            transcript.append("[tools]\n").append(Json.text(tools)).append('\n');
        }
        for (JsonNode message : messages) {
            transcript.append('[').append(role(message)).append("]\n");
            transcript.append(text(message.path("content"), numbers)).append('\n');
            if (message.hasNonNull("tool_calls")) {
                transcript.append(Json.text(message.get("tool_calls"))).append('\n');
            }
        }
        return transcript.toString().stripTrailing();
    }

    /// The parts of a request that are images, in the order of their numbers.
    static List<JsonNode> images(ChatRequest request) {
        return request.images() ? images(Json.object(request.json())) : List.of();
    }

    static List<JsonNode> images(JsonNode request) {
        List<JsonNode> images = new ArrayList<>();
        for (JsonNode message : request.path("messages")) {
            if (message.path("content").isArray()) {
                for (JsonNode part : message.path("content")) {
                    if (isImage(part)) {
                        images.add(part);
                    }
                }
            }
        }
        return images;
    }

    private static boolean isImage(JsonNode part) {
        return IMAGES.contains(part.path("type").asText());
    }

    /// The role; of a tool's result, which call it answers.
    private static String role(JsonNode message) {
        String role = message.path("role").asText("user");
        return message.path("tool_call_id").isTextual()
                ? role + " " + message.path("tool_call_id").textValue()
                : role;
    }

    private static String text(JsonNode content, Numbers numbers) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("text").isTextual()) {
                text.append(part.path("text").textValue());
            } else if (isImage(part)) {
                text.append("[image ").append(numbers.next()).append(']');
            } else {
                text.append('[').append(part.path("type").asText("part")).append(']');
            }
        }
        return text.toString();
    }

    /// Counts the images of one transcript.
    private static final class Numbers {
        private int last;

        int next() {
            return ++last;
        }
    }
}
