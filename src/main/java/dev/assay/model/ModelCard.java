package dev.assay.model;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What decisions know of a configured model.
///
/// @param name its name in the topology file
/// @param identity which model of which provider answers; entries that share it are one model
/// @param family who made it; a family does not grade its own where another judge is named
/// @param contextTokens the most input and output tokens together
/// @param maxOutputTokens what is sent as the limit of the answer when the request sets none
/// @param structuredOutput its provider takes a JSON schema for the reply, as judges are asked with
public record ModelCard(
        String name,
        String identity,
        Optional<String> family,
        Price price,
        OptionalInt contextTokens,
        OptionalInt maxOutputTokens,
        Set<String> tags,
        RetryPolicy retry,
        boolean structuredOutput) {

    public ModelCard {
        tags = Set.copyOf(tags);
    }

    /// True where both are the same model of the same provider, whatever they are called here.
    public boolean sameModel(ModelCard other) {
        return identity.equals(other.identity);
    }

    /// True where both have the same known maker.
    public boolean sameFamily(ModelCard other) {
        return family.isPresent() && family.equals(other.family);
    }
}
