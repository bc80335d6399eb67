package dev.assay.model;

/// Tokens of one call, or of several summed.
///
/// @param inputTokens all input tokens, cached ones included
/// @param cachedInputTokens those of the input that the provider had cached
/// @param outputTokens all output tokens, reasoning included
/// @param reasoningTokens those of the output that were reasoning
/// @param estimated the provider sent no usage, so these are estimates
public record Usage(
        long inputTokens,
        long cachedInputTokens,
        long outputTokens,
        long reasoningTokens,
        boolean estimated) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, false);

    /// Of a call whose provider sent no usage, until it is estimated.
    public static final Usage NOT_COUNTED = new Usage(0, 0, 0, 0, true);

    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                cachedInputTokens + other.cachedInputTokens,
                outputTokens + other.outputTokens,
                reasoningTokens + other.reasoningTokens,
                estimated || other.estimated);
    }
}
