package dev.assay.provider;

import java.time.Duration;
import java.util.OptionalInt;

/// One call to make.
///
/// @param chatJson a chat completions request as JSON text, as its user wrote it; the provider sets
///   the model and applies what the model's entry in the topology file tells, and nothing else
/// @param maxOutputTokens sent as the limit of the answer where the request sets none
/// @param timeLeft until the prompt's deadline; the shorter of this and the model's timeout ends
///   the call
public record ModelRequest(String chatJson, OptionalInt maxOutputTokens, Duration timeLeft) {}
