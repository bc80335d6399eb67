package dev.assay.decide.assign;

import static dev.assay.model.Samples.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.model.ChatRequest;
import dev.assay.model.ModelCard;
import dev.assay.model.Price;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

class ReservationsTest {

    private static final ModelCard CARD = card("m", new Price(1, 10, 0, 0.5), OptionalInt.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "größer",
                "日本語のテキスト",
                "a👍b🇩🇪",
                "\uD83D",
                "e\u0301\u07FF\u0800"
            })
    void bytesAreThoseOfUtf8(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;

        // A lone surrogate, which no UTF-8 has, becomes one byte there and two here.
        assertThat(Reservations.utf8Bytes(text)).isBetween((long) bytes, bytes + 1L);
        if (!text.equals("\uD83D")) {
            assertThat(Reservations.utf8Bytes(text)).isEqualTo(bytes);
        }
    }

    @Test
    void answerIsBoundByTheBytesOfItsRequestAndTheLimitOfItsReply() {
        ChatRequest request = new ChatRequest("x".repeat(1_000), 10, OptionalInt.of(100));

        assertThat(Reservations.answerUsd(CARD, request, 44))
                .isCloseTo(0.5 + (1_000 + 44 + 256) * 1e-6 + 100 * 10e-6, within(1e-12));
    }

    @Test
    void limitIsTheRequestsElseTheModelsElseOneThatIsSent() {
        ModelCard limited =
                new ModelCard(
                        "l",
                        "l",
                        CARD.family(),
                        CARD.price(),
                        CARD.contextTokens(),
                        OptionalInt.of(70),
                        CARD.tags(),
                        CARD.retry(),
                        false);

        assertThat(Reservations.outputTokens(limited, OptionalInt.of(9_000))).isEqualTo(9_000);
        assertThat(Reservations.outputTokens(limited, OptionalInt.empty())).isEqualTo(70);
        assertThat(Reservations.outputTokens(CARD, OptionalInt.empty())).isEqualTo(2_048);
    }

    @Test
    void embeddedImageCountsAsAnAllowanceAndNotByItsBytes() {
        String part =
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,%s\"}}";
        ChatRequest small =
                new ChatRequest(part.formatted("A".repeat(10)), 1, OptionalInt.empty(), true);
        ChatRequest large =
                new ChatRequest(
                        part.formatted("A".repeat(1_000_000)), 1, OptionalInt.empty(), true);

        assertThat(Reservations.inputTokens(large)).isEqualTo(Reservations.inputTokens(small));
        assertThat(Reservations.inputTokens(large)).isGreaterThan(Reservations.IMAGE_TOKENS);
    }

    @Test
    void toolsHaveAHiddenPrompt() {
        ChatRequest tools = new ChatRequest("{\"tools\":[]}", 1, OptionalInt.empty());

        assertThat(Reservations.inputTokens(tools))
                .isEqualTo(12L + Reservations.TEMPLATE_TOKENS + Reservations.TOOLS_TOKENS);
    }
}
