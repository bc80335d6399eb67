package dev.assay.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.codec.Json;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads pairs with recorded verdicts: `{"label": "a"|"b", "group"?, "verdicts": {JUDGE: {"ab":
/// "a"|"b"|"tie", "ba": …}}}` a line. Other keys are let be.
public final class VotesReader {

    private static final int MOST_LINES = 100_000;
    private static final String A = "a";
    private static final String B = "b";
    private static final String NEITHER = "tie";

    private VotesReader() {}

    /// @throws InputException if it cannot be read or holds a line that is none; the message says
    ///   which and why
    public static Votes read(Path file) throws InputException {
        List<Votes.Line> lines = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                if (!text.isBlank()) {
                    lines.add(line(file, number, text));
                }
                if (lines.size() > MOST_LINES) {
                    throw new InputException(
                            "%s holds more than %d lines; split it".formatted(file, MOST_LINES));
                }
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + FileTrouble.reason(e), e);
        }
        if (lines.size() < 2) {
            throw new InputException(
                    file + " holds fewer than two pairs; one half chooses, the other scores");
        }
        Map<String, Integer> judges = new TreeMap<>();
        lines.forEach(line -> line.right().keySet().forEach(j -> judges.merge(j, 1, Integer::sum)));
        return new Votes(file.toString(), List.copyOf(judges.keySet()), lines);
    }

    private static Votes.Line line(Path file, int number, String text) throws InputException {
        ObjectNode json;
        try {
            json = Json.object(text);
        } catch (Json.UnreadableJson e) {
            throw bad(file, number, String.valueOf(e.getMessage()));
        }
        String label = json.path("label").asText();
        if (!label.equals(A) && !label.equals(B)) {
            throw bad(file, number, "its label is neither \"a\" nor \"b\"");
        }
        Map<String, Double> right = new HashMap<>();
        for (Map.Entry<String, JsonNode> judge : json.path("verdicts").properties()) {
            double ab = share(file, number, judge, "ab", label);
            double ba = share(file, number, judge, "ba", label);
            right.put(judge.getKey(), (ab + ba) / 2);
        }
        if (right.isEmpty()) {
            throw bad(
                    file,
                    number,
                    "it has no verdicts; give {\"verdicts\": {JUDGE: {\"ab\": \"a\", \"ba\": \"b\"}}}");
        }
        return new Votes.Line(json.path("group").asText(), right);
    }

    private static double share(
            Path file, int number, Map.Entry<String, JsonNode> judge, String order, String label)
            throws InputException {
        String said = judge.getValue().path(order).asText();
        if (said.equals(NEITHER)) {
            return Votes.TIE;
        }
        if (!said.equals(A) && !said.equals(B)) {
            throw bad(
                    file,
                    number,
                    "verdict %s of judge %s is none of a, b and tie"
                            .formatted(order, judge.getKey()));
        }
        return said.equals(label) ? 1 : 0;
    }

    private static InputException bad(Path file, int number, String reason) {
        return new InputException("%s, line %d: %s".formatted(file, number, reason));
    }
}
