package dev.assay.decide.job;

import java.util.OptionalDouble;

/// How one line of a job ended.
///
/// @param generation 1, and one more for each time it was sent again after a failure
/// @param grade 0 to 10, of the returned answer
public record LineEnd(
        Outcome outcome,
        int generation,
        OptionalDouble grade,
        long inputTokens,
        long outputTokens,
        double answerUsd,
        double checkUsd) {

    /// What became of the prompt.
    public enum Outcome {
        GRADED,
        FLAGGED,
        FAILED
    }

    double costUsd() {
        return answerUsd + checkUsd;
    }
}
