package dev.assay.model;

/// How a member of an ensemble voted.
///
/// @param attempt the index of its attempt in the prompt's attempts
/// @param elected its final answer is that of the winner
public record Ballot(int attempt, boolean elected) {}
