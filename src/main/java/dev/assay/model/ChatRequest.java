package dev.assay.model;

import java.util.OptionalInt;

/// A chat completions request as its user wrote it.
///
/// @param json the whole request as JSON text; the `model` in it, if any, is replaced for each call
/// @param chars characters of text in all messages; what routes match on and estimates start from
/// @param maxOutputTokens the limit the user set on the answer, if any
public record ChatRequest(String json, int chars, OptionalInt maxOutputTokens) {

    /// Characters per token where nothing better is known.
    public static final int CHARS_PER_TOKEN = 4;

    /// Input tokens, estimated as characters / 4, rounded up.
    public int estimatedInputTokens() {
        return Math.ceilDiv(chars, CHARS_PER_TOKEN);
    }
}
