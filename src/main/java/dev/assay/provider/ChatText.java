package dev.assay.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is to be read in a chat completions request, for those who cannot pass it on as it is.
///
/// @param model the model it names
/// @param stream it asks for its answer piece by piece
/// @param messages in their order
public record ChatText(Optional<String> model, boolean stream, List<Message> messages) {

    public ChatText {
        messages = List.copyOf(messages);
    }

    /// One message.
    ///
    /// @param text its text; that of all parts where its content has parts
    /// @param onlyText no part of it is an image, a sound or a file
    public record Message(String role, String text, boolean onlyText) {}

    /// Reads a request.
    ///
    /// @throws IOException if it is not a JSON object
    public static ChatText parse(String chatJson) throws IOException {
        try (JsonParser json = JsonText.FACTORY.createParser(chatJson)) {
            return parse(json);
        }
    }

    /// Reads a request in UTF-8.
    ///
    /// @throws IOException if it is not a JSON object
    public static ChatText parse(byte[] chatJson, int offset, int length) throws IOException {
        try (JsonParser json = JsonText.FACTORY.createParser(chatJson, offset, length)) {
            return parse(json);
        }
    }

    /// Characters of text in all messages.
    public int chars() {
        int chars = 0;
        for (Message message : messages) {
            chars += message.text.length();
        }
        return chars;
    }

    private static ChatText parse(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
        Optional<String> model = Optional.empty();
        boolean stream = false;
        List<Message> messages = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "model" -> model = text(json);
                case "stream" -> stream = json.currentToken() == JsonToken.VALUE_TRUE;
                case "messages" -> messages = messages(json);
                default -> json.skipChildren();
            }
        }
        return new ChatText(model, stream, messages);
    }

    private static List<Message> messages(JsonParser json) throws IOException {
        List<Message> messages = new ArrayList<>();
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return messages;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                messages.add(message(json));
            } else {
                json.skipChildren();
            }
        }
        return messages;
    }

    private static Message message(JsonParser json) throws IOException {
        Optional<String> role = Optional.empty();
        StringBuilder text = new StringBuilder();
        boolean onlyText = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "role" -> role = text(json);
                case "content" -> onlyText = appendContent(json, text);
                default -> json.skipChildren();
            }
        }
        return new Message(role.orElse("user"), text.toString(), onlyText);
    }

    /// Appends the text of a message's content, and tells whether that was all of it.
    private static boolean appendContent(JsonParser json, StringBuilder text) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            text(json).ifPresent(text::append);
            return true;
        }
        boolean onlyText = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                onlyText &= appendPart(json, text);
            } else {
                text(json).ifPresent(text::append);
            }
        }
        return onlyText;
    }

    private static boolean appendPart(JsonParser json, StringBuilder text) throws IOException {
        boolean hasText = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            Optional<String> value = text(json);
            if (field.equals("text") && value.isPresent()) {
                text.append(value.get());
                hasText = true;
            }
        }
        return hasText;
    }

    private static Optional<String> text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return Optional.of(json.getText());
        }
        json.skipChildren();
        return Optional.empty();
    }
}
