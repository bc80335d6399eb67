package dev.assay.provider.reply;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.RateLimits;
import dev.assay.model.RateLimits.Window;
import dev.assay.provider.http.ReplyHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

class LimitHeadersTest {

    @Test
    void readsRequestsAndTokensAsOpenAiNamesThem() {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "X-RateLimit-Limit-Requests", "60",
                        "x-ratelimit-remaining-requests", "59",
                        "x-ratelimit-reset-requests", "1s",
                        "x-ratelimit-limit-tokens", "150000",
                        "x-ratelimit-remaining-tokens", "149984",
                        "x-ratelimit-reset-tokens", "6m0s");

        RateLimits limits = LimitHeaders.of(headers, NOW);

        assertThat(limits)
                .isEqualTo(
                        new RateLimits(
                                window(60, 59, Duration.ofSeconds(1)),
                                window(150_000, 149_984, Duration.ofMinutes(6))));
    }

    @Test
    void namelessHeadersCountRequests() {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "x-ratelimit-limit", "20",
                        "x-ratelimit-remaining", "0",
                        "x-ratelimit-reset", Long.toString(NOW.plusSeconds(7).toEpochMilli()));

        RateLimits limits = LimitHeaders.of(headers, NOW);

        assertThat(limits)
                .isEqualTo(new RateLimits(window(20, 0, Duration.ofSeconds(7)), Window.UNKNOWN));
        assertThat(limits.requests().isUsedUp()).isTrue();
    }

    @Test
    void readsAnthropicsRequestsAndTheTightestOfItsTokens() {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "anthropic-ratelimit-requests-limit", "50",
                        "anthropic-ratelimit-requests-remaining", "49",
                        "anthropic-ratelimit-requests-reset", NOW.plusSeconds(1).toString(),
                        "anthropic-ratelimit-tokens-limit", "60000",
                        "anthropic-ratelimit-tokens-remaining", "9000",
                        "anthropic-ratelimit-tokens-reset", NOW.plusSeconds(2).toString(),
                        "anthropic-ratelimit-input-tokens-limit", "50000",
                        "anthropic-ratelimit-input-tokens-remaining", "8000",
                        "anthropic-ratelimit-input-tokens-reset", NOW.plusSeconds(3).toString(),
                        "anthropic-ratelimit-output-tokens-limit", "10000",
                        "anthropic-ratelimit-output-tokens-remaining", "1000",
                        "anthropic-ratelimit-output-tokens-reset", NOW.plusSeconds(4).toString());

        RateLimits limits = LimitHeaders.of(headers, NOW);

        assertThat(limits)
                .isEqualTo(
                        new RateLimits(
                                window(50, 49, Duration.ofSeconds(1)),
                                window(10_000, 1000, Duration.ofSeconds(4))));
    }

    @ParameterizedTest
    @CsvSource({"12, PT12S", "0.5, PT0.5S", "1m30s, PT1M30S", "250ms, PT0.25S", "0, PT0S"})
    void readsTheTimeToTheReset(String reset, Duration expected) {
        assertThat(reset(reset)).hasValue(expected);
    }

    @Test
    void readsMomentsOfTheReset() {
        assertThat(reset(Long.toString(NOW.plusSeconds(9).getEpochSecond())))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(seconds(8), seconds(9)));
        assertThat(reset(NOW.plusSeconds(9).toString())).hasValue(seconds(9));
        assertThat(reset(NOW.minusSeconds(9).toString())).hasValue(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "1.5", "12345678901234567890", "٣"})
    void whatIsNoCountIsUnknown(String remaining) {
        ReplyHeaders headers = ReplyHeaders.of("x-ratelimit-remaining-requests", remaining);

        assertThat(LimitHeaders.of(headers, NOW)).isEqualTo(RateLimits.NONE);
    }

    private static Optional<Duration> reset(String text) {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", text);
        return LimitHeaders.of(headers, NOW).requests().reset();
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static Window window(long limit, long remaining, Duration reset) {
        return new Window(OptionalLong.of(limit), OptionalLong.of(remaining), Optional.of(reset));
    }
}
