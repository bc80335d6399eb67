package dev.assay.backtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Reads one line of a file of records.
final class RecordParser {

    private static final double LOWEST_SCORE = 1;
    private static final double HIGHEST_SCORE = 10;
    private static final double MOST_TOKENS = 1e9;
    private static final double MOST_USD = 1e6;
    private static final String INPUT_TOKENS = "input_tokens";
    private static final String OUTPUT_TOKENS = "output_tokens";

    private RecordParser() {}

    /// @throws BadRecord if the line is no record; the message says why, and quotes no prompt
    static RecordedPrompt parse(String line) {
        ObjectNode record = object(line);
        String id = text(record, "id");
        String prompt = text(record, "prompt");
        Map<String, RecordedAnswer> answers = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : members(record, "answers").entrySet()) {
            answers.put(entry.getKey(), answer("answers." + entry.getKey(), entry.getValue()));
        }
        if (answers.isEmpty()) {
            throw new BadRecord("it has no answers; record at least one model's");
        }
        Map<String, RecordedGrades> grades = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : members(record, "grades").entrySet()) {
            grades.put(entry.getKey(), grades("grades." + entry.getKey(), entry.getValue()));
        }
        return new RecordedPrompt(
                id,
                prompt,
                optionalText(record, "task"),
                optionalText(record, "reference"),
                answers,
                grades);
    }

    private static RecordedAnswer answer(String where, JsonNode node) {
        if (!(node instanceof ObjectNode answer)) {
            throw new BadRecord(where + " is no JSON object");
        }
        OptionalDouble correct = number(where, answer, "correct", 0, 1);
        if (correct.isPresent() && correct.getAsDouble() != 0 && correct.getAsDouble() != 1) {
            throw new BadRecord(where + ".correct is neither 0 nor 1 nor null");
        }
        return new RecordedAnswer(
                optionalText(answer, "text"),
                tokens(where, answer, INPUT_TOKENS).orElseThrow(() -> missing(where, INPUT_TOKENS)),
                tokens(where, answer, OUTPUT_TOKENS)
                        .orElseThrow(() -> missing(where, OUTPUT_TOKENS)),
                number(where, answer, "cost_usd", 0, MOST_USD),
                correct,
                number(where, answer, "score", LOWEST_SCORE, HIGHEST_SCORE));
    }

    private static RecordedGrades grades(String where, JsonNode node) {
        if (!(node instanceof ObjectNode judge)) {
            throw new BadRecord(where + " is no JSON object");
        }
        Map<String, Double> scores = new HashMap<>();
        judge.fieldNames()
                .forEachRemaining(
                        model -> {
                            if (!model.equals(INPUT_TOKENS) && !model.equals(OUTPUT_TOKENS)) {
                                number(where, judge, model, LOWEST_SCORE, HIGHEST_SCORE)
                                        .ifPresent(score -> scores.put(model, score));
                            }
                        });
        return new RecordedGrades(
                scores, tokens(where, judge, INPUT_TOKENS), tokens(where, judge, OUTPUT_TOKENS));
    }

    private static ObjectNode object(String line) {
        try {
            return Json.object(line);
        } catch (UnreadableJson e) {
            throw new BadRecord(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, JsonNode> members(ObjectNode record, String key) {
        JsonNode node = record.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!(node instanceof ObjectNode object)) {
            throw new BadRecord(key + " is no JSON object");
        }
        Map<String, JsonNode> members = new HashMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    private static String text(ObjectNode record, String key) {
        return optionalText(record, key)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new BadRecord("it has no " + key));
    }

    private static Optional<String> optionalText(ObjectNode record, String key) {
        JsonNode node = record.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw new BadRecord(key + " is no text");
        }
        return Optional.of(node.textValue());
    }

    private static OptionalLong tokens(String where, ObjectNode node, String key) {
        OptionalDouble tokens = number(where, node, key, 0, MOST_TOKENS);
        return tokens.isPresent()
                ? OptionalLong.of(Math.round(tokens.getAsDouble()))
                : OptionalLong.empty();
    }

    private static OptionalDouble number(
            String where, ObjectNode node, String key, double lowest, double highest) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber() || value.doubleValue() < lowest || value.doubleValue() > highest) {
            throw new BadRecord(
                    "%s.%s is no number from %.0f to %.0f".formatted(where, key, lowest, highest));
        }
        return OptionalDouble.of(value.doubleValue());
    }

    private static BadRecord missing(String where, String key) {
        return new BadRecord(where + " has no " + key);
    }

    /// A line that is no record.
    static final class BadRecord extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        BadRecord(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
