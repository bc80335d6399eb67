package dev.assay.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Confluent's API at the root of an address, where Confluent's own registry has it, in front of a
/// registry that has it below a path. What names a path below `/apis` passes as it is.
///
/// Each request is handled on a virtual thread of its own.
final class RegistryFront implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryFront.class);

    private static final String OWN_PATHS = "/apis/";
    private static final String CONFLUENTS = "/apis/ccompat/v7";
    private static final int MAX_BODY_BYTES = 8 << 20;
    private static final int MAX_REQUESTS = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpServer server;
    private final URI registry;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);

    private RegistryFront(HttpServer server, URI registry) {
        this.server = server;
        this.registry = registry;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .build();
    }

    /// @param port of 127.0.0.1; 0 takes a free one
    /// @param registryPort where the registry listens on 127.0.0.1
    static RegistryFront start(int port, int registryPort) {
        try {
            HttpServer server = HttpServer.create(LoopbackPorts.address(port), MAX_REQUESTS);
            RegistryFront front =
                    new RegistryFront(
                            server,
                            URI.create("http://" + LoopbackPorts.HOST + ":" + registryPort));
            server.setExecutor(front.threads);
            server.createContext("/", front::handle);
            server.start();
            return front;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The schema registry cannot listen on port %d".formatted(port), e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.acquire();
            try {
                byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
                if (body.length > MAX_BODY_BYTES) {
                    refuse(exchange, 413, "more than %,d bytes".formatted(MAX_BODY_BYTES));
                } else {
                    pass(exchange, body);
                }
            } finally {
                requests.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = client.send(request(exchange, body), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            LOG.debug("The registry does not answer", e);
            refuse(exchange, 503, "the schema registry does not answer; its log tells more");
            return;
        }
        response.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        send(exchange, response.statusCode(), response.body());
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target(exchange.getRequestURI()))
                        .timeout(TIMEOUT)
                        .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String name : List.of("Content-Type", "Accept")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
                    .ifPresent(value -> request.header(name, value));
        }
        return request.build();
    }

    private URI target(URI asked) {
        String path = asked.getRawPath();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        return URI.create(
                registry + (path.startsWith(OWN_PATHS) ? path : CONFLUENTS + path) + query);
    }

    private static void refuse(HttpExchange exchange, int status, String message)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(
                exchange,
                status,
                "{\"error_code\":%d,\"message\":\"%s\"}"
                        .formatted(status, message)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// A length of -1 tells the JDK's server that there is no body.
    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }
}
