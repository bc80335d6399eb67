package dev.assay.model;

import java.util.Optional;

/// How the one answer of an ensemble comes from those of its members.
public sealed interface EnsemblePick {

    /// The answer of the best grade; all are judged.
    record Best() implements EnsemblePick {}

    /// The answer that judges prefer to most others, compared two by two and in both orders; of
    /// those that come out alike, the one of the best grade. Only those are judged.
    record Pairwise() implements EnsemblePick {}

    /// An answer that says what most of them say; it alone is judged.
    ///
    /// @param by what of the answers is compared; where empty, what most of them have
    record Vote(Optional<Rule.Comparison> by) implements EnsemblePick {}

    /// A new answer by a model that reads them all; it alone is judged.
    ///
    /// @param model who writes it
    record Fuse(String model) implements EnsemblePick {}
}
