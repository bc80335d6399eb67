package dev.assay.model;

/// The one end of a prompt.
public sealed interface Result extends Waypoint {

    /// An answer was returned.
    ///
    /// @param state with all attempts, and the returned candidate as its best
    /// @param outcome graded: it passed or was not sampled; flagged: below the bar, or nobody could
    ///   grade it
    record Answered(PromptState state, Candidate returned, Grade grade, Outcome outcome)
            implements Result {}

    /// No answer.
    record Failed(PromptState state, Failure failure) implements Result {}

    /// Which topic an answer goes to.
    enum Outcome {
        GRADED,
        FLAGGED
    }
}
