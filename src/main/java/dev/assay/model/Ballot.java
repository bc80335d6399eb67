package dev.assay.model;

/// How a member of an ensemble voted.
///
/// @param attempt the index of its attempt in the prompt's attempts
/// @param elected its final answer is that of the winner
public record Ballot(int attempt, boolean elected) {

    /// By whom the verdict of a vote is.
    public static final String VOTE = "vote";
}
