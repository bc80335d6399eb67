package dev.assay.decide.assign;

import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Usage;

import java.util.OptionalInt;

/// What a call will need, guessed before it is made.
public final class Estimates {

    /// Output tokens of an answer where neither request nor model sets a limit.
    static final int TYPICAL_OUTPUT_TOKENS = 500;

    private Estimates() {}

    /// USD to expect for one answer at list price.
    ///
    /// Output is the request's limit, else the model's, else a typical answer; at most a typical
    /// one.
    public static double answerUsd(ModelCard card, ChatRequest request) {
        OptionalInt limit =
                request.maxOutputTokens().isPresent()
                        ? request.maxOutputTokens()
                        : card.maxOutputTokens();
        return usd(card, request.estimatedInputTokens(), limit);
    }

    /// USD to expect for one verdict at list price.
    ///
    /// @param chars characters that the judge is shown
    public static double verdictUsd(ModelCard judge, int chars) {
        return usd(
                judge, Math.ceilDiv(chars, ChatRequest.CHARS_PER_TOKEN), judge.maxOutputTokens());
    }

    /// Tokens to expect of one verdict, input and output together.
    ///
    /// @param chars characters that the judge is shown
    public static int verdictTokens(ModelCard judge, int chars) {
        int output = judge.maxOutputTokens().orElse(TYPICAL_OUTPUT_TOKENS);
        return Math.ceilDiv(chars, ChatRequest.CHARS_PER_TOKEN)
                + Math.min(output, TYPICAL_OUTPUT_TOKENS);
    }

    /// USD to expect for one verdict on an answer that is not there yet: a typical one.
    static double checkUsd(ModelCard judge, CheckPolicy policy, ChatRequest request) {
        int answerChars = TYPICAL_OUTPUT_TOKENS * ChatRequest.CHARS_PER_TOKEN;
        return verdictUsd(judge, policy.rubric().length() + request.chars() + answerChars);
    }

    /// USD to expect for making one answer of several at list price.
    ///
    /// @param answerChars characters of the answers that it reads
    public static double fusionUsd(ModelCard card, ChatRequest request, int answerChars) {
        int answerTokens = Math.ceilDiv(answerChars, ChatRequest.CHARS_PER_TOKEN);
        return usd(card, request.estimatedInputTokens() + answerTokens, card.maxOutputTokens());
    }

    /// The same for so many typical answers.
    static double fusionUsdOf(int answers, ModelCard card, ChatRequest request) {
        int answerChars = answers * TYPICAL_OUTPUT_TOKENS * ChatRequest.CHARS_PER_TOKEN;
        return fusionUsd(card, request, answerChars);
    }

    /// True where input and the asked-for output fit the model's context window, as far as
    /// estimates tell.
    public static boolean fitsContext(ModelCard card, ChatRequest request) {
        long needed = (long) request.estimatedInputTokens() + request.maxOutputTokens().orElse(0);
        return needed <= card.contextTokens().orElse(Integer.MAX_VALUE);
    }

    private static double usd(ModelCard card, int inputTokens, OptionalInt outputLimit) {
        int outputTokens =
                Math.min(outputLimit.orElse(TYPICAL_OUTPUT_TOKENS), TYPICAL_OUTPUT_TOKENS);
        return card.price().costUsd(new Usage(inputTokens, 0, outputTokens, 0, true));
    }
}
