package dev.assay.flight;

import java.time.Duration;
import java.util.Optional;

/// A call whose answer identical requests may share.
///
/// @param request what makes requests identical: a hash of model, request and who may share it
/// @param keepFor how long an answer is kept for later ones; empty shares calls in the air only
public record Reuse(String request, Optional<Duration> keepFor) {}
