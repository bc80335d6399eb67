package dev.assay.decide.job;

import dev.assay.model.FailureCode;

/// That nothing more of a job is to be begun.
///
/// @param code that its remaining lines fail with: cancelled, deadline exceeded or over budget
/// @param reason for people
public record Stop(FailureCode code, String reason) {}
