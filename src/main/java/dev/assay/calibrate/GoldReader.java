package dev.assay.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.bulk.LineSplitter;
import dev.assay.bulk.RawLine;
import dev.assay.calibrate.Gold.GoldAnswer;
import dev.assay.codec.Json;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads a file of gold labels: JSONL, either answers with a label or pairs with the better one.
public final class GoldReader {

    /// The most lines of one file; they are held in memory.
    static final int MOST_LINES = 100_000;

    static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

    private static final double BEST_LABEL = 10;

    private static final Set<String> LABELLED_KEYS =
            Set.of("id", "prompt", "reference", "answer", "model", "label", "task");
    private static final Set<String> PAIR_KEYS =
            Set.of(
                    "id",
                    "prompt",
                    "reference",
                    "answer_a",
                    "answer_b",
                    "model_a",
                    "model_b",
                    "label",
                    "task");

    private GoldReader() {}

    /// Reads the whole file.
    ///
    /// @throws InputException if it cannot be read or holds a line that is neither; the message
    ///   says which and why
    public static Gold read(Path file) throws InputException {
        if (!Files.exists(file)) {
            throw new InputException("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a folder; give a file of gold labels");
        }
        List<Gold.Item> items = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            LineSplitter lines = new LineSplitter(in, MAX_LINE_BYTES);
            for (Optional<RawLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                item(file, line.get()).ifPresent(items::add);
                if (items.size() > MOST_LINES) {
                    throw new InputException(
                            "%s holds more than %d lines; split it".formatted(file, MOST_LINES));
                }
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + FileTrouble.reason(e), e);
        }
        if (items.isEmpty()) {
            throw new InputException(file + " holds no label");
        }
        boolean pairs = items.getFirst() instanceof Gold.Pair;
        for (Gold.Item item : items) {
            if (item instanceof Gold.Pair != pairs) {
                throw bad(
                        file,
                        item.line(),
                        "it is %s, and the lines before are not; put them into a file of their own"
                                .formatted(pairs ? "an answer with a label" : "a pair"));
            }
        }
        return new Gold(file.toString(), items);
    }

    private static Optional<Gold.Item> item(Path file, RawLine raw) throws InputException {
        return switch (raw) {
            case RawLine.Whole whole when whole.blank() -> Optional.empty();
            case RawLine.Whole whole -> {
                try {
                    String text = new String(whole.bytes(), StandardCharsets.UTF_8);
                    yield Optional.of(item(raw.number(), Json.object(text)));
                } catch (Json.UnreadableJson e) {
                    throw bad(file, raw.number(), String.valueOf(e.getMessage()));
                } catch (BadGold e) {
                    throw bad(file, raw.number(), e.reason);
                }
            }
            case RawLine.TooLong tooLong ->
                    throw bad(
                            file,
                            raw.number(),
                            "it has %d bytes, and may have %d"
                                    .formatted(tooLong.length(), MAX_LINE_BYTES));
        };
    }

    private static Gold.Item item(long line, ObjectNode json) throws BadGold {
        return json.has("answer_a") || json.has("answer_b")
                ? pair(line, json)
                : labelled(line, json);
    }

    private static Gold.Item labelled(long line, ObjectNode json) throws BadGold {
        refuseUnknown(json, LABELLED_KEYS);
        JsonNode label = json.path("label");
        double value = label.isNumber() ? label.doubleValue() : -1;
        if (value < 0 || value > BEST_LABEL) {
            throw new BadGold("its label is no number from 0 to 10");
        }
        return new Gold.Labelled(
                line,
                filled(json, "prompt"),
                text(json, "reference"),
                new GoldAnswer(filled(json, "answer"), text(json, "model")),
                value);
    }

    private static Gold.Item pair(long line, ObjectNode json) throws BadGold {
        refuseUnknown(json, PAIR_KEYS);
        String label = text(json, "label").orElse("");
        if (!label.equals("a") && !label.equals("b")) {
            throw new BadGold("its label is neither \"a\" nor \"b\"");
        }
        return new Gold.Pair(
                line,
                filled(json, "prompt"),
                text(json, "reference"),
                new GoldAnswer(filled(json, "answer_a"), text(json, "model_a")),
                new GoldAnswer(filled(json, "answer_b"), text(json, "model_b")),
                label.equals("a"));
    }

    private static void refuseUnknown(ObjectNode json, Set<String> known) throws BadGold {
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!known.contains(key)) {
                throw new BadGold(
                        "its key %s is unknown; the keys are %s"
                                .formatted(key, String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    private static String filled(ObjectNode json, String key) throws BadGold {
        Optional<String> text = text(json, key).filter(found -> !found.isBlank());
        if (text.isEmpty()) {
            throw new BadGold("it has no %s; give one as text".formatted(key));
        }
        return text.get();
    }

    private static Optional<String> text(ObjectNode json, String key) {
        return Optional.of(json.path(key)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    private static InputException bad(Path file, long line, String reason) {
        return new InputException("%s, line %d: %s".formatted(file, line, reason));
    }

    private static final class BadGold extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        BadGold(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
