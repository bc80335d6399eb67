package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.http.ApiKeys;
import dev.assay.http.HttpServer;
import dev.assay.http.PromptGateway;
import dev.assay.local.RegistryProcess;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;
import dev.assay.topology.Pipeline;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// OpenAI's own Java client, unchanged but for its base URL and key.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
@TestInstance(Lifecycle.PER_CLASS)
class OpenAiClientIT {

    private static final String PIPELINE =
            """
            name: openai
            topics: {prefix: "openai.", partitions: 3}
            engine: {drain_timeout: 0s}
            models:
              - {name: small, provider: simulated, simulate: {latency: 20ms}, price: {input: 1, output: 2}}
              - {name: judge, provider: simulated, simulate: {latency: 20ms}}
              - {name: stuck, provider: simulated, simulate: {latency: 10m}}
            routes:
              - {name: slow, match: {task: [slow]}, assign: {strategy: fixed, models: [stuck]}}
              - name: support
                assign: {strategy: cascade, models: [small]}
                check: {judges: [judge], pass: 1}
            tenants: {acme: {topic: prompts.acme}}
            """;

    private final TopologyFile file;
    private final List<OpenAIClient> clients = new ArrayList<>();
    private Pipeline pipeline;
    private PromptGateway gateway;
    private HttpServer server;

    OpenAiClientIT(TestBroker broker, RegistryProcess registry) {
        this.file =
                TopologyParser.parse(PIPELINE, Path.of("openai.yaml"), Map.of())
                        .withStack(broker.bootstrapServers(), registry.url());
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = Pipeline.start(file, folder.resolve("state"));
        gateway = PromptGateway.open(file);
        server = serve(pipeline);
    }

    private HttpServer serve(Pipeline instance) {
        return HttpServer.start(
                "127.0.0.1",
                0,
                ApiKeys.of("plain-key, acme=acme-key, other=other-key"),
                List.of(
                        new ChatPages(file, () -> Optional.of(gateway), InstantSource.system()),
                        new PromptPages(
                                () -> Optional.of(gateway),
                                () -> Optional.of(instance.queries()))));
    }

    @AfterAll
    void stop() {
        clients.forEach(OpenAIClient::close);
        server.close();
        gateway.close();
        pipeline.close();
    }

    @Test
    void chatCompletionComesWithItsGrade() {
        OpenAIClient client = client("plain-key");
        ChatCompletion completion =
                client.chat().completions().create(request("auto", "6 times 7?"));

        assertThat(completion.choices()).hasSize(1);
        assertThat(completion.choices().getFirst().message().content().orElse("")).isNotEmpty();
        assertThat(completion.choices().getFirst().finishReason().asString()).isEqualTo("stop");
        assertThat(completion.model()).isEqualTo("small");
        assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
        Map<String, Object> assay = assay(completion);
        assertThat(assay.get("outcome")).isEqualTo("graded");
        assertThat(assay.get("route")).isEqualTo("support");
        assertThat(assay).containsKeys("grade", "verdicts", "cost_usd", "attempts");
    }

    @Test
    void streamedCompletionIsTheWholeAnswer() {
        OpenAIClient client = client("plain-key");
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat()
                        .completions()
                        .createStreaming(
                                request("support", "6 times 7?").toBuilder()
                                        .streamOptions(
                                                ChatCompletionStreamOptions.builder()
                                                        .includeUsage(true)
                                                        .build())
                                        .build())) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();

