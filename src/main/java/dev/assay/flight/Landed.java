package dev.assay.flight;

import dev.assay.model.CallResult;

import java.time.Duration;

/// A call that came back.
///
/// @param took from the begin of the try that brought the result to its last byte
/// @param besides further tries made for the same call at the same time, which may have been billed
public record Landed(FlightKey key, CallResult result, Duration took, int besides) {}
