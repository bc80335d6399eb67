package dev.assay.decide.assign;

import dev.assay.model.ChatRequest;
import dev.assay.model.ModelCard;
import dev.assay.model.Usage;

/// What a call will need, guessed before it is made.
public final class Estimates {

    /// Output tokens of an answer where neither request nor model sets a limit.
    static final int TYPICAL_OUTPUT_TOKENS = 500;

    private Estimates() {}

    /// Output tokens to expect: the request's limit, else the model's, else a typical answer; at
    /// most a typical one.
    public static int expectedOutputTokens(ModelCard card, ChatRequest request) {
        int limit =
                request.maxOutputTokens()
                        .orElse(card.maxOutputTokens().orElse(TYPICAL_OUTPUT_TOKENS));
        return Math.min(limit, TYPICAL_OUTPUT_TOKENS);
    }

    /// USD to expect for one call at list price.
    public static double expectedUsd(ModelCard card, ChatRequest request) {
        return card.price()
                .costUsd(
                        new Usage(
                                request.estimatedInputTokens(),
                                0,
                                expectedOutputTokens(card, request),
                                0,
                                true));
    }

    /// True where input and the asked-for output fit the model's context window, as far as
    /// estimates tell.
    public static boolean fitsContext(ModelCard card, ChatRequest request) {
        long needed = (long) request.estimatedInputTokens() + request.maxOutputTokens().orElse(0);
        return needed <= card.contextTokens().orElse(Integer.MAX_VALUE);
    }
}
