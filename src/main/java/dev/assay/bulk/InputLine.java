package dev.assay.bulk;

import dev.assay.avro.PromptEvent;
import dev.assay.model.Failure;

import java.util.Optional;

/// One line of an input that is not blank.
public sealed interface InputLine {

    /// From 1; where a record spans several lines (CSV), its first.
    long number();

    /// The user's own id, or `line-N` where there is none.
    String id();

    /// A prompt the pipeline would admit.
    ///
    /// @param event without a job; whoever sends it adds that
    record Valid(long number, PromptEvent event) implements InputLine {
        @Override
        public String id() {
            return event.getId();
        }
    }

    /// A line that is no prompt: that prompt's failure, never the job's.
    ///
    /// @param customId the user's own id, where one could be read
    /// @param failure says the line and the reason
    record Invalid(long number, String id, Optional<String> customId, Failure failure)
            implements InputLine {}
}
