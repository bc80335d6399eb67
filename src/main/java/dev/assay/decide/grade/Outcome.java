package dev.assay.decide.grade;

import dev.assay.model.PromptState;
import dev.assay.model.Result;

/// What becomes of a prompt after a round.
public sealed interface Outcome {

    /// It has its result.
    record Ended(Result.Answered result) implements Outcome {}

    /// It goes back to assign for another round.
    record Escalated(PromptState state) implements Outcome {}
}
