package dev.assay.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.PromptCodec.Reading;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.RecordCoordinates;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Makes a prompt of a line's content, or says why it is none.
final class PromptLines {

    /// Where the prompt itself is; a line has one of them. `body` is what batch lines call their
    /// request.
    static final List<String> CONTENT_FIELDS = List.of("prompt", "messages", "request", "body");

    static final Set<String> JSON_FIELDS =
            Set.of("messages", "request", "body", "options", "metadata", "required_tags");
    private static final Set<String> OTHER_FIELDS =
            Set.of(
                    "id",
                    "custom_id",
                    "method",
                    "url",
                    "task",
                    "tenant",
                    "reference",
                    "route",
                    "options",
                    "metadata",
                    "deadline",
                    "max_cost_usd",
                    "required_tags");
    private static final Set<String> BATCH_URLS =
            Set.of("/v1/chat/completions", "/chat/completions");
    private static final int MAX_IGNORED_FIELDS = 20;

    private final int maxIdChars;
    private final PromptCodec codec;
    private final Set<String> ignoredFields = new TreeSet<>();

    /// @param maxIdChars the longest id accepted
    PromptLines(int maxIdChars) {
        this.maxIdChars = maxIdChars;
        this.codec = new PromptCodec(maxIdChars);
    }

    /// Fields met that mean nothing here; the first few of them.
    Set<String> ignoredFields() {
        return Collections.unmodifiableSet(ignoredFields);
    }

    static boolean isField(String name) {
        return CONTENT_FIELDS.contains(name) || OTHER_FIELDS.contains(name);
    }

    static String idOf(long number) {
        return "line-" + number;
    }

    static InputLine.Invalid invalid(
            long number, Optional<String> ownId, FailureCode code, String reason) {
        return new InputLine.Invalid(
                number,
                ownId.orElseGet(() -> idOf(number)),
                ownId,
                new Failure(code, "line " + number + ": " + reason));
    }

    InputLine ofText(long number, String text) {
        PromptEvent event =
                PromptEvent.newBuilder()
                        .setId(idOf(number))
                        .setMessages(List.of(new Message("user", text)))
                        .setPriority(Priority.BULK)
                        .build();
        return admitted(number, Optional.empty(), event);
    }

    InputLine ofJson(long number, String text) {
        try {
            return ofObject(number, Json.object(text));
        } catch (UnreadableJson e) {
            return invalid(
                    number,
                    Optional.empty(),
                    FailureCode.INVALID_INPUT,
                    String.valueOf(e.getMessage()).replace("at line 1, column", "at column"));
        }
    }

    InputLine ofObject(long number, ObjectNode line) {
        Optional<String> ownId = Optional.empty();
        try {
            ownId = ownId(line);
            return admitted(number, ownId, event(line, ownId.orElseGet(() -> idOf(number)), ownId));
        } catch (BadLine e) {
            return invalid(number, ownId, FailureCode.INVALID_INPUT, e.reason());
        }
    }

    /// What the pipeline would refuse is refused here already, without a round trip.
    private InputLine admitted(long number, Optional<String> ownId, PromptEvent event) {
        RecordCoordinates nowhere = new RecordCoordinates("input", 0, number);
        return switch (codec.read(event, nowhere, Instant.EPOCH, Instant.EPOCH)) {
            case Reading.Valid ignored -> new InputLine.Valid(number, event);
            case Reading.Invalid invalid ->
                    invalid(number, ownId, FailureCode.INVALID_INPUT, invalid.reason());
        };
    }

    private Optional<String> ownId(ObjectNode line) throws BadLine {
        for (String name : List.of("custom_id", "id")) {
            Optional<String> id = LineFields.text(line, name);
            if (id.isPresent() && id.get().isBlank()) {
                throw new BadLine("its " + name + " is empty; give it a value or leave it out");
            }
            if (id.isPresent() && id.get().length() > maxIdChars) {
                throw new BadLine(
                        "its %s has %d characters, more than the %d allowed"
                                .formatted(name, id.get().length(), maxIdChars));
            }
            if (id.isPresent()) {
                return id;
            }
        }
        return Optional.empty();
    }

    private PromptEvent event(ObjectNode line, String id, Optional<String> ownId) throws BadLine {
        noteIgnoredFields(line);
        PromptEvent.Builder event = PromptEvent.newBuilder().setId(id).setPriority(Priority.BULK);
        ownId.ifPresent(event::setCustomId);
        setContent(event, line);
        LineFields.object(line, "options").map(Json::text).ifPresent(event::setOptions);
        LineFields.text(line, "task").ifPresent(event::setTask);
        LineFields.text(line, "tenant").ifPresent(event::setTenant);
        LineFields.text(line, "route").ifPresent(event::setRoute);
        LineFields.text(line, "reference").ifPresent(event::setReference);
        LineFields.time(line, "deadline").ifPresent(event::setDeadline);
        LineFields.number(line, "max_cost_usd").ifPresent(event::setMaxCostUsd);
        event.setRequiredTags(LineFields.strings(line, "required_tags"));
        event.setMetadata(LineFields.texts(line, "metadata"));
        return event.build();
    }

    private static void setContent(PromptEvent.Builder event, ObjectNode line) throws BadLine {
        requireChatCompletion(line);
        List<String> given =
                CONTENT_FIELDS.stream()
                        .filter(name -> !LineFields.absent(line.path(name)))
                        .toList();
        if (given.size() != 1) {
            throw new BadLine(
                    given.isEmpty()
                            ? "it has no prompt; give it one of "
                                    + String.join(", ", CONTENT_FIELDS)
                            : "it has " + String.join(" and ", given) + "; give it one of them");
        }
        String name = given.getFirst();
        switch (name) {
            case "prompt" ->
                    LineFields.text(line, name)
                            .ifPresent(
                                    text -> event.setMessages(List.of(new Message("user", text))));
            case "messages" -> setMessages(event, line.path(name));
            default -> LineFields.object(line, name).map(Json::text).ifPresent(event::setRequest);
        }
    }

    /// The lines of OpenAI's batch files say which endpoint they are for.
    private static void requireChatCompletion(ObjectNode line) throws BadLine {
        Optional<String> method = LineFields.text(line, "method");
        if (method.isPresent() && !"POST".equalsIgnoreCase(method.get())) {
            throw new BadLine("its method is " + method.get() + "; only POST is known");
        }
        Optional<String> url = LineFields.text(line, "url");
        if (url.isPresent() && !BATCH_URLS.contains(url.get())) {
            throw new BadLine("its url is " + url.get() + "; only /v1/chat/completions is known");
        }
    }

    /// Plain messages as they are; messages with parts, tool calls or names as a request, so that
    /// nothing is lost.
    private static void setMessages(PromptEvent.Builder event, JsonNode messages) throws BadLine {
        if (!messages.isArray()) {
            throw new BadLine("its messages are not a JSON array");
        }
        List<Message> plain = new ArrayList<>();
        for (JsonNode message : messages) {
            if (message.size() == 2
                    && message.path("role").isTextual()
                    && message.path("content").isTextual()) {
                plain.add(
                        new Message(
                                message.path("role").textValue(),
                                message.path("content").textValue()));
            }
        }
        if (plain.size() == messages.size()) {
            event.setMessages(plain);
        } else {
            ObjectNode request = Json.MAPPER.createObjectNode();
            request.set("messages", messages);
            event.setRequest(Json.text(request));
        }
    }

    private void noteIgnoredFields(ObjectNode line) {
        line.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!isField(name) && ignoredFields.size() < MAX_IGNORED_FIELDS) {
                                ignoredFields.add(name);
                            }
                        });
    }
}
