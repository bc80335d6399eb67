package dev.assay.model;

/// Which of two candidates a judge prefers, that saw them in this order.
///
/// @param first the index of the candidate that it saw first
/// @param second the index of the other
public record Preference(int first, int second, String judge, Choice choice) {

    /// Which one it is, by the order in which they were seen.
    public enum Choice {
        FIRST,
        SECOND,
        TIE
    }
}
