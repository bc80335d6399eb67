package dev.assay.http;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;

import java.util.Optional;

/// The result of a prompt that somebody waits for.
public sealed interface Reply {

    /// Whose prompt it was.
    Optional<String> tenant();

    /// A result, and whose prompt was sent here. A failed prompt need not tell that itself.
    ///
    /// @param bytes that it takes, as its record counts them
    record Owned(String id, Optional<String> owner, Reply reply, int bytes) {}

    record Answered(GradedAnswer answer) implements Reply {
        @Override
        public Optional<String> tenant() {
            return Optional.ofNullable(answer.getTenant());
        }
    }

    record Failed(FailedPrompt failed) implements Reply {
        @Override
        public Optional<String> tenant() {
            return Optional.ofNullable(failed.getTenant());
        }
    }
}
