package dev.assay.provider.reply;

import dev.assay.model.ChatRequest;
import dev.assay.model.Usage;

/// How many characters of text one token of a model stands for, learned from the replies in which
/// its provider counted, for those in which it did not. Shared by all calls of a model.
///
/// It starts at four characters a token, with the weight of a few hundred tokens, and forgets:
/// beyond a million tokens the sums are halved, so that it follows what is asked now.
public final class TokenRatio {

    private static final double FIRST_TOKENS = 200;
    private static final double MOST_TOKENS = 1_000_000;

    /// Of prompts, which have to be read to be measured, the first ones and then few are.
    private static final int FIRST_PROMPTS = 32;

    private static final int ONE_PROMPT_IN = 64;

    private double tokens = FIRST_TOKENS;
    private double chars = FIRST_TOKENS * ChatRequest.CHARS_PER_TOKEN;
    private int replies;

    /// Text of this length was counted as so many tokens.
    public synchronized void learn(long textChars, long textTokens) {
        if (textChars <= 0 || textTokens <= 0) {
            return;
        }
        chars += textChars;
        tokens += textTokens;
        if (tokens > MOST_TOKENS) {
            chars /= 2;
            tokens /= 2;
        }
    }

    /// Whether the prompt of the reply at hand is to be measured and learned from.
    public synchronized boolean wantsPrompt() {
        if (replies < FIRST_PROMPTS) {
            replies++;
            return true;
        }
        replies = replies == FIRST_PROMPTS + ONE_PROMPT_IN - 1 ? FIRST_PROMPTS : replies + 1;
        return replies == FIRST_PROMPTS;
    }

    public synchronized double charsPerToken() {
        return chars / tokens;
    }

    /// The usage of a call whose provider counted nothing.
    public Usage estimate(long promptChars, long answerChars) {
        double charsPerToken = charsPerToken();
        return new Usage(
                (long) Math.ceil(promptChars / charsPerToken),
                0,
                (long) Math.ceil(answerChars / charsPerToken),
                0,
                true);
    }
}
