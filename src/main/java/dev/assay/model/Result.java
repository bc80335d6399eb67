package dev.assay.model;

import java.nio.ByteBuffer;
import java.time.Instant;

/// The one end of a prompt.
public sealed interface Result extends Waypoint {

    /// An answer was returned.
    ///
    /// @param state with all attempts, and the returned candidate as its best
    /// @param outcome graded: it passed or was not sampled; flagged: below the bar, or nobody could
    ///   grade it
    record Answered(PromptState state, Candidate returned, Grade grade, Outcome outcome)
            implements Result {}

    /// It was admitted and got no answer.
    record Failed(PromptState state, Failure failure) implements Result {}

    /// It never became a prompt.
    ///
    /// @param id the event's own id where it has a usable one, else its coordinates
    /// @param generation 1, and one more for each time it was sent again
    /// @param original the record's value as it came
    /// @param recordTime the record's timestamp
    record Rejected(
            String id,
            int generation,
            Failure failure,
            ByteBuffer original,
            RecordCoordinates coordinates,
            Instant recordTime)
            implements Result {

        /// The first of its id.
        public Rejected(
                String id,
                Failure failure,
                ByteBuffer original,
                RecordCoordinates coordinates,
                Instant recordTime) {
            this(id, 1, failure, original, coordinates, recordTime);
        }

        public Rejected withGeneration(int number) {
            return new Rejected(id, number, failure, original, coordinates, recordTime);
        }
    }

    /// Which topic an answer goes to.
    enum Outcome {
        GRADED,
        FLAGGED
    }
}
