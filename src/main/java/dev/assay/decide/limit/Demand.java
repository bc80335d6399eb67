package dev.assay.decide.limit;

import java.util.OptionalInt;

/// What a call is expected to need.
///
/// @param inputTokens an estimate from characters
/// @param maxOutputTokens the limit sent with the request, if any
public record Demand(int inputTokens, OptionalInt maxOutputTokens) {

    /// Where nothing is known.
    public static final Demand NONE = new Demand(0, OptionalInt.of(0));
}
