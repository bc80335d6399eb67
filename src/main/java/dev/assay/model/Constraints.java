package dev.assay.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What bounds the work on one prompt.
///
/// @param deadline after it no call is begun
/// @param maxCostUsd the most that answers and checks together may cost
/// @param requiredTags only models bearing all of them are called, as judge and fallback too
public record Constraints(
        Optional<Instant> deadline, OptionalDouble maxCostUsd, List<String> requiredTags) {

    public static final Constraints NONE =
            new Constraints(Optional.empty(), OptionalDouble.empty(), List.of());

    public Constraints {
        requiredTags = List.copyOf(requiredTags);
    }
}
