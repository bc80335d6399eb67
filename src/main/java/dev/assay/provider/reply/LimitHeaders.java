package dev.assay.provider.reply;

import dev.assay.model.RateLimits;
import dev.assay.model.RateLimits.Window;
import dev.assay.provider.http.ReplyHeaders;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// What the headers of a reply say of limits, of answers and of errors.
///
/// The `x-ratelimit-…` of OpenAI, which Azure and Groq send too, name requests and tokens; those
/// without a name (OpenRouter) count requests. Anthropic has `anthropic-ratelimit-…`, with limits
/// for input and output beside that for all tokens (https://docs.anthropic.com/en/api/rate-limits).
final class LimitHeaders {

    private static final String PREFIX = "x-ratelimit-";
    private static final String ANTHROPICS_PREFIX = "anthropic-ratelimit-";
    private static final List<String> ANTHROPICS_TOKENS =
            List.of("tokens", "input-tokens", "output-tokens");

    /// Longer numbers are no counts.
    private static final int MOST_DIGITS = 18;

    private LimitHeaders() {}

    static RateLimits of(ReplyHeaders headers, Instant now) {
        Window requests = openAi(headers, "-requests", now);
        Window tokens = openAi(headers, "-tokens", now);
        if (requests.equals(Window.UNKNOWN)) {
            requests = openAi(headers, "", now);
        }
        if (requests.equals(Window.UNKNOWN) && tokens.equals(Window.UNKNOWN)) {
            requests = anthropic(headers, "requests", now);
            tokens =
                    ANTHROPICS_TOKENS.stream()
                            .map(kind -> anthropic(headers, kind, now))
                            .min(Comparator.comparingLong(LimitHeaders::left))
                            .orElse(Window.UNKNOWN);
        }
        return requests.equals(Window.UNKNOWN) && tokens.equals(Window.UNKNOWN)
                ? RateLimits.NONE
                : new RateLimits(requests, tokens);
    }

    private static Window openAi(ReplyHeaders headers, String suffix, Instant now) {
        return window(
                headers,
                PREFIX + "remaining" + suffix,
                PREFIX + "limit" + suffix,
                PREFIX + "reset" + suffix,
                now);
    }

    private static Window anthropic(ReplyHeaders headers, String kind, Instant now) {
        String prefix = ANTHROPICS_PREFIX + kind;
        return window(headers, prefix + "-remaining", prefix + "-limit", prefix + "-reset", now);
    }

    private static Window window(
            ReplyHeaders headers, String remaining, String limit, String reset, Instant now) {
        OptionalLong left = count(headers, remaining);
        if (left.isEmpty()) {
            return Window.UNKNOWN;
        }
        return new Window(count(headers, limit), left, RetryAfter.untilReset(headers, reset, now));
    }

    private static long left(Window window) {
        return window.remaining().orElse(Long.MAX_VALUE);
    }

    private static OptionalLong count(ReplyHeaders headers, String name) {
        return headers.first(name).stream()
                .filter(
                        text ->
                                text.length() <= MOST_DIGITS
                                        && text.chars().allMatch(LimitHeaders::isDigit))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }
}
