package dev.assay.provider.openai;

import static dev.assay.provider.http.FakeServer.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ProviderKind;
import dev.assay.model.CallResult;
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

import java.time.InstantSource;

class OpenAiProviderTest extends HttpProviderContract {

    @Override
    protected TestModel model() {
        return TestModel.of(ProviderKind.OPENAI);
    }

    @Override
    protected ModelProvider open(TestModel model, HttpCaller caller, InstantSource clock) {
        return new OpenAiProvider(model.build(), caller, clock);
    }

    @Override
    protected String body(String text) {
        return reply("{\"role\":\"assistant\",\"content\":\"" + text + "\"}", "stop");
    }

    @Test
    void theRequestIsTheUsersOwnWithTheModelSet() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url())), request(CHAT));

        FakeServer.Received received = server.requests().getFirst();
        assertThat(received.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
        assertThat(received.body()).isEqualTo("{\"model\":\"test-1\"," + CHAT.substring(1));
    }

    @Test
    void theMessageIsKeptAsItWasWritten() throws Exception {
        String message =
                "{ \"role\" : \"assistant\", \"content\":\"\\u0034\\u0032\", \"reasoning_content\":"
                        + " [1.0, 1e2], \"é\":\"😀\" }";

        Completion completion = complete(reply(message, "stop"));

        assertThat(completion.messageJson()).isEqualTo(message);
        assertThat(completion.text()).isEqualTo("42");
        assertThat(completion.responseJson()).isEqualTo(reply(message, "stop"));
    }

    @Test
    void contentPartsAreJoined() throws Exception {
        Completion completion =
                complete(
                        reply(
                                "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"4\"},\"?\",{\"text\":\"2\"}]}",
                                "stop"));

        assertThat(completion.text()).isEqualTo("42");
    }

    @Test
    void aRefusalIsTold() throws Exception {
        Completion said =
                complete(
                        reply(
                                "{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}",
                                "stop"));
        Completion part =
                complete(
                        reply(
                                "{\"content\":[{\"type\":\"refusal\",\"refusal\":\"Never.\"}]}",
                                "stop"));

        assertThat(said.refusal()).hasValue("No.");
        assertThat(said.text()).isEmpty();
        assertThat(part.refusal()).hasValue("Never.");
    }

    @Test
    void toolCallsAreAnAnswer() throws Exception {
        Completion tools =
                complete(
                        reply(
                                "{\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":{}}]}",
                                "tool_calls"));
        Completion function =
                complete(
                        reply(
                                "{\"content\":\"\",\"function_call\":{\"name\":\"f\"}}",
                                "function_call"));
        Completion none =
                complete(
                        reply(
                                "{\"content\":\"42\",\"tool_calls\":[],\"function_call\":null}",
                                "stop"));

        assertThat(tools.hasToolCalls()).isTrue();
        assertThat(tools.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(function.hasToolCalls()).isTrue();
        assertThat(none.hasToolCalls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "length, LENGTH",
        "model_length, LENGTH",
        "tool_calls, TOOL_CALLS",
        "content_filter, CONTENT_FILTER",
        "eos, STOP",
        "something_new, OTHER"
    })
    void finishReasonsAreMappedAndKept(String word, FinishReason expected) throws Exception {
        Completion completion = complete(reply("{\"content\":\"42\"}", word));

        assertThat(completion.finishReason()).isEqualTo(expected);
        assertThat(completion.finishReasonText()).isEqualTo(word);
    }

    @Test
    void usageIsReadWithItsDetails() throws Exception {
        String usage =
                "{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,"
                        + "\"prompt_tokens_details\":{\"audio_tokens\":1,\"cached_tokens\":80},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":30}}";

        assertThat(usageOf(usage)).isEqualTo(new Usage(100, 80, 50, 30, false));
    }

    @Test
    void reasoningThatOnlyTheTotalCountsIsOutput() throws Exception {
        String usage =
                "{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":180,"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":30}}";

        assertThat(usageOf(usage)).isEqualTo(new Usage(100, 0, 80, 30, false));
    }

    @Test
    void cachedTokensAreReadByTheirOtherNameToo() throws Exception {
        String usage =
                "{\"prompt_tokens\":100,\"completion_tokens\":5,\"prompt_cache_hit_tokens\":64}";

        assertThat(usageOf(usage)).isEqualTo(new Usage(100, 64, 5, 0, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null",
                "{}",
                "[]",
                "{\"prompt_tokens\":\"many\",\"completion_tokens\":null}",
                "{\"prompt_tokens\":4294967295,\"completion_tokens\":1}",
                "{\"prompt_tokens\":9,\"completion_tokens\":4294967295}",
                "{\"prompt_tokens\":9,\"completion_tokens\":18446744073709551615,\"total_tokens\":1e30}",
                "{\"prompt_tokens\":9,\"completion_tokens\":0,\"total_tokens\":9}"
            })
    void usageThatIsMissingIsEstimatedFromCharacters(String usage) throws Exception {
        // "Be brief." and "What is six times seven?" are 33 characters, "42" is 2.
        assertThat(usageOf(usage)).isEqualTo(new Usage(9, 0, 1, 0, true));
    }

    @Test
    void outputThatIsBeyondAllBoundsIsTheRestOfTheTotal() throws Exception {
        String usage =
                "{\"prompt_tokens\":100,\"completion_tokens\":4294967295,\"total_tokens\":150}";

        assertThat(usageOf(usage)).isEqualTo(new Usage(100, 0, 50, 0, false));
    }

    @Test
    void anAnswerWithoutTextMayHaveNoTokens() throws Exception {
        String body =
                "{\"choices\":[{\"message\":{\"content\":\"\"}}],"
                        + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}";

        assertThat(complete(body).usage()).isEqualTo(new Usage(9, 0, 0, 0, false));
    }

    @Test
    void usageOfNonsenseStaysWithinBounds() throws Exception {
        String usage =
                "{\"prompt_tokens\":-5,\"completion_tokens\":1e3,\"total_tokens\":7,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":99},\"completion_tokens_details\":7}";

        assertThat(usageOf(usage)).isEqualTo(new Usage(0, 0, 1000, 0, false));
    }

    @Test
    void theRequestsIdAndTheModelsVersionAreKept() throws Exception {
        String body =
                "{\"model\":\"test-1-2026\",\"choices\":[{\"message\":{\"content\":\"42\"}}]}";

        Completion completion =
                completion(call(providerOf(json(body, "X-Request-Id", "req_7")), request(CHAT)));

        assertThat(completion.requestId()).hasValue("req_7");
        assertThat(completion.modelVersion()).hasValue("test-1-2026");
    }

    @Test
    void onlyTheFirstChoiceCounts() throws Exception {
        Completion completion =
                complete(
                        "{\"choices\":[{\"message\":{\"content\":\"first\"}},{\"message\":{\"content\":\"second\"}}],\"error\":null}");

        assertThat(completion.text()).isEqualTo("first");
    }

    @Test
    void anErrorInTheChoiceIsAnError() throws Exception {
        CallResult error =
                call(
                        providerOf(
                                json(
                                        "{\"choices\":[{\"message\":{\"content\":\"4\"},\"finish_reason\":\"error\",\"error\":{\"code\":503,\"message\":\"upstream"
                                                + " is down\"}}]}")),
                        request(CHAT));
        CallResult lack =
                call(
                        providerOf(
                                json(
                                        "{\"choices\":[{\"message\":{\"content\":\"4\"},"
                                                + "\"finish_reason\":\"insufficient_system_resource\"}]}")),
                        request(CHAT));

        assertThat(tryAgain(error).evidence()).isEqualTo(CallResult.Evidence.CONGESTED);
        assertThat(tryAgain(error).error().message()).contains("upstream is down");
        assertThat(tryAgain(lack).evidence()).isEqualTo(CallResult.Evidence.CONGESTED);
        assertThat(tryAgain(error).billed()).isTrue();
        assertThat(tryAgain(lack).billed()).isTrue();
    }

    private Completion complete(String body) throws Exception {
        return completion(call(providerOf(json(body)), request(CHAT)));
    }

    private Usage usageOf(String usage) throws Exception {
        return complete(
                        "{\"choices\":[{\"message\":{\"content\":\"42\"}}],\"usage\":"
                                + usage
                                + "}")
                .usage();
    }

    private static String reply(String message, String finishReason) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"test-1\",\"choices\":[{\"index\":0,"
                + "\"message\":"
                + message
                + ",\"logprobs\":null,\"finish_reason\":\""
                + finishReason
                + "\"}],"
                + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";
    }
}
