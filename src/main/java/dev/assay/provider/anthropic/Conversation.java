package dev.assay.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.provider.UnusableRequestException;

/// Maps the messages of a chat request.
///
/// Instructions go before the conversation, wherever they stood. Results of tools are the user's in
/// the Messages API, and must all come in the one message after the calls, so messages of one role
/// that follow each other become one.
final class Conversation {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";
    private static final String TEXT = "text";
    private static final String SOURCE = "source";
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

    Conversation(JsonNode chat) throws UnusableRequestException {
        if (!chat.isArray()) {
            throw new UnusableRequestException("its messages are no list");
        }
        for (JsonNode message : chat) {
            add(message);
        }
    }

    void putInto(ObjectNode out) {
        if (!system.isEmpty()) {
            out.set("system", system);
        }
        out.set("messages", messages);
    }

    private void add(JsonNode message) throws UnusableRequestException {
        JsonNode content = message.path("content");
        switch (message.path("role").asText(USER)) {
            case "system", "developer" -> addContent(content, system);
            case USER -> addContent(content, blocksOf(USER));
            case ASSISTANT -> addAnswer(message);
            case "tool" -> addToolResult(message);
            default ->
                    throw new UnusableRequestException(
                            "one of its messages has a role that the Messages API does not have");
        }
        dropLastIfEmpty();
    }

    private void addAnswer(JsonNode message) throws UnusableRequestException {
        ArrayNode blocks = blocksOf(ASSISTANT);
        addContent(message.path("content"), blocks);
        addText(message.path("refusal"), message, blocks);
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            ObjectNode use = blocks.addObject().put("type", "tool_use");
            use.set("id", call.path("id"));
            use.set("name", function.path("name"));
            use.set("input", input(function.path("arguments").asText("")));
        }
    }

    private void addToolResult(JsonNode message) throws UnusableRequestException {
        ObjectNode result = blocksOf(USER).addObject().put("type", "tool_result");
        result.set("tool_use_id", message.path("tool_call_id"));
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        addContent(message.path("content"), content);
        if (!content.isEmpty()) {
            result.set("content", content);
        }
    }

    /// The blocks of the last message where it is of this role, else of a new one.
    private ArrayNode blocksOf(String role) {
        if (!messages.isEmpty()
                && messages.get(messages.size() - 1) instanceof ObjectNode last
                && last.path("role").asText().equals(role)
                && last.get("content") instanceof ArrayNode blocks) {
            return blocks;
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    /// The API takes no message without content.
    private void dropLastIfEmpty() {
        int last = messages.size() - 1;
        if (last >= 0 && messages.get(last).path("content").isEmpty()) {
            messages.remove(last);
        }
    }

    private static void addContent(JsonNode content, ArrayNode blocks)
            throws UnusableRequestException {
        if (content.isArray()) {
            for (JsonNode part : content) {
                addPart(part, blocks);
            }
        } else {
            addText(content, content, blocks);
        }
    }

    private static void addPart(JsonNode part, ArrayNode blocks) throws UnusableRequestException {
        switch (part.path("type").asText(TEXT)) {
            case TEXT -> addText(part.isTextual() ? part : part.path(TEXT), part, blocks);
            case "refusal" -> addText(part.path("refusal"), part, blocks);
            case "image_url" -> addImage(part, blocks);
            case "file" -> addDocument(part, blocks);
            case "input_audio" ->
                    throw new UnusableRequestException("the Messages API takes no sound");
            // In Anthropic's own form.
            default -> blocks.add(part);
        }
    }

    /// The API takes no empty text.
    private static void addText(JsonNode text, JsonNode part, ArrayNode blocks) {
        if (text.isTextual() && !text.textValue().isEmpty()) {
            ObjectNode block = blocks.addObject().put("type", TEXT);
            block.set(TEXT, text);
            copyCacheControl(part, block);
        }
    }

    private static void addImage(JsonNode part, ArrayNode blocks) throws UnusableRequestException {
        JsonNode image = part.path("image_url");
        String url = image.isTextual() ? image.textValue() : image.path("url").asText("");
        ObjectNode block = blocks.addObject().put("type", "image");
        if (url.startsWith(DATA)) {
            putData(url, block.putObject(SOURCE));
        } else {
            block.putObject(SOURCE).put("type", "url").put("url", url);
        }
        copyCacheControl(part, block);
    }

    private static void addDocument(JsonNode part, ArrayNode blocks)
            throws UnusableRequestException {
        JsonNode file = part.path("file");
        ObjectNode block = blocks.addObject().put("type", "document");
        putData(file.path("file_data").asText(""), block.putObject(SOURCE));
        if (file.path("filename").isTextual()) {
            block.set("title", file.path("filename"));
        }
        copyCacheControl(part, block);
    }

    /// From `data:image/png;base64,…`.
    private static void putData(String url, ObjectNode source) throws UnusableRequestException {
        int end = url.indexOf(BASE64);
        if (!url.startsWith(DATA) || end < 0) {
            throw new UnusableRequestException(
                    "one of its images or files is neither at an http address nor in a data: URL"
                            + " of base64");
        }
        source.put("type", "base64");
        source.put("media_type", url.substring(DATA.length(), end));
        source.put("data", url.substring(end + BASE64.length()));
    }

    private static JsonNode input(String arguments) throws UnusableRequestException {
        if (arguments.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return JSON.readTree(arguments);
        } catch (JsonProcessingException e) {
            throw new UnusableRequestException(
                    "the arguments of one of its tool calls are no valid JSON");
        }
    }

    private static void copyCacheControl(JsonNode part, ObjectNode block) {
        if (part.path("cache_control").isObject()) {
            block.set("cache_control", part.path("cache_control"));
        }
    }
}
