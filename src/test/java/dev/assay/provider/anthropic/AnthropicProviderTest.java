package dev.assay.provider.anthropic;

import static dev.assay.provider.http.FakeServer.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ProviderKind;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.TestModel;
import dev.assay.provider.http.FakeServer;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.http.HttpProviderContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

class AnthropicProviderTest extends HttpProviderContract {

    @Override
    protected TestModel model() {
        return TestModel.of(ProviderKind.ANTHROPIC);
    }

    @Override
    protected ModelProvider open(TestModel model, HttpCaller caller, InstantSource clock) {
        return new AnthropicProvider(model.build(), caller, clock);
    }

    @Override
    protected String body(String text) {
        return reply("[{\"type\":\"text\",\"text\":\"" + text + "\"}]", "end_turn");
    }

    @Override
    protected String wordForStop() {
        return "end_turn";
    }

    @Override
    protected String fieldOfAnswer() {
        return "\"stop_reason\"";
    }

    @Override
    protected String keyHeader() {
        return "x-api-key";
    }

    @Override
    protected String keyPrefix() {
        return "";
    }

    /// As https://docs.anthropic.com/en/api/messages has it.
    @Test
    void theRequestIsSentAsDocumented() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url())), request(CHAT));

        FakeServer.Received received = server.requests().getFirst();
        assertThat(received.line()).isEqualTo("POST /v1/messages HTTP/1.1");
        assertThat(received.headers()).containsEntry("anthropic-version", "2023-06-01");
        assertThat(received.body())
                .isEqualTo(
                        "{\"model\":\"test-1\",\"system\":[{\"type\":\"text\",\"text\":\"Be"
                                + " brief.\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What"
                                + " is six times seven?\"}]}],\"max_tokens\":4096}");
    }

    @Test
    void textBlocksAreJoinedAndThinkingIsNoAnswer() throws Exception {
        Completion completion =
                complete(
                        reply(
                                "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"x\"},"
                                        + "{\"type\":\"text\",\"text\":\"4\"},"
                                        + "{\"type\":\"server_tool_use\",\"id\":\"s\",\"input\":{}},"
                                        + "{\"text\":\"2\",\"type\":\"text\"}]",
                                "end_turn"));

        assertThat(completion.text()).isEqualTo("42");
        assertThat(completion.messageJson())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"42\"}");
    }

    @Test
    void toolUsesBecomeToolCalls() throws Exception {
        Completion completion =
                complete(
                        reply(
                                "[{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":"
                                        + "{\"city\": \"Wien\", \"days\": 1.50}}]",
                                "tool_use"));

        assertThat(completion.hasToolCalls()).isTrue();
        assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(completion.messageJson())
                .isEqualTo(
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"toolu_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":"
                                + " \\\"Wien\\\", \\\"days\\\": 1.50}\"}}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, STOP",
        "stop_sequence, STOP",
        "max_tokens, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "pause_turn, LENGTH",
        "tool_use, TOOL_CALLS",
        "refusal, CONTENT_FILTER",
        "something_new, OTHER"
    })
    void stopReasonsAreMapped(String word, FinishReason expected) throws Exception {
        Completion completion = complete(reply("[{\"type\":\"text\",\"text\":\"x\"}]", word));

        assertThat(completion.finishReason()).isEqualTo(expected);
        assertThat(completion.finishReasonText()).isEqualTo(word);
    }

    @Test
    void aRefusalIsExplained() throws Exception {
        Completion completion =
                complete(
                        "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":"
                                + "{\"type\":\"refusal\",\"category\":\"cyber\",\"explanation\":\"Not this.\"}}");

        assertThat(completion.refusal()).hasValue("Not this.");
        assertThat(completion.text()).isEmpty();
        assertThat(completion.messageJson()).contains("\"refusal\":\"Not this.\"");
    }

    @Test
    void cachedTokensAreInputToo() throws Exception {
        Completion completion =
                complete(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"42\"}],\"stop_reason\":\"end_turn\",\"usage\":{"
                                + "\"input_tokens\":10,\"cache_creation_input_tokens\":200,\"cache_read_input_tokens\":3000,"
                                + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":200},\"output_tokens\":7,\"service_tier\":\"standard\"}}");

        assertThat(completion.usage()).isEqualTo(new Usage(3210, 3000, 7, 0, false));
    }

    @Test
    void usageThatIsMissingIsEstimated() throws Exception {
        Completion completion =
                complete(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"12345678\"}],\"stop_reason\":\"end_turn\"}");

        assertThat(completion.usage()).isEqualTo(new Usage(9, 0, 2, 0, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_tokens\":4294967295,\"output_tokens\":2}",
                "{\"input_tokens\":9,\"output_tokens\":4294967295}",
                "{\"input_tokens\":9,\"cache_read_input_tokens\":18446744073709551615,\"output_tokens\":2}",
                "{\"input_tokens\":9,\"cache_creation_input_tokens\":1e30,\"output_tokens\":2}",
                "{\"input_tokens\":9,\"output_tokens\":0}"
            })
    void usageThatCannotBeIsEstimated(String usage) throws Exception {
        Completion completion =
                complete(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"12345678\"}],\"stop_reason\":\"end_turn\",\"usage\":"
                                + usage
                                + "}");

        assertThat(completion.usage()).isEqualTo(new Usage(9, 0, 2, 0, true));
    }

    @Test
    void cacheCountsThatAreNullAreNone() throws Exception {
        Completion completion =
                complete(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"42\"}],\"stop_reason\":\"end_turn\",\"usage\":{"
                                + "\"input_tokens\":10,\"cache_creation_input_tokens\":null,\"cache_read_input_tokens\":null,\"output_tokens\":7}}");

        assertThat(completion.usage()).isEqualTo(new Usage(10, 0, 7, 0, false));
    }

    @Test
    void theIdOfTheRequestIsKept() throws Exception {
        CallResult result =
                call(providerOf(json(body("42"), "request-id", "req_018")), request(CHAT));

        assertThat(completion(result).requestId()).hasValue("req_018");
    }

    @Test
    void anExhaustedLimitIsWaitedForUntilItsReset() throws Exception {
        ModelProvider provider =
                open(
                        model().baseUrl(
                                        server(
                                                        json(
                                                                429,
                                                                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow"
                                                                        + " down\"}}",
                                                                "anthropic-ratelimit-input-tokens-remaining",
                                                                "0",
                                                                "anthropic-ratelimit-input-tokens-reset",
                                                                "2026-11-23T12:00:09Z"))
                                                .url()),
                        caller,
                        InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")));
        opened.add(provider);

        CallResult result = call(provider, request(CHAT));

        assertThat(tryAgain(result).evidence()).isEqualTo(Evidence.EXHAUSTED);
        assertThat(tryAgain(result).retryAfter()).hasValue(Duration.ofSeconds(9));
    }

    @Test
    void lowCreditGivesUpOnTheModel() throws Exception {
        CallResult result =
                call(
                        providerOf(
                                json(
                                        400,
                                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your"
                                                + " credit balance is too low to access the Anthropic"
                                                + " API.\"},\"request_id\":\"req_1\"}")),
                        request(CHAT));

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
    }

    private Completion complete(String body) throws Exception {
        return completion(call(providerOf(json(body)), request(CHAT)));
    }

    private static String reply(String content, String stopReason) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"test-1\",\"content\":"
                + content
                + ",\"stop_reason\":\""
                + stopReason
                + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":15,\"output_tokens\":2}}";
    }
}
