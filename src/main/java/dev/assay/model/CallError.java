package dev.assay.model;

/// What went wrong with a call, for people and for results. Holds neither keys nor prompt text.
///
/// @param code what kind of failure it is for a prompt that finds no other way
/// @param message what happened, where, and what to do
public record CallError(FailureCode code, String message) {}
