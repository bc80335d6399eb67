package dev.assay.decide.assign;

import dev.assay.model.ChatRequest;
import dev.assay.model.ModelCard;
import dev.assay.model.Usage;

import java.util.OptionalInt;

/// The most that a call can cost at list price, known before it is made: what a budget sets aside.
///
/// A token of a byte-level vocabulary stands for at least one byte, so the bytes of a request bound
/// its tokens; the limit that is sent bounds those of the reply, reasoning included. Images have no
/// such bound and count as an allowance each.
public final class Reservations {

    /// The limit sent where a budget applies and neither request nor model sets one.
    static final int OUTPUT_TOKENS = 2_048;

    /// What a provider puts around messages: roles and separators.
    static final int TEMPLATE_TOKENS = 256;

    /// The hidden prompt by which a provider explains tools to its model. Source: Anthropic's page
    /// on tool use lists up to 530 tokens for models of 2024, fewer since.
    static final int TOOLS_TOKENS = 600;

    /// A large image costs up to 1,445 tokens of GPT-4o and about 1,600 of Claude; a few small
    /// models count far more. Sources: OpenAI's and Anthropic's pages on vision, 2025.
    static final int IMAGE_TOKENS = 1_600;

    private static final String TOOLS = "\"tools\"";
    private static final String IMAGE = "\"image";
    private static final String EMBEDDED = "\"data:image/";

    private Reservations() {}

    /// The limit on output tokens that a call is sent with where a budget applies.
    static int outputTokens(ModelCard card, OptionalInt asked) {
        return asked.orElse(card.maxOutputTokens().orElse(OUTPUT_TOKENS));
    }

    /// The most one answer can cost.
    ///
    /// @param moreBytes what the model is told besides the request
    static double answerUsd(ModelCard card, ChatRequest request, long moreBytes) {
        return usd(
                card,
                inputTokens(request) + moreBytes,
                outputTokens(card, request.maxOutputTokens()));
    }

    /// The most one verdict can cost.
    ///
    /// @param moreBytes what the judge is told besides the request
    static double verdictUsd(ModelCard judge, ChatRequest request, long moreBytes) {
        return usd(
                judge, inputTokens(request) + moreBytes, outputTokens(judge, OptionalInt.empty()));
    }

    /// The most input tokens a request can have.
    static long inputTokens(ChatRequest request) {
        String json = request.json();
        long tokens = json.contains(TOOLS) ? TEMPLATE_TOKENS + TOOLS_TOKENS : TEMPLATE_TOKENS;
        if (!request.images()) {
            return tokens + utf8Bytes(json, 0, json.length());
        }
        int from = 0;
        for (int image = json.indexOf(EMBEDDED); image >= 0; image = json.indexOf(EMBEDDED, from)) {
            tokens += utf8Bytes(json, from, image);
            int end = json.indexOf('"', image + 1);
            from = end < 0 ? json.length() : end;
        }
        return tokens
                + utf8Bytes(json, from, json.length())
                + (long) IMAGE_TOKENS * count(json, IMAGE);
    }

    /// How many bytes a text has in UTF-8.
    public static long utf8Bytes(CharSequence text) {
        return utf8Bytes(text, 0, text.length());
    }

    private static long utf8Bytes(CharSequence text, int from, int to) {
        long bytes = (long) to - from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // Half of a pair counts 2 of the 4 bytes that both have.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static double usd(ModelCard card, long inputTokens, int outputTokens) {
        return card.price().costUsd(new Usage(inputTokens, 0, outputTokens, 0, true));
    }
}
