package dev.assay.model;

/// Why a prompt ended without an answer.
///
/// @param message what happened, where, and what to do; without keys and prompt text
public record Failure(FailureCode code, String message) {}
