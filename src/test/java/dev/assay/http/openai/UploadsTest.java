package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.http.ApiKeys;
import dev.assay.http.HttpServer;

import io.javalin.http.Context;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

class UploadsTest {

    private static final int HALF = Uploads.MOST_AT_ONCE / 2;

    private final Uploads uploads = new Uploads(1_000_000);
    private final Semaphore held = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir private Path folder;
    private HttpServer server;

    @BeforeEach
    void start() {
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        ApiKeys.of("plain-key, acme=acme-key, other=other-key"),
                        List.of(routes -> routes.post("/upload", this::upload)));
    }

    private void upload(Context context) throws InterruptedException {
        try (Uploads.Upload _ = uploads.receive(context, folder)) {
            held.release();
            end.await();
        }
    }

    @AfterEach
    void stop() {
        end.countDown();
        client.close();
        server.close();
    }

    @Test
    void oneTenantHoldsHalfOfThePlacesAtMost() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> taken = new ArrayList<>();
        for (int number = 0; number < HALF; number++) {
            taken.add(send("acme-key"));
        }
        assertThat(held.tryAcquire(HALF, 10, TimeUnit.SECONDS)).isTrue();

        assertThat(status(send("acme-key"))).isEqualTo(429);

        for (int number = 0; number < HALF; number++) {
            taken.add(send("other-key"));
        }
        assertThat(held.tryAcquire(HALF, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(status(send("plain-key"))).isEqualTo(429);

        end.countDown();
        for (CompletableFuture<HttpResponse<String>> one : taken) {
            assertThat(status(one)).isEqualTo(200);
        }
        assertThat(status(send("acme-key"))).isEqualTo(200);
    }

    private static int status(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS).statusCode();
    }

    private CompletableFuture<HttpResponse<String>> send(String key) {
        String body =
                """
                --edge\r
                Content-Disposition: form-data; name="file"; filename="a.jsonl"\r
                \r
                {}\r
                --edge--\r
                """;
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.url() + "/upload"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "multipart/form-data; boundary=edge")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }
}
