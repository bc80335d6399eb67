package dev.assay.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// Where a prompt came from and when.
///
/// @param customId the user's own id of a line of a job or file
/// @param createdAt when the event was made, else when the broker got it
/// @param admittedAt when the pipeline admitted it
public record Origin(
        RecordCoordinates coordinates,
        Optional<String> customId,
        Optional<String> jobId,
        OptionalLong jobLine,
        Instant createdAt,
        Instant admittedAt) {

    /// Of a record that says nothing of itself but its time.
    public static Origin of(RecordCoordinates coordinates, Instant recordTime) {
        return new Origin(
                coordinates,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                recordTime,
                recordTime);
    }
}
