package dev.assay.flight;

import dev.assay.model.CallResult;

import java.time.Duration;

/// A call that came back.
///
/// @param took from its begin to its last byte
public record Landed(FlightKey key, CallResult result, Duration took) {}
