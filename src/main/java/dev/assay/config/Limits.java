package dev.assay.config;

import java.util.OptionalInt;

/// What a provider allows for one model, for the whole application; absent is none.
///
/// @param tokensPerMinute of input and output together
public record Limits(
        OptionalInt inFlight, OptionalInt requestsPerMinute, OptionalInt tokensPerMinute) {

    public static final Limits NONE =
            new Limits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
}
