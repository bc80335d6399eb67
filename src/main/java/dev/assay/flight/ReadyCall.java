package dev.assay.flight;

import dev.assay.model.CallResult;

import java.util.concurrent.Callable;

/// A call, ready to be made on another thread.
///
/// @param line whose memory it takes
/// @param bytes of memory that its request takes while it is in the air
public record ReadyCall(Callable<CallResult> make, Line line, long bytes) {}
