package dev.assay.model;

import java.util.Optional;

/// A prompt that was admitted: decoded, valid and seen for the first time.
///
/// @param id its identity; each id ends as exactly one result per generation
/// @param generation 1, and one more for each time it was sent again after a failure
/// @param reference a known good answer, for rules and judges
public record Prompt(
        String id,
        int generation,
        ChatRequest request,
        Labels labels,
        Constraints constraints,
        Optional<String> reference,
        Origin origin) {

    /// The same, sent once more after a failure.
    public Prompt withGeneration(int newGeneration) {
        return new Prompt(id, newGeneration, request, labels, constraints, reference, origin);
    }
}
