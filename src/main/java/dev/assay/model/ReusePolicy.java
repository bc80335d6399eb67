package dev.assay.model;

import java.time.Duration;
import java.util.Optional;

/// Which prompts of a route may share one call: those whose requests to a model are the same to the
/// letter.
///
/// @param keepFor how long an answer is kept for later ones; empty shares calls in the air only
/// @param anyTemperature also where the temperature is not 0, so that a new call would have
///   answered otherwise
/// @param acrossTenants also between tenants
public record ReusePolicy(
        Optional<Duration> keepFor, boolean anyTemperature, boolean acrossTenants) {}
