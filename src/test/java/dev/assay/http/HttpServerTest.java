package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.topology.Health;

import io.javalin.config.RoutesConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

class HttpServerTest {

    private static final String LOOPBACK = "127.0.0.1";
    private static final ApiKeys OPEN = ApiKeys.of("");

    private Health health = Health.starting();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void readinessFollowsTheInstanceAndGivesReasons() throws Exception {
        try (HttpServer server = start(OPEN)) {
            HttpResponse<String> starting = get(server, "/readyz", "");
            assertThat(starting.statusCode()).isEqualTo(503);
            assertThat(starting.body()).contains("\"unavailable\"", "it is starting");

            health = new Health(List.of(), List.of(), Map.of("state", "RUNNING"));
            HttpResponse<String> ready = get(server, "/readyz", "");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body())
                    .isEqualTo("{\"status\":\"ok\",\"reasons\":[],\"state\":\"RUNNING\"}");
        }
    }

    @Test
    void processThatIsNotReadyIsStillAlive() throws Exception {
        try (HttpServer server = start(OPEN)) {
            assertThat(get(server, "/healthz", "").statusCode()).isEqualTo(200);

            health = new Health(List.of("it is dead"), List.of("it is dead"), Map.of());
            HttpResponse<String> dead = get(server, "/healthz", "");
            assertThat(dead.statusCode()).isEqualTo(503);
            assertThat(dead.body()).contains("it is dead");
        }
    }

    @Test
    void metricsAreGivenAsText() throws Exception {
        registry.counter("assay.duplicates").increment(3);
        try (HttpServer server = start(OPEN)) {
            HttpResponse<String> metrics = get(server, "/metrics", "");

            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/plain");
            assertThat(metrics.body()).contains("assay_duplicates_total 3.0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',             401",
        "Bearer,         401",
        "Bearer wrong,   401",
        "Basic one,      401",
        "Bearer one,     200",
        "bearer two,     200",
        "'Bearer  two ', 200"
    })
    void metricsWantAKeyWhereThereAreKeys(String authorization, int status) throws Exception {
        try (HttpServer server = start(ApiKeys.of("one, two"))) {
            HttpResponse<String> metrics = get(server, "/metrics", authorization);

            assertThat(metrics.statusCode()).isEqualTo(status);
            if (status == 401) {
                assertThat(metrics.body())
                        .contains("\"type\":\"invalid_request_error\"", "\"invalid_api_key\"")
                        .doesNotContain("one", "wrong");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Bearer one, ''", "Bearer two, acme", "Bearer acme=two, none"})
    void keyTellsTheTenant(String authorization, String tenant) {
        String shown =
                ApiKeys.of("one, acme=two")
                        .admit(authorization)
                        .map(caller -> caller.tenant().orElse(""))
                        .orElse("none");

        assertThat(shown).isEqualTo(tenant);
    }

    /// As `openssl rand -base64` prints them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fPQmT1uzPZ9kkkZ6n2sVvV5o0O1y8Xq2m3t4u5v6w7A=",
                "fPQmT1uzPZ9kkkZ6n2sVvQ==",
                "acme=fPQmT1uzPZ9kkkZ6n2sVvQ=="
            })
    void paddingIsPartOfAKey(String entry) {
        ApiKeys keys = ApiKeys.of(entry);

        assertThat(keys.admit("Bearer " + entry.replace("acme=", ""))).isPresent();
        assertThat(keys.admit("")).isEmpty();
        assertThat(keys.admit("Bearer ")).isEmpty();
        assertThat(keys.admit("Bearer =")).isEmpty();
    }

    /// As where the variable that was to be the key is not set.
    @ParameterizedTest
    @ValueSource(strings = {"acme=", "acme==", "one, acme = "})
    void tenantWithoutAKeyIsRefusedAndNotRepeated(String entries) {
        assertThatThrownBy(() -> ApiKeys.of(entries))
                .isInstanceOf(HttpServerException.class)
                .hasMessageContaining("ends in \"=\" and so has no key")
                .hasMessageNotContaining("acme");
    }

    @Test
    void keyOfATenantThatTheFileDoesNotHaveIsRefused() {
        ApiKeys keys = ApiKeys.of("one, acme=two, Acme=three");

        assertThatThrownBy(() -> keys.requireTenants(Set.of("other", "acme")))
                .isInstanceOf(HttpServerException.class)
                .hasMessageContaining("entry 3")
                .hasMessageContaining("acme, other")
                .hasMessageNotContaining("three");
        assertThatCode(() -> keys.requireTenants(Set.of("acme", "Acme")))
                .doesNotThrowAnyException();
        assertThatCode(() -> keys.requireTenants(Set.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz"})
    void probesNeedNoKey(String path) throws Exception {
        try (HttpServer server = start(ApiKeys.of("one"))) {
            assertThat(get(server, path, "").statusCode()).isNotEqualTo(401);
        }
    }

    /// A page whose name leads to this machine is our own to its browser, so it may also read.
    @ParameterizedTest
    @CsvSource({
        "localhost,                  200",
        "LocalHost:8080,             200",
        "assay.localhost:8080,       200",
        "127.0.0.1,                  200",
        "127.0.0.1:49152,            200",
        "127.0.1.1:8080,             200",
        "[::1]:8080,                 200",
        "evil.example,               403",
        "evil.example:8080,          403",
        "127.0.0.1.evil.example,     403",
        "localhost.evil.example,     403",
        "evillocalhost,              403",
        "192.168.0.7:8080,           403",
        "[2001:db8::1]:8080,         403",
    })
    void withoutKeysOnlyNamesOfThisMachineAreAnswered(String host, int status) throws Exception {
        try (HttpServer server = start(OPEN)) {
            assertThat(raw(server, "GET", "/metrics", "Host: " + host)).startsWith(status(status));
            assertThat(raw(server, "GET", "/healthz", "Host: " + host)).startsWith(status(200));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,    http://localhost:8080,    200",
        "LOCALHOST:8080,    http://localhost:8080,    200",
        "localhost,         https://localhost,        200",
        "[::1]:8080,        http://[::1]:8080,        200",
        "localhost:8080,    http://localhost:3000,    403",
        "localhost:8080,    http://127.0.0.1:8080,    403",
        "localhost:8080,    https://evil.example,     403",
        "localhost:8080,    http://evil.example:8080, 403",
        "localhost:8080,    null,                     403",
    })
    void withoutKeysNoPageOfAnotherOriginSpendsMoney(String host, String origin, int status)
            throws Exception {
        AtomicInteger served = new AtomicInteger();
        Consumer<RoutesConfig> page =
                routes -> routes.post("/v1/files", _ -> served.incrementAndGet());
        try (HttpServer server = HttpServer.start(LOOPBACK, 0, OPEN, List.of(page))) {
            String answer = raw(server, "POST", "/v1/files", "Host: " + host, "Origin: " + origin);

            assertThat(answer).startsWith(status(status));
            assertThat(served.get()).isEqualTo(status == 200 ? 1 : 0);
            if (status == 403) {
                assertThat(answer)
                        .contains("{\"error\":{\"message\":", "\"type\":\"invalid_request_error\"");
            }
        }
    }

    @Test
    void keyIsEnoughUnderAnyName() throws Exception {
        try (HttpServer server = start(ApiKeys.of("one"))) {
            String answer =
                    raw(
                            server,
                            "GET",
                            "/metrics",
                            "Host: assay.example",
                            "Origin: https://tools.example",
                            "Authorization: Bearer one");

            assertThat(answer).startsWith(status(200));
        }
    }

    @Test
    void unknownPathIsAnErrorInOpenAisForm() throws Exception {
        try (HttpServer server = start(OPEN)) {
            HttpResponse<String> nothing = get(server, "/nothing", "");

            assertThat(nothing.statusCode()).isEqualTo(404);
            assertThat(nothing.body())
                    .startsWith("{\"error\":{\"message\":")
                    .contains("\"type\":\"invalid_request_error\"");
        }
    }

    @Test
    void addressThatCannotBeIsAnErrorInOpenAisForm() throws Exception {
        try (HttpServer server = start(OPEN)) {
            HttpResponse<String> refused = get(server, "/v1/files/file-x%00y", "");

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("content-type")).contains("application/json");
            assertThat(refused.body())
                    .startsWith("{\"error\":{\"message\":")
                    .contains("\"type\":\"invalid_request_error\"");
        }
    }

    @Test
    void listeningToOthersWithoutKeysIsRefused() {
        assertThatThrownBy(() -> HttpServer.start("0.0.0.0", 0, OPEN, List.of()))
                .isInstanceOf(HttpServerException.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("ASSAY_API_KEYS");
    }

    @Test
    void portInUseIsToldWithTheWayOut() {
        try (HttpServer server = start(OPEN)) {
            assertThatThrownBy(() -> HttpServer.start(LOOPBACK, server.port(), OPEN, List.of()))
                    .isInstanceOf(HttpServerException.class)
                    .hasMessageContaining(LOOPBACK + ":" + server.port())
                    .hasMessageContaining("--http-port");
        }
    }

    private HttpServer start(ApiKeys keys) {
        return HttpServer.start(
                LOOPBACK,
                0,
                keys,
                List.of(new HealthPages(() -> health), new MetricsPage(registry)));
    }

    private static String status(int code) {
        return "HTTP/1.1 " + code + " ";
    }

    /// With headers that Java's own client sets itself.
    private static String raw(HttpServer server, String method, String path, String... headers)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request =
                    "%s %s HTTP/1.1\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .formatted(method, path, String.join("\r\n", headers));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpResponse<String> get(HttpServer server, String path, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
