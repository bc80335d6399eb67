package dev.assay.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.Json.UnreadableJson;
import dev.assay.model.ChatRequest;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Chat completions requests: read from events.
public final class ChatRequests {

    private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Integer.MAX_VALUE);

    private ChatRequests() {}

    /// The request of an event, whichever way it is given, with the event's options over it.
    ///
    /// @throws InvalidEvent if it is no request a model could be asked
    static ChatRequest of(PromptEvent event) {
        List<Message> messages = event.getMessages();
        String request = event.getRequest();
        if (request == null && event.getOptions() == null) {
            return ofMessages(messages);
        }
        if (request != null && !messages.isEmpty()) {
            throw new InvalidEvent("it has both messages and request; send one of them");
        }
        ObjectNode tree =
                request == null
                        ? object("messages", ofMessages(messages).json())
                        : object("request", request);
        if (event.getOptions() != null) {
            ObjectNode options = object("options", event.getOptions());
            if (options.has("messages")) {
                throw new InvalidEvent("its options hold messages; send those as messages");
            }
            tree.setAll(options);
        }
        return ofTree(
                tree, event.getOptions() == null && request != null ? request : Json.text(tree));
    }

    /// A request with one user message.
    ///
    /// @param text not blank
    public static ChatRequest ofUser(String text) {
        return ofMessages(List.of(new Message("user", text)));
    }

    /// A request with a system message before all others.
    public static ChatRequest withSystem(ChatRequest request, String system) {
        ObjectNode tree = Json.object(request.json());
        ObjectNode message =
                Json.MAPPER.createObjectNode().put("role", "system").put("content", system);
        tree.withArray("messages").insert(0, message);
        return new ChatRequest(
                Json.text(tree),
                request.chars() + system.length(),
                request.maxOutputTokens(),
                request.images());
    }

    /// The temperature that a request sets, if any.
    public static OptionalDouble temperature(ChatRequest request) {
        JsonNode temperature = Json.object(request.json()).path("temperature");
        return temperature.isNumber()
                ? OptionalDouble.of(temperature.doubleValue())
                : OptionalDouble.empty();
    }

    /// What the user asks last; the whole conversation where no message of a user has text.
    public static String lastQuestion(ChatRequest request) {
        JsonNode messages = Json.object(request.json()).path("messages");
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode message = messages.get(i);
            String text = contentText(message.path("content"));
            if ("user".equals(message.path("role").asText()) && !text.isBlank()) {
                return text;
            }
        }
        return Transcripts.of(request);
    }

    private static ChatRequest ofMessages(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new InvalidEvent(
                    "it has neither messages nor request; send at least one message");
        }
        int chars = 0;
        boolean blank = true;
        StringWriter json = new StringWriter();
        try (JsonGenerator out = Json.MAPPER.getFactory().createGenerator(json)) {
            out.writeStartObject();
            out.writeArrayFieldStart("messages");
            for (Message message : messages) {
                out.writeStartObject();
                out.writeStringField("role", message.getRole());
                out.writeStringField("content", message.getContent());
                out.writeEndObject();
                chars += message.getContent().length();
                blank &= message.getContent().isBlank();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string could not be written to", e);
        }
        if (blank) {
            throw new InvalidEvent("its prompt is empty; send a message with text");
        }
        return new ChatRequest(json.toString(), chars, OptionalInt.empty());
    }

    private static ChatRequest ofTree(ObjectNode tree, String json) {
        if (!(tree.get("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw new InvalidEvent("its request has no messages; send at least one");
        }
        int chars = 0;
        boolean blank = true;
        for (JsonNode message : messages) {
            if (!message.isObject()) {
                throw new InvalidEvent("its request has a message that is no JSON object");
            }
            String text = contentText(message.path("content"));
            chars += text.length();
            blank &= text.isBlank();
        }
        if (blank) {
            throw new InvalidEvent("its prompt is empty; send a message with text");
        }
        // Of several answers all but one would be paid for in vain, and past what was set aside.
        requireOne(tree, "n");
        requireOne(tree, "best_of");
        return new ChatRequest(
                json, chars, maxOutputTokens(tree), !Transcripts.images(tree).isEmpty());
    }

    private static void requireOne(ObjectNode tree, String field) {
        JsonNode count = tree.path(field);
        boolean unset = count.isMissingNode() || count.isNull();
        if (unset || (count.isNumber() && count.decimalValue().compareTo(BigDecimal.ONE) == 0)) {
            return;
        }
        String asked =
                count.isNumber()
                        ? "asks for " + field + " = " + count
                        : "has a field " + field + " that is no number";
        throw new InvalidEvent("its request " + asked + "; one prompt has one answer");
    }

    /// Of two limits the larger one: which of them a provider gets depends on the model, and
    /// budgets must bear either.
    private static OptionalInt maxOutputTokens(ObjectNode tree) {
        OptionalInt newer = tokens(tree, "max_completion_tokens");
        OptionalInt older = tokens(tree, "max_tokens");
        return newer.isPresent() && older.isPresent()
                ? OptionalInt.of(Math.max(newer.getAsInt(), older.getAsInt()))
                : newer.isPresent() ? newer : older;
    }

    /// A limit that providers read each in their own way (-1 is none to some, a text is a number to
    /// others) would let an answer cost more than was set aside for it.
    private static OptionalInt tokens(ObjectNode tree, String field) {
        JsonNode limit = tree.path(field);
        if (limit.isMissingNode() || limit.isNull()) {
            return OptionalInt.empty();
        }
        BigDecimal tokens = limit.isNumber() ? limit.decimalValue() : BigDecimal.ZERO;
        if (tokens.signum() <= 0 || tokens.stripTrailingZeros().scale() > 0) {
            throw new InvalidEvent(
                    "its request has a "
                            + field
                            + " that is no whole number above 0; give one, or leave it out");
        }
        return OptionalInt.of(tokens.min(MOST_TOKENS).intValueExact());
    }

    /// Text of a message's content: a string, or the text of its parts.
    private static String contentText(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            String kind = part.path("type").asText("part");
            text.append(
                    part.path("text").isTextual()
                            ? part.path("text").textValue()
                            : "[" + kind + "]");
        }
        return text.toString();
    }

    private static ObjectNode object(String field, String json) {
        try {
            return Json.object(json);
        } catch (UnreadableJson e) {
            throw new InvalidEvent("its " + field + " cannot be used: " + e.getMessage());
        }
    }

    /// An event was decoded and is no prompt.
    static final class InvalidEvent extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        InvalidEvent(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
