package dev.assay.decide.job;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a job was when it was submitted.
///
/// @param id its lines have the ids `ID/1`, `ID/2`, ...
/// @param input what people call its input
/// @param tenant whose it is
/// @param deadline what is not released by then never is
/// @param maxCostUsd the most that its answers and checks together may cost
/// @param linesPartition of the topic of lines
/// @param linesOffset where its lines begin, or before
public record JobSpec(
        String id,
        String name,
        String input,
        Optional<String> tenant,
        Instant createdAt,
        Optional<Instant> deadline,
        OptionalDouble maxCostUsd,
        int linesPartition,
        long linesOffset) {}
