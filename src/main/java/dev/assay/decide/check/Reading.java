package dev.assay.decide.check;

/// What a judge's reply turned out to say.
public sealed interface Reading {

    /// It is a verdict.
    ///
    /// @param score 1 to 10
    /// @param reason the judge's own words, at most [VerdictReader#MAX_REASON_CHARS] characters
    record Read(double score, String reason) implements Reading {}

    /// It holds no verdict, or none that can be told from others.
    ///
    /// @param why for people; quotes nothing of the reply
    record Unreadable(String why) implements Reading {}
}
