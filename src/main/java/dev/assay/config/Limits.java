package dev.assay.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a provider allows for one model, for the whole application; absent is none.
public record Limits(
        OptionalInt inFlight, OptionalInt requestsPerMinute, OptionalLong tokensPerMinute) {

    public static final Limits NONE =
            new Limits(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty());
}
