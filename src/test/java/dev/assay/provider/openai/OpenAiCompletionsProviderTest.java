package dev.assay.provider.openai;

import static dev.assay.provider.http.FakeServer.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ProviderKind;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.Completion;
import dev.assay.model.Usage;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.TestModel;
import dev.assay.provider.http.FakeServer;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.http.HttpProviderContract;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.Map;

class OpenAiCompletionsProviderTest extends HttpProviderContract {

    @Override
    protected TestModel model() {
        return TestModel.of(ProviderKind.OPENAI_COMPLETIONS);
    }

    @Override
    protected ModelProvider open(TestModel model, HttpCaller caller, InstantSource clock) {
        return new OpenAiCompletionsProvider(model.build(), caller, clock);
    }

    @Override
    protected String body(String text) {
        return "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"model\":\"test-1\",\"choices\":[{\"index\":0,\"text\":\""
                + " "
                + text
                + "\",\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";
    }

    @Test
    void theMessagesBecomeAPrompt() throws Exception {
        FakeServer server = server(json(body("42")));

        Completion completion =
                completion(call(provider(model().baseUrl(server.url())), request(CHAT)));

        assertThat(server.requests().getFirst().line()).isEqualTo("POST /v1/completions HTTP/1.1");
        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "{\"model\":\"test-1\",\"prompt\":\"System: Be brief.\\n"
                                + "\\n"
                                + "User: What is six times seven?\\n"
                                + "\\n"
                                + "Assistant:\",\"stop\":[\"\\n"
                                + "User:\"]}");
        assertThat(completion.text()).isEqualTo("42");
        assertThat(completion.messageJson())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"42\"}");
    }

    @Test
    void otherFieldsPassAndAStopOfTheUsersOwnStays() throws Exception {
        FakeServer server = server(json(body("42")));
        String chat =
                "{\"temperature\":0.10,\"max_completion_tokens\":7,\"messages\":[{\"role\":\"user\",\"content\":\"6*7\"}],"
                        + "\"stop\":\"!\",\"tools\":null,\"tool_choice\":\"auto\",\"stream\":true,\"top_k\":40}";

        call(provider(model().baseUrl(server.url()).promptTemplate("{prompt}=")), request(chat));

        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "{\"model\":\"test-1\",\"prompt\":\"6*7=\",\"temperature\":0.10,\"max_tokens\":7,"
                                + "\"stop\":\"!\",\"top_k\":40}");
    }

    @Test
    void theEngineIsInThePathWhereTheBaseUrlEndsWithEngines() throws Exception {
        FakeServer server = server(json(body("42")));

        call(
                provider(model().baseUrl(server.url() + "/engines").providerModel("gpt neo/20b")),
                request(CHAT));

        assertThat(server.requests().getFirst().line())
                .isEqualTo("POST /v1/engines/gpt%20neo%2F20b/completions HTTP/1.1");
        assertThat(server.requests().getFirst().body()).startsWith("{\"prompt\":");
    }

    @Test
    void theEngineMayBeInTheBaseUrlItself() throws Exception {
        FakeServer server = server(json(body("42")));

        call(
                provider(model().baseUrl(server.url() + "/engines/test-1").providerModel("test-1")),
                request(CHAT));

        assertThat(server.requests().getFirst().line())
                .isEqualTo("POST /v1/engines/test-1/completions HTTP/1.1");
        assertThat(server.requests().getFirst().body()).startsWith("{\"prompt\":");
    }

    @Test
    void aStopThatTheModelDoesNotTakeIsNotAddedEither() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url()).dropParams("stop")), request(CHAT));
        call(
                provider(
                        model().baseUrl(server.url())
                                .renameParams(Map.of("stop", "stop_sequences"))),
                request(CHAT));

        assertThat(server.requests().getFirst().body()).doesNotContain("stop");
        assertThat(server.requests().getLast().body())
                .contains("\"stop_sequences\":[")
                .doesNotContain("\"stop\"");
    }

    @Test
    void gooseAiNeedsNoMoreThanItsBaseUrl() {
        assertThat(
                        OpenAiCompletionsProvider.path(
                                model().baseUrl("https://api.goose.ai/v1")
                                        .providerModel("gpt-j-6b")
                                        .build()))
                .isEqualTo("/engines/gpt-j-6b/completions");
        assertThat(
                        OpenAiCompletionsProvider.path(
                                model().baseUrl("https://api.goose.ai/v1/engines/gpt-j-6b")
                                        .providerModel("gpt-j-6b")
                                        .build()))
                .isEqualTo("/completions");
        assertThat(
                        OpenAiCompletionsProvider.path(
                                model().baseUrl("https://mongoose.ai/v1").build()))
                .isEqualTo("/completions");
    }

    @Test
    void usageIsEstimatedFromThePromptAsItWasSent() throws Exception {
        String body =
                "{\"choices\":[{\"text\":\"forty-two\",\"finish_reason\":\"stop\",\"token_index\":0}]}";
        FakeServer server = server(json(body));
        ModelProvider provider =
                provider(model().baseUrl(server.url()).promptTemplate("Q: {prompt}\nA:"));

        Completion completion = completion(call(provider, request(CHAT)));

        // "Q: What is six times seven?\nA:" is 30 characters, "forty-two" is 9.
        assertThat(completion.usage()).isEqualTo(new Usage(8, 0, 3, 0, true));
    }

    @Test
    void whatTheProtocolCannotSayIsRefusedForThisPrompt() throws Exception {
        ModelProvider provider = providerOf(json(body("42")));
        String image =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"?\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}]}";
        String tools =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"?\"}],\"tools\":[{\"type\":\"function\"}]}";

        CallResult withImage = call(provider, request(image));
        CallResult withTools = call(provider, request(tools));

        assertThat(withImage).isInstanceOf(GiveUpOnPrompt.class);
        assertThat(error(withImage).message()).contains("chat model");
        assertThat(withTools).isInstanceOf(GiveUpOnPrompt.class);
        assertThat(error(withTools).message()).contains("\"tools\"");
    }

    @Test
    void paramsComeBeforeOurStop() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url()).params(Map.of("stop", "###"))), request(CHAT));

        assertThat(server.requests().getFirst().body())
                .contains("\"stop\":\"###\"")
                .doesNotContain("User:\"]");
    }
}