            String text =
                    chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining());
            assertThat(text).isNotEmpty();
            assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isPositive();
        }
    }

    @Test
    void manyAtOnceGetEachItsOwn() {
        OpenAIClient client = client("acme-key");
        List<String> ids =
                IntStream.range(0, 40)
                        .parallel()
                        .mapToObj(
                                i ->
                                        client.chat()
                                                .completions()
                                                .create(
                                                        request("auto", "prompt " + i).toBuilder()
                                                                .putAdditionalHeader(
                                                                        "Idempotency-Key",
                                                                        "many-" + i)
                                                                .build())
                                                .id())
                        .toList();

        assertThat(ids)
                .containsExactlyElementsOf(
                        IntStream.range(0, 40).mapToObj(i -> "chatcmpl-many-" + i).toList());
    }

    @Test
    void modelMayBeNamedByItself() {
        OpenAIClient client = client("plain-key");
        assertThat(client.models().list().data())
                .extracting(Model::id)
                .containsExactly("auto", "slow", "support", "small", "stuck");
        assertThat(client.models().retrieve("small").id()).isEqualTo("small");

        assertThat(client.chat().completions().create(request("small", "hello")).model())
                .isEqualTo("small");
    }

    @Test
    void mistakesAreToldAsOpenAiDoes() {
        OpenAIClient client = client("plain-key");
        OpenAIClient stranger = client("wrong-key");
        assertThatThrownBy(() -> stranger.chat().completions().create(request("auto", "hi")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Incorrect API key");
        assertThatThrownBy(() -> client.chat().completions().create(request("gpt-9", "hi")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("support");
        assertThatThrownBy(
                        () ->
                                client.chat()
                                        .completions()
                                        .create(request("auto", "hi").toBuilder().n(2).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("n");
    }

    @Test
    void keyThatIsLongerThanAnIdMayBeIsRefusedAtOnce() throws Exception {
        HttpResponse<String> refused = ask("k".repeat(600), "plain-key", chat("hi"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Idempotency-Key has 600 characters; it may have 512");
    }

    /// An image in a prompt is soon larger than the megabyte that Kafka's clients take by default.
    @Test
    void promptMayBeAsLargeAsThePipelineTakes() throws Exception {
        HttpResponse<String> large = ask("large", "plain-key", chat("a".repeat(3_000_000)));
        HttpResponse<String> tooLarge = ask("larger", "plain-key", chat("a".repeat(7_000_000)));
        HttpResponse<String> huge = ask("largest", "plain-key", chat("a".repeat(30_000_000)));

        assertThat(large.body()).doesNotContain("too_large", "Kafka");
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(tooLarge.body()).contains("\"code\":\"too_large\"");
        assertThat(huge.statusCode()).isEqualTo(413);
        assertThat(huge.body()).contains("\"code\":\"too_large\"");
    }

    @Test
    void whatTakesTooLongIsToldOnceWithTheWayToIt() {
        OpenAIClient client = client("plain-key");
        ChatCompletionCreateParams hurried =
                request("slow", "hi").toBuilder()
                        .putAdditionalHeader("x-assay-timeout-seconds", "0.5")
                        .build();

        assertThatThrownBy(() -> client.chat().completions().create(hurried))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        error -> {
                            assertThat(error.statusCode()).isEqualTo(504);
                            assertThat(error.getMessage())
                                    .contains("no result within 0.5 s", "/api/prompts/");
                        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callerWhoGoesAwayCancelsThePrompt(boolean stream) throws Exception {
        String id = "hung-up-" + stream;
        String body =
                """
                {"model": "slow", "stream": %b, "messages": [{"role": "user", "content": "hi"}]}
                """
                        .formatted(stream);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request(id, "acme-key", body));
            await().until(() -> stuckInFlight() > 0);
        }

        await().until(() -> stuckInFlight() == 0);
        await().untilAsserted(() -> assertThat(fetch(id, "acme-key").body()).contains("cancelled"));
        assertThat(fetch(id, "other-key").statusCode()).isEqualTo(404);
        assertThat(ask(id, "acme-key", body).body()).contains("\"code\":\"cancelled\"");
        HttpResponse<String> stranger = ask(id, "other-key", body);
        assertThat(stranger.statusCode()).isEqualTo(409);
        assertThat(stranger.body()).contains("another caller's").doesNotContain("cancelled");
    }

    private int stuckInFlight() {
        return pipeline.inFlight().getOrDefault("stuck", 0);
    }

    @Test
    void promptThatIsUnderWayIsToldToItsTenant() throws Exception {
        String body =
                "{\"model\": \"slow\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request("under-way", "acme-key", body));

            await().untilAsserted(
                            () ->
                                    assertThat(fetch("under-way", "acme-key").body())
                                            .contains(
                                                    "\"outcome\":\"pending\"",
                                                    "\"state\":\"answering\"",
                                                    "\"round\":1"));
            assertThat(fetch("under-way", "plain-key").statusCode()).isEqualTo(200);
            assertThat(fetch("under-way", "other-key").statusCode()).isEqualTo(404);
            assertThat(fetch("nobodys", "plain-key").body()).contains("answers.graded");
        }
        await().until(() -> stuckInFlight() == 0);
    }

    private static byte[] request(String id, String key, String body) {
        return """
                POST /v1/chat/completions HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Idempotency-Key: %s\r
                Content-Length: %d\r
                \r
                %s"""
                .formatted(key, id, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String chat(String text) {
        return "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(text);
    }

    private HttpResponse<String> ask(String id, String key, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                        .header("Authorization", "Bearer " + key)
                        .header("Idempotency-Key", id)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> fetch(String id, String key) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(server.url() + "/api/prompts/" + id))
                        .header("Authorization", "Bearer " + key));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private OpenAIClient client(String key) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey(key).build();
        clients.add(client);
        return client;
    }

    @SuppressWarnings("deprecation") // no other way to what OpenAI does not define
    private static Map<String, Object> assay(ChatCompletion completion) {
        JsonValue value = completion._additionalProperties().get("assay");
        return Objects.requireNonNull(value).convert(new TypeReference<Map<String, Object>>() {});
    }

    private static ChatCompletionCreateParams request(String model, String text) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(text).build();
    }
}
