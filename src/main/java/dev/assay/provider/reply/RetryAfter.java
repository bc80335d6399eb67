package dev.assay.provider.reply;

import dev.assay.provider.http.ReplyHeaders;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a provider asks to wait, from the headers of its reply.
///
/// `retry-after-ms` (OpenAI, Azure) is the most exact; `Retry-After` is seconds or a date (RFC
/// 9110, 10.2.3). Times past are no wait, and none is longer than a day.
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final double NANOS_PER_MS = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /// Such as `1m30s`, `250ms` or `6h2.5s`.
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");

    /// Seconds since 1970 have ten digits, milliseconds thirteen.
    private static final Pattern EPOCH = Pattern.compile("\\d{10}(\\d{3})?");

    private static final int SECONDS_DIGITS = 10;

    private RetryAfter() {}

    static Optional<Duration> of(ReplyHeaders headers, Instant now) {
        return headers.first("retry-after-ms")
                .flatMap(ms -> number(ms, NANOS_PER_MS))
                .or(
                        () ->
                                headers.first("retry-after")
                                        .flatMap(seconds -> number(seconds, NANOS_PER_SECOND)))
                .or(() -> headers.first("retry-after").flatMap(date -> date(date, now)));
    }

    /// The time to the reset of a limit: a span, seconds, a moment in seconds or milliseconds since
    /// 1970 (OpenRouter), or one by ISO 8601.
    static Optional<Duration> untilReset(ReplyHeaders headers, String header, Instant now) {
        return headers.first(header)
                .flatMap(
                        text ->
                                span(text)
                                        .or(() -> sinceEpoch(text, now))
                                        .or(() -> number(text, NANOS_PER_SECOND))
                                        .or(() -> moment(text, now)));
    }

    /// A number so large that it can be no span of time.
    private static Optional<Duration> sinceEpoch(String text, Instant now) {
        if (!EPOCH.matcher(text).matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        Instant then =
                text.length() > SECONDS_DIGITS
                        ? Instant.ofEpochMilli(number)
                        : Instant.ofEpochSecond(number);
        return Optional.of(bounded(Duration.between(now, then)));
    }

    private static Optional<Duration> moment(String text, Instant now) {
        try {
            return Optional.of(
                    bounded(Duration.between(now, OffsetDateTime.parse(text).toInstant())));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> number(String text, double nanosPerUnit) {
        try {
            double nanos = Double.parseDouble(text) * nanosPerUnit;
            return Double.isNaN(nanos)
                    ? Optional.empty()
                    : Optional.of(bounded(Duration.ofNanos((long) nanos)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String text, Instant now) {
        try {
            Instant then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> span(String text) {
        Matcher part = SPAN.matcher(text);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            double nanosPerUnit =
                    switch (part.group(2)) {
                        case "ms" -> NANOS_PER_MS;
                        case "s" -> NANOS_PER_SECOND;
                        case "m" -> 60 * NANOS_PER_SECOND;
                        default -> 3600 * NANOS_PER_SECOND;
                    };
            nanos += Double.parseDouble(part.group(1)) * nanosPerUnit;
            end = part.end();
        }
        return end == text.length() && end > 0
                ? Optional.of(bounded(Duration.ofNanos((long) nanos)))
                : Optional.empty();
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
