package dev.assay.decide.limit;

import dev.assay.model.Usage;

/// How many tokens a model's calls use, learned from those that came back.
///
/// @param inputRatio tokens of input to one that was estimated from characters
/// @param outputTokens of an answer, on average
/// @param seen calls that it was learned from, as far as they count
record TokenUse(double inputRatio, double outputTokens, int seen) {

    static final TokenUse UNKNOWN = new TokenUse(1, 500, 1);

    /// The averages look back on about so many calls.
    private static final int MEMORY = 50;

    /// Tokens to reserve for a call.
    double expected(Demand demand) {
        double output =
                demand.maxOutputTokens().isPresent()
                        ? Math.min(demand.maxOutputTokens().getAsInt(), outputTokens)
                        : outputTokens;
        return demand.inputTokens() * inputRatio + output;
    }

    TokenUse learned(Demand demand, Usage usage) {
        double weight = 1.0 / (seen + 1);
        double ratio =
                demand.inputTokens() == 0
                        ? inputRatio
                        : inputRatio
                                + weight
                                        * ((double) usage.inputTokens() / demand.inputTokens()
                                                - inputRatio);
        return new TokenUse(
                ratio,
                outputTokens + weight * (usage.outputTokens() - outputTokens),
                Math.min(seen + 1, MEMORY));
    }
}
