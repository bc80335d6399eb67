package dev.assay.backtest;

import java.util.Map;
import java.util.OptionalLong;

/// What one judge said of the answers to a prompt.
///
/// @param scores 1 to 10 by answering model; none for an answer it did not grade
/// @param inputTokens of one verdict, where recorded
/// @param outputTokens of one verdict, where recorded
public record RecordedGrades(
        Map<String, Double> scores, OptionalLong inputTokens, OptionalLong outputTokens) {

    public RecordedGrades {
        scores = Map.copyOf(scores);
    }
}
