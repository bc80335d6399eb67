package dev.assay.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A program that is sent 200 replies of 64 MB at once, and ends well if each becomes an error.
final class HugeReplies {

    private static final int CALLS = 200;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int CHUNKS = 1000;
    private static final int MAX_BODY_BYTES = 4 << 20;

    private HugeReplies() {}

    public static void main(String[] args) throws Exception {
        byte[] chunk = " ".repeat(CHUNK_BYTES).getBytes(UTF_8);
        HttpCaller.Settings settings =
                new HttpCaller.Settings(
                        CALLS,
                        MAX_BODY_BYTES,
                        2L * MAX_BODY_BYTES,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30));
        try (FakeServer server =
                        FakeServer.playing(
                                wire -> {
                                    wire.send("HTTP/1.1 200 OK\r\n\r\n");
                                    for (int i = 0; i < CHUNKS; i++) {
                                        wire.send(chunk);
                                    }
                                    wire.close();
                                });
                HttpCaller caller = new HttpCaller(settings)) {
            HttpEndpoint endpoint =
                    caller.endpoint(URI.create(server.url()), Map.of(), Duration.ofMinutes(1));
            List<CompletableFuture<HttpOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                CompletableFuture<HttpOutcome> outcome = new CompletableFuture<>();
                outcomes.add(outcome);
                var _ =
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            try {
                                                outcome.complete(
                                                        endpoint.post(
                                                                new byte[] {'{', '}'},
                                                                Duration.ofMinutes(1)));
                                            } catch (Throwable e) {
                                                outcome.completeExceptionally(e);
                                            }
                                        });
            }
            for (CompletableFuture<HttpOutcome> outcome : outcomes) {
                if (!(outcome.get() instanceof HttpOutcome.BrokenBody)) {
                    throw new AssertionError(outcome.get());
                }
            }
        }
    }
}
