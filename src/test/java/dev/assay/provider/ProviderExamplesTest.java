package dev.assay.provider;

import static dev.assay.provider.http.FakeServer.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.Completion;
import dev.assay.model.Usage;
import dev.assay.provider.http.FakeServer;
import dev.assay.provider.http.FakeServer.Received;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// The entries of `topology/providers.yaml`, called as they stand but for scheme, host and port: is
/// what arrives what the provider documents?
///
/// - OpenAI: https://platform.openai.com/docs/api-reference/chat/create
/// - Azure: https://learn.microsoft.com/azure/ai-services/openai/reference and, for its v1 path,
///   https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
/// - Bedrock: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html
/// - Gemini: https://ai.google.dev/gemini-api/docs/openai
/// - Anthropic: https://docs.anthropic.com/en/api/messages
/// - GooseAI: https://goose.ai/docs/api
/// - OpenRouter: https://openrouter.ai/docs/api-reference/overview
/// - Groq: https://console.groq.com/docs/openai
/// - Mistral: https://docs.mistral.ai/api
/// - vLLM: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
/// - Ollama: https://docs.ollama.com/api/openai-compatibility
@Timeout(30)
class ProviderExamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("topology", "providers.yaml");
    private static final String CHAT =
            """
            {"messages": [{"role": "user", "content": "What is six times seven?"}],
             "temperature": 0.5, "max_tokens": 100, "seed": 7, "logprobs": false}""";
    private static final String CHAT_REPLY =
            """
            {"object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"42"}}],"usage":{"prompt_tokens":1000,
            "completion_tokens":300,"total_tokens":1300,"prompt_tokens_details":{"cached_tokens":600},
            "completion_tokens_details":{"reasoning_tokens":250}}}""";
    private static final String MESSAGES_REPLY =
            """
            {"type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"42"}],
            "stop_reason":"end_turn","usage":{"input_tokens":400,"cache_read_input_tokens":600,
            "output_tokens":300}}""";
    private static final String COMPLETIONS_REPLY =
            """
            {"object":"text_completion","choices":[{"text":" 42","finish_reason":"stop"}]}""";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    openai           | /v1/chat/completions                                              | authorization: Bearer key-OPENAI_API_KEY           | gpt-4.1-mini
                    openai-reasoning | /v1/chat/completions                                              | authorization: Bearer key-OPENAI_API_KEY           | o4-mini
                    azure            | /openai/deployments/my-gpt/chat/completions?api-version=2024-10-21 | api-key: key-AZURE_API_KEY                        | gpt-4.1-mini
                    azure-v1         | /openai/v1/chat/completions                                       | api-key: key-AZURE_API_KEY                         | my-gpt
                    bedrock          | /openai/v1/chat/completions                                       | authorization: Bearer key-AWS_BEARER_TOKEN_BEDROCK | openai.gpt-oss-20b-1:0
                    gemini           | /v1beta/openai/chat/completions                                   | authorization: Bearer key-GEMINI_API_KEY           | gemini-2.5-flash
                    claude           | /v1/messages                                                      | x-api-key: key-ANTHROPIC_API_KEY                   | claude-haiku-4-5
                    gooseai          | /v1/engines/gpt-neo-20b/completions                               | authorization: Bearer key-GOOSEAI_API_KEY          | -
                    openrouter       | /api/v1/chat/completions                                          | authorization: Bearer key-OPENROUTER_API_KEY       | meta-llama/llama-3.3-70b-instruct
                    groq             | /openai/v1/chat/completions                                       | authorization: Bearer key-GROQ_API_KEY             | llama-3.1-8b-instant
                    mistral          | /v1/chat/completions                                              | authorization: Bearer key-MISTRAL_API_KEY          | mistral-small-latest
                    vllm             | /v1/chat/completions                                              | authorization: Bearer key-VLLM_API_KEY             | Qwen/Qwen2.5-7B-Instruct
                    ollama           | /v1/chat/completions                                              | -                                                  | llama3.2
                    """)
    void pathHeadersAndModelAreAsDocumented(
            String model, String target, @Nullable String key, @Nullable String providerModel)
            throws Exception {
        Received received = received(model);

        assertThat(received.line()).isEqualTo("POST " + target + " HTTP/1.1");
        assertThat(received.headers()).containsEntry("content-type", "application/json");
        if (key == null) {
            assertThat(received.headers()).doesNotContainKeys("authorization", "api-key");
        } else {
            String[] header = key.split(": ", 2);
            assertThat(received.headers()).containsEntry(header[0], header[1]);
        }
        if (!header(key).equals("authorization")) {
            assertThat(received.headers()).doesNotContainKey("authorization");
        }
        assertThat(body(received).path("model").asText(null)).isEqualTo(providerModel);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    openai           | {"temperature":0.5,"max_tokens":100,"seed":7,"logprobs":false}
                    openai-reasoning | {"reasoning_effort":"low","max_completion_tokens":100,"seed":7}
                    azure            | {"temperature":0.5,"max_tokens":100,"seed":7,"logprobs":false}
                    bedrock          | {"temperature":0.5,"max_completion_tokens":100,"seed":7,"logprobs":false}
                    claude           | {"temperature":0.5,"max_tokens":100}
                    groq             | {"temperature":0.5,"max_completion_tokens":100,"seed":7}
                    mistral          | {"temperature":0.5,"max_tokens":100,"random_seed":7}
                    """)
    void parametersAreThoseThatTheModelKnows(String model, String expected) throws Exception {
        JsonNode body = body(received(model));

        JsonNode rest = ((ObjectNode) body).remove(List.of("model", "messages"));
        assertThat(rest).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void gooseAiGetsOneText() throws Exception {
        JsonNode body = body(received("gooseai"));

        assertThat(body.path("prompt").asText())
                .contains("What is six times seven?")
                .endsWith("A short and correct answer:");
        assertThat(body.path("max_tokens").intValue()).isEqualTo(100);
        assertThat(body.has("messages")).isFalse();
    }

    @Test
    void anthropicIsToldTheVersion() throws Exception {
        assertThat(received("claude").headers()).containsEntry("anthropic-version", "2023-06-01");
    }

    /// Reasoning is within the output and cached tokens are within the input, so each is paid once.
    @ParameterizedTest
    @CsvSource({"openai-reasoning, 250, 0.001925", "gemini, 250, 0.000915", "claude, 0, 0.00196"})
    void reasoningIsCountedOnceAndCachedTokensArePricedAsSuch(
            String model, long reasoning, double usd) throws Exception {
        ModelConfig entry = entry(model);

        Usage usage = answer(entry).usage();

        assertThat(usage).isEqualTo(new Usage(1000, 600, 300, reasoning, false));
        assertThat(entry.card().price().costUsd(usage)).isCloseTo(usd, within(1e-12));
    }

    @Test
    void usageThatGooseAiDoesNotSendIsEstimated() throws Exception {
        Usage usage = answer(entry("gooseai")).usage();

        assertThat(usage.estimated()).isTrue();
        assertThat(usage.outputTokens()).isPositive();
    }

    private static Received received(String model) throws Exception {
        try (FakeServer server = FakeServer.playing(json(reply(model)))) {
            call(entry(model), server);
            return server.requests().getFirst();
        }
    }

    private static Completion answer(ModelConfig entry) throws Exception {
        try (FakeServer server = FakeServer.playing(json(reply(entry.name())))) {
            CallResult result = call(entry, server);
            assertThat(result).isInstanceOf(Answered.class);
            return ((Answered) result).completion();
        }
    }

    private static CallResult call(ModelConfig entry, FakeServer server) throws Exception {
        ModelConfig here = at(URI.create(server.url()), entry);
        try (Providers providers = Providers.of(List.of(here))) {
            ModelProvider provider = Objects.requireNonNull(providers.byModel().get(entry.name()));
            return provider.call(
                    new ModelRequest(CHAT, OptionalInt.empty(), Duration.ofSeconds(20)));
        }
    }

    private static String reply(String model) {
        return switch (model) {
            case "claude" -> MESSAGES_REPLY;
            case "gooseai" -> COMPLETIONS_REPLY;
            default -> CHAT_REPLY;
        };
    }

    private static ModelConfig entry(String model) {
        Map<String, String> keys = new HashMap<>();
        for (String name :
                List.of(
                        "OPENAI_API_KEY",
                        "AZURE_API_KEY",
                        "AWS_BEARER_TOKEN_BEDROCK",
                        "GEMINI_API_KEY",
                        "ANTHROPIC_API_KEY",
                        "GOOSEAI_API_KEY",
                        "OPENROUTER_API_KEY",
                        "GROQ_API_KEY",
                        "MISTRAL_API_KEY",
                        "VLLM_API_KEY")) {
            keys.put(name, "key-" + name);
        }
        TopologyFile file = TopologyParser.parse(FILE, keys);
        return file.models().stream()
                .filter(entry -> entry.name().equals(model))
                .findFirst()
                .orElseThrow();
    }

    /// The same entry with the server's scheme, host and port.
    private static ModelConfig at(URI server, ModelConfig entry) {
        URI base = entry.baseUrl().orElseThrow();
        return new ModelConfig(
                entry.card(),
                entry.provider(),
                Optional.of(
                        URI.create(
                                server.getScheme()
                                        + "://"
                                        + server.getAuthority()
                                        + base.getRawPath())),
                entry.providerModel(),
                entry.apiKey(),
                entry.headers(),
                entry.query(),
                entry.params(),
                entry.dropParams(),
                entry.renameParams(),
                entry.promptTemplate(),
                entry.limits(),
                entry.timeout(),
                entry.idleTimeout(),
                entry.simulation(),
                entry.hedge());
    }

    private static String header(@Nullable String key) {
        return key == null ? "" : key.split(":", 2)[0];
    }

    private static JsonNode body(Received received) throws Exception {
        return JSON.readTree(received.body());
    }
}
