package dev.assay.model;

import java.util.OptionalInt;

/// A chat completions request as its user wrote it.
///
/// @param json the whole request as JSON text; the `model` in it, if any, is replaced for each call
/// @param chars characters of text in all messages; what routes match on and estimates start from
/// @param maxOutputTokens the limit the user set on the answer, if any
/// @param images some message holds an image; a judge must see it too
public record ChatRequest(String json, int chars, OptionalInt maxOutputTokens, boolean images) {

    /// Characters per token where nothing better is known.
    public static final int CHARS_PER_TOKEN = 4;

    /// A request of text alone.
    public ChatRequest(String json, int chars, OptionalInt maxOutputTokens) {
        this(json, chars, maxOutputTokens, false);
    }

    /// Input tokens, estimated as characters / 4, rounded up.
    public int estimatedInputTokens() {
        return Math.ceilDiv(chars, CHARS_PER_TOKEN);
    }
}
