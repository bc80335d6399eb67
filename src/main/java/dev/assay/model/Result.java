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
    /// @param labels of the event; none where it could not be decoded
    record Rejected(
            String id,
            int generation,
            Failure failure,
            ByteBuffer original,
            Labels labels,
            Origin origin)
            implements Result {

        /// The first of its id.
        public Rejected(
                String id, Failure failure, ByteBuffer original, Labels labels, Origin origin) {
            this(id, 1, failure, original, labels, origin);
        }

        /// Of a record that is no event.
        public static Rejected undecodable(
                RecordCoordinates coordinates,
                String reason,
                ByteBuffer original,
                Instant recordTime) {
            return new Rejected(
                    coordinates.toString(),
                    new Failure(FailureCode.UNDECODABLE, reason),
                    original,
                    Labels.NONE,
                    Origin.of(coordinates, recordTime));
        }

        public Rejected withGeneration(int number) {
            return new Rejected(id, number, failure, original, labels, origin);
        }

        public RecordCoordinates coordinates() {
            return origin.coordinates();
        }
    }

    /// Which topic an answer goes to.
    enum Outcome {
        GRADED,
        FLAGGED
    }
}
