package dev.assay.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fields of a line by their types; null is the same as absent.
final class LineFields {

    private LineFields() {}

    /// A string, or a number or boolean as text: ids and references are often numbers.
    static Optional<String> text(ObjectNode line, String name) throws BadLine {
        JsonNode value = line.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw wrong(name, "a string");
        }
        return Optional.of(value.asText());
    }

    static Optional<ObjectNode> object(ObjectNode line, String name) throws BadLine {
        JsonNode value = line.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(object);
        }
        throw wrong(name, "a JSON object");
    }

    static List<String> strings(ObjectNode line, String name) throws BadLine {
        JsonNode value = line.path(name);
        List<String> strings = new ArrayList<>();
        if (absent(value)) {
            return strings;
        }
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw wrong(name, "a JSON array of strings");
            }
            strings.add(element.textValue());
        }
        if (!value.isArray()) {
            throw wrong(name, "a JSON array of strings");
        }
        return strings;
    }

    /// An object whose values become text: strings as they are, anything else as JSON.
    static Map<String, String> texts(ObjectNode line, String name) throws BadLine {
        Map<String, String> texts = new LinkedHashMap<>();
        object(line, name)
                .ifPresent(
                        object ->
                                object.properties()
                                        .forEach(
                                                entry ->
                                                        texts.put(
                                                                entry.getKey(),
                                                                asText(entry.getValue()))));
        return texts;
    }

    static Optional<Double> number(ObjectNode line, String name) throws BadLine {
        Optional<String> text = text(line, name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.valueOf(text.get()));
        } catch (NumberFormatException e) {
            throw wrong(name, "a number");
        }
    }

    /// Milliseconds since 1970, or a time such as 2026-01-31T12:00:00Z.
    static Optional<Instant> time(ObjectNode line, String name) throws BadLine {
        Optional<String> text = text(line, name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    line.path(name).isIntegralNumber()
                            ? Instant.ofEpochMilli(line.path(name).longValue())
                            : Instant.parse(text.get()));
        } catch (DateTimeException e) {
            throw wrong(name, "a time such as 2026-01-31T12:00:00Z or milliseconds since 1970");
        }
    }

    static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String asText(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.text(value);
    }

    private static BadLine wrong(String name, String expected) {
        return new BadLine("its " + name + " is not " + expected);
    }
}
