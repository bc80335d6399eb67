package dev.assay.model;

/// What a model costs.
///
/// @param inputUsdPerMillion USD per million input tokens that were not cached
/// @param outputUsdPerMillion USD per million output tokens
/// @param cachedInputUsdPerMillion USD per million cached input tokens
/// @param callUsd USD per call
public record Price(
        double inputUsdPerMillion,
        double outputUsdPerMillion,
        double cachedInputUsdPerMillion,
        double callUsd) {

    public static final Price FREE = new Price(0, 0, 0, 0);

    private static final double MILLION = 1e6;

    /// USD for a call that used this.
    public double costUsd(Usage usage) {
        long fresh = Math.max(0, usage.inputTokens() - usage.cachedInputTokens());
        return (fresh * inputUsdPerMillion
                                + usage.cachedInputTokens() * cachedInputUsdPerMillion
                                + usage.outputTokens() * outputUsdPerMillion)
                        / MILLION
                + callUsd;
    }
}
