package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.PromptCodec.Reading;
import dev.assay.model.ChatRequest;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

class PromptCodecTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HI = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";

    @Test
    void smallestEventIsAnIdAndOneMessage() {
        Prompt prompt = valid(event().setMessages(List.of(new Message("user", "hi"))));

        assertThat(prompt.id()).isEqualTo("p");
        assertThat(prompt.request().json())
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(prompt.request().chars()).isEqualTo(2);
        assertThat(prompt.origin().createdAt()).isEqualTo(NOW.minusSeconds(1));
    }

    @Test
    void requestIsKeptToTheLetter() {
        String request = HI + ", \"temperature\": 1.0, \"seed\": 12345678901234567890}";

        assertThat(valid(event().setRequest(request)).request().json()).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "4096.0, 4096",
        "4.096e3, 4096",
        "3000000000, 2147483647",
        "1e400, 2147483647",
        "null, -1"
    })
    void limitOfTheRequestIsReadHoweverItIsWritten(String written, int tokens) {
        ChatRequest request =
                valid(event().setRequest(HI + ", \"max_tokens\": " + written + "}")).request();

        assertThat(request.maxOutputTokens().orElse(-1)).isEqualTo(tokens);
    }

    @Test
    void optionsGoOverTheRequestAndLeaveTheRestAsItWas() {
        Prompt prompt =
                valid(
                        event().setRequest(HI + ", \"temperature\": 1.0, \"top_p\": 0.50}")
                                .setOptions("{\"temperature\": 0.0, \"max_tokens\": 9}"));

        assertThat(prompt.request())
                .isEqualTo(
                        new ChatRequest(
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                        + "\"temperature\":0.0,\"top_p\":0.50,\"max_tokens\":9}",
                                2,
                                OptionalInt.of(9)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "null"})
    void oneAnswerMayBeAskedFor(String n) {
        assertThat(read(event().setRequest(HI + ", \"n\": " + n + "}")))
                .isInstanceOf(Reading.Valid.class);
    }

    /// `request` or, where that is empty, one message `hi`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"messages": [{"content": "hi"}], "n": 2}            |                   | asks for n = 2
                    {"messages": [{"content": "hi"}], "n": 0}            |                   | asks for n = 0
                    {"messages": [{"content": "hi"}], "n": 1e999999999}  |                   | asks for n = 1E+999999999
                    {"messages": [{"content": "hi"}], "n": "2"}          |                   | a field n that is no number
                                                                         | {"n": 3}          | asks for n = 3
                    {"messages": [{"content": "hi"}], "best_of": 5}      |                   | asks for best_of = 5
                    {"messages": [{"content": "hi"}], "max_tokens": -1}  |                   | a max_tokens that is no whole number above 0
                    {"messages": [{"content": "hi"}], "max_tokens": 0.5} |                   | a max_tokens that is no whole number above 0
                    {"messages": [{"content": "hi"}], "max_tokens": "9"} |                   | a max_tokens that is no whole number above 0
                                                         | {"max_completion_tokens": 0} | a max_completion_tokens that is no whole
                    {}                                                   |                   | has no messages
                    {"messages": []}                                     |                   | has no messages
                    {"messages": "hi"}                                   |                   | has no messages
                    {"messages": ["hi"]}                                 |                   | no JSON object
                    {"messages": [{"role": "user", "content": null}]}    |                   | prompt is empty
                    {"messages": [{"content": [{"text": " "}]}]}         |                   | prompt is empty
                    []                                                   |                   | request cannot be used
                    secret                                               |                   | request cannot be used
                                                                         | secret            | options cannot be used
                                                                         | {"messages": []}  | options hold messages
                    """)
    void requestThatCannotBeAskedIsRefusedWithTheReason(
            @Nullable String request, @Nullable String options, String reason) {
        PromptEvent.Builder event = event().setRequest(request).setOptions(options);
        if (request == null) {
            event.setMessages(List.of(new Message("user", "hi")));
        }

        assertThat(invalid(event).reason()).contains(reason).doesNotContain("secret");
    }

    @Test
    void neitherAndBothOfMessagesAndRequestAreRefused() {
        List<Message> hi = List.of(new Message("user", "hi"));

        assertThat(invalid(event()).reason()).contains("neither messages nor request");
        assertThat(invalid(event().setOptions("{}")).reason()).contains("neither");
        assertThat(invalid(event().setMessages(hi).setRequest(HI + "}")).reason())
                .contains("both messages and request");
        assertThat(invalid(event().setMessages(List.of(new Message("user", " \n")))).reason())
                .contains("prompt is empty");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, Double.NEGATIVE_INFINITY, Double.NaN})
    void budgetThatIsNoneIsRefused(double usd) {
        assertThat(invalid(event().setRequest(HI + "}").setMaxCostUsd(usd)).reason())
                .contains("max_cost_usd");
    }

    @Test
    void idThatCannotServeIsNotRepeated() {
        Reading.Invalid blank = invalid(event().setId(" ").setRequest(HI + "}"));
        Reading.Invalid huge = invalid(event().setId("x".repeat(10_000_000)));
        Reading.Invalid usable = invalid(event());

        assertThat(blank.id()).isEmpty();
        assertThat(huge.id()).isEmpty();
        assertThat(huge.reason()).contains("10000000 characters", "16 allowed").hasSizeLessThan(99);
        assertThat(usable.id()).contains("p");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, Long.MAX_VALUE})
    void anyTimeOfCreationCanBeWrittenToAResult(long createdAtMs) {
        Prompt prompt =
                valid(event().setRequest(HI + "}").setCreatedAt(Instant.ofEpochMilli(createdAtMs)));
        Result.Failed failed =
                new Result.Failed(
                        PromptState.admitted(prompt), new Failure(FailureCode.NO_MODEL, "none"));

        assertThat(
                        ResultCodec.toRecord(
                                        failed,
                                        new byte[0],
                                        new ProducerRecord<>("t", "v").headers(),
                                        NOW)
                                .getLatencyMs())
                .isBetween(0L, NOW.toEpochMilli());
    }

    @Test
    void eventOfAPromptReadsAsTheSamePrompt() {
        Prompt prompt =
                valid(
                        event().setRequest(HI + ", \"max_tokens\": 5}")
                                .setTask("code")
                                .setTenant("acme")
                                .setMaxCostUsd(0.5)
                                .setRequiredTags(List.of("eu"))
                                .setReference("hello")
                                .setJobLine(3L)
                                .setCreatedAt(NOW.minusSeconds(9)));

        Reading again =
                new PromptCodec(16)
                        .read(PromptCodec.event(prompt), coordinates(), NOW.minusSeconds(1), NOW);

        assertThat(again).isEqualTo(new Reading.Valid(prompt));
    }

    private static PromptEvent.Builder event() {
        return PromptEvent.newBuilder().setId("p").setMessages(List.of());
    }

    private static Prompt valid(PromptEvent.Builder event) {
        Reading reading = read(event);
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid) reading).prompt();
    }

    private static Reading.Invalid invalid(PromptEvent.Builder event) {
        Reading reading = read(event);
        assertThat(reading).isInstanceOf(Reading.Invalid.class);
        return (Reading.Invalid) reading;
    }

    private static Reading read(PromptEvent.Builder event) {
        return new PromptCodec(16).read(event.build(), coordinates(), NOW.minusSeconds(1), NOW);
    }

    private static RecordCoordinates coordinates() {
        return new RecordCoordinates("prompts", 0, 7);
    }
}
