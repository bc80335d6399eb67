package dev.assay.model;

import java.time.Duration;

/// A model's answer to a prompt.
///
/// @param attempt the index of its attempt in the prompt's attempts
/// @param latency from the begin of the try that succeeded to its last byte
public record Answer(
        String model, int attempt, Completion completion, double costUsd, Duration latency) {}
