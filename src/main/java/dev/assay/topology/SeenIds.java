package dev.assay.topology;

import dev.assay.avro.SeenPrompt;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/// What entries of the store of seen ids mean.
final class SeenIds {

    static final int FIRST_GENERATION = 1;

    private static final int NEVER_ADMITTED = 0;
    private static final long NEVER_REDRIVEN = -1;

    private SeenIds() {}

    static SeenPrompt admitted(Instant now, RecordCoordinates coordinates) {
        return new SeenPrompt(
                now,
                FIRST_GENERATION,
                coordinates.topic(),
                coordinates.partition(),
                coordinates.offset(),
                NEVER_REDRIVEN,
                null);
    }

    /// Of an id that was cancelled before anything with it came.
    static SeenPrompt neverAdmitted(Instant now) {
        return new SeenPrompt(now, NEVER_ADMITTED, "", -1, -1L, NEVER_REDRIVEN, null);
    }

    static SeenPrompt withCancelledFor(SeenPrompt entry, @Nullable String tenant) {
        return SeenPrompt.newBuilder(entry).setCancelledFor(tenant).build();
    }

    static boolean wasAdmitted(SeenPrompt entry) {
        return entry.getGeneration() != NEVER_ADMITTED;
    }

    static RecordCoordinates coordinates(SeenPrompt entry) {
        return new RecordCoordinates(entry.getTopic(), entry.getPartition(), entry.getOffset());
    }

    /// Whether this very prompt was cancelled.
    static boolean cancelled(SeenPrompt entry, PromptState state) {
        return Optional.ofNullable(entry.getCancelledFor())
                .map(CancelMark::read)
                .filter(mark -> mark.means(state))
                .isPresent();
    }

    /// How a prompt ends that was cancelled.
    static Result.Failed cancelled(PromptState state) {
        return new Result.Failed(
                state,
                new Failure(
                        FailureCode.CANCELLED,
                        "whoever waited for it is gone; nothing more was called"));
    }
}
