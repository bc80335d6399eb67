package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.http.ApiKeys;
import dev.assay.http.HttpServer;
import dev.assay.http.PromptGateway;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What is told before a prompt is sent anywhere.
class ChatPagesTest {

    private static final TopologyFile FILE =
            TopologyParser.parse(
                    """
                    name: t
                    models: [{name: small, provider: simulated}]
                    routes: [{name: support, assign: {strategy: fixed, models: [small]}}]
                    """,
                    Path.of("t.yaml"),
                    Map.of());

    private static final long MEMORY_BYTES = 300_000;

    @Test
    void requestsThatWaitTakeNoMoreMemoryThanThereIs() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Supplier<Optional<PromptGateway>> gateway =
                () -> {
                    waits.countDown();
                    await(answered);
                    return Optional.empty();
                };
        try (HttpServer server = start(gateway);
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> first =
                    client.sendAsync(request(server, 60_000).build(), BodyHandlers.ofString());
            await(waits);

            HttpResponse<String> second = send(client, request(server, 60_000));
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).contains("as much memory as they may");

            answered.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS).body()).contains("still starting");
            assertThat(send(client, request(server, 60_000)).body()).contains("still starting");
        }
    }

    @Test
    void bodyThatWouldTakeAllMemoryIsTooLarge() throws Exception {
        try (HttpServer server = start(Optional::empty);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(send(client, request(server, 200_000)).statusCode()).isEqualTo(413);
        }
    }

    /// A prompt with the id of a job's line would be that line to the pipeline, and the job would
    /// wait for its own.
    @Test
    void idempotencyKeyCannotBeTheIdOfAJobsLine() throws Exception {
        try (HttpServer server = start(Optional::empty);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> line =
                    send(client, request(server, 10).header("Idempotency-Key", "nightly/1"));
            HttpResponse<String> other =
                    send(client, request(server, 10).header("Idempotency-Key", "nightly-1"));

            assertThat(line.statusCode()).isEqualTo(400);
            assertThat(line.body())
                    .contains("Idempotency-Key", "\"type\":\"invalid_request_error\"");
            assertThat(other.statusCode()).isEqualTo(503);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer start(Supplier<Optional<PromptGateway>> gateway) {
        return HttpServer.start(
                "127.0.0.1",
                0,
                ApiKeys.of(""),
                List.of(
                        new ChatPages(
                                FILE,
                                gateway,
                                InstantSource.system(),
                                new BodyMemory(MEMORY_BYTES))));
    }

    private static HttpRequest.Builder request(HttpServer server, int chars) {
        String body =
                """
                {"model":"auto","messages":[{"role":"user","content":"%s"}]}"""
                        .formatted("a".repeat(chars));
        return HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
