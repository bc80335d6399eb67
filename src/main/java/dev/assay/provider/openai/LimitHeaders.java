package dev.assay.provider.openai;

import dev.assay.model.RateLimits;
import dev.assay.model.RateLimits.Window;
import dev.assay.provider.http.ReplyHeaders;

import java.time.Instant;
import java.util.OptionalLong;

/// What `x-ratelimit-…` headers say, of answers and of errors.
///
/// Those of OpenAI, which Azure and Groq send too, name requests and tokens; those without a name
/// (OpenRouter) count requests. Source: "Rate limits" in OpenAI's documentation of its API.
final class LimitHeaders {

    private static final String PREFIX = "x-ratelimit-";

    /// Longer numbers are no counts.
    private static final int MOST_DIGITS = 18;

    private LimitHeaders() {}

    static RateLimits of(ReplyHeaders headers, Instant now) {
        Window requests = window(headers, "-requests", now);
        Window tokens = window(headers, "-tokens", now);
        if (requests.equals(Window.UNKNOWN)) {
            requests = window(headers, "", now);
        }
        return requests.equals(Window.UNKNOWN) && tokens.equals(Window.UNKNOWN)
                ? RateLimits.NONE
                : new RateLimits(requests, tokens);
    }

    private static Window window(ReplyHeaders headers, String suffix, Instant now) {
        OptionalLong remaining = count(headers, PREFIX + "remaining" + suffix);
        if (remaining.isEmpty()) {
            return Window.UNKNOWN;
        }
        return new Window(
                count(headers, PREFIX + "limit" + suffix),
                remaining,
                RetryAfter.untilReset(headers, PREFIX + "reset" + suffix, now));
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
