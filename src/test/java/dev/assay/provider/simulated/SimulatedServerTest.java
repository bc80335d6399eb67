package dev.assay.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.ProviderKind;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.TestModel;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.openai.OpenAiProvider;
import dev.assay.provider.simulated.SimulatedServer.Options;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@Timeout(30)
class SimulatedServerTest {

    private static final String CHAT =
            "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"6*7?\"}]}";
    private static final int MAX_REQUEST_BYTES = 100_000;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void answersAsTheModelInTheProcessDoes() throws Exception {
        SimulatedServer server = server(Duration.ofMillis(1), 0, 0);
        SimulatedProvider inProcess =
                new SimulatedProvider(
                        TestModel.of(ProviderKind.SIMULATED).providerModel("small").build(),
                        1,
                        duration -> {});

        Answered overHttp = (Answered) provider(server).call(request());
        Answered direct = (Answered) inProcess.call(request());

        assertThat(overHttp.completion().text()).isEqualTo(direct.completion().text());
        assertThat(overHttp.completion().usage()).isEqualTo(direct.completion().usage());
        assertThat(overHttp.completion().requestId()).isPresent();
    }

    @Test
    void listsItsModels() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);

        JsonNode models = json(exchange(server, "GET /v1/models HTTP/1.1\r\n\r\n"));

        assertThat(models.path("data").path(0).path("id").asText()).isEqualTo("small");
        assertThat(models.path("object").asText()).isEqualTo("list");
    }

    @Test
    void countsCallsAndHowManyWereInFlight() throws Exception {
        SimulatedServer server = server(Duration.ofMillis(50), 0, 0);
        ModelProvider provider = provider(server);

        List<CallResult> results = atOnce(20, () -> provider.call(request()));

        assertThat(results).hasOnlyElementsOfType(Answered.class);
        JsonNode stats = json(exchange(server, "GET /stats HTTP/1.1\r\n\r\n"));
        assertThat(stats.path("calls").path("small 200").asInt()).isEqualTo(20);
        assertThat(stats.path("in_flight").asInt()).isZero();
        assertThat(stats.path("max_in_flight").asInt()).isBetween(2, 20);
        JsonNode small = stats.path("models").path("small");
        assertThat(small.path("begun").asInt()).isEqualTo(20);
        assertThat(small.path("in_flight").asInt()).isZero();
        assertThat(small.path("max_in_flight")).isEqualTo(stats.path("max_in_flight"));
        assertThat(small.path("max_per_minute").asInt()).isEqualTo(20);
    }

    @Test
    void pastItsLimitItTellsWhenToComeBack() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 2, 0);
        ModelProvider provider = provider(server);

        List<CallResult> results = atOnce(10, () -> provider.call(request()));

        List<TryAgain> refused =
                results.stream()
                        .filter(TryAgain.class::isInstance)
                        .map(TryAgain.class::cast)
                        .toList();
        assertThat(refused).isNotEmpty();
        assertThat(refused.getFirst().evidence()).isEqualTo(Evidence.EXHAUSTED);
        assertThat(refused.getFirst().retryAfter().orElseThrow())
                .isBetween(Duration.ZERO, Duration.ofMillis(501));
    }

    @Test
    void failsAsOftenAsTold() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0.5);
        ModelProvider provider = provider(server);

        List<CallResult> results = atOnce(200, () -> provider.call(request()));

        assertThat(results.stream().filter(TryAgain.class::isInstance).count())
                .isBetween(60L, 140L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET  | /nowhere             |                                      | 404
                    GET  | /v1/chat/completions |                                      | 405
                    POST | /v1/models           | {}                                   | 405
                    POST | /v1/chat/completions | {                                    | 400
                    POST | /v1/chat/completions | {"model":"small"}                    | 400
                    POST | /v1/chat/completions | {"model":"small","stream":true}      | 400
                    POST | /v1/chat/completions | {"model":"tiny","messages":[]}       | 404
                    POST | /v1/chat/completions?api-version=1 | {"model":"tiny"}       | 404
                    """)
    void saysWhatIsWrong(String method, String path, String body, int status) throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);

        String reply = exchange(server, request(method, path, body == null ? "" : body));

        assertThat(reply).startsWith("HTTP/1.1 " + status + " ");
        assertThat(json(reply).path("error").path("message").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HELLO                                                               | 400
                    GET / HTTP/2                                                        | 400
                    POST /v1/chat/completions HTTP/1.1;Content-Length: many             | 400
                    POST /v1/chat/completions HTTP/1.1;Content-Length: -1               | 400
                    POST /v1/chat/completions HTTP/1.1;Content-Length: 100001           | 413
                    POST /v1/chat/completions HTTP/1.1;Transfer-Encoding: chunked       | 411
                    POST /v1/chat/completions HTTP/1.1;no colon                         | 400
                    """)
    void hangsUpOnRequestsItCannotRead(String head, int status) throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);

        try (Socket socket = connect(server)) {
            send(socket, head.strip().replace(";", "\r\n") + "\r\n\r\n");
            String all = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(all).startsWith("HTTP/1.1 " + status + " ").contains("connection: close");
        }
    }

    @Test
    void emptyLinesDoNotStopTheServer() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);

        try (Socket socket = connect(server)) {
            send(socket, "\r\n\r\n");

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 400 ");
        }
        assertThat(provider(server).call(request())).isInstanceOf(Answered.class);
    }

    @Test
    void hangsUpOnAHeadWithoutEnd() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);

        try (Socket socket = connect(server)) {
            send(socket, "GET / HTTP/1.1\r\nX: " + "y".repeat(RequestHead.MAX_HEAD_BYTES));

            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 431");
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        SimulatedServer server = server(Duration.ofMillis(5), 0, 0);
        int models = 1_000;
        String list = request("GET", "/v1/models", "");

        try (Socket socket = connect(server)) {
            send(socket, request("POST", "/v1/chat/completions", CHAT) + list.repeat(models));

            String first = readReply(socket.getInputStream());
            assertThat(first).contains("chat.completion");
            for (int i = 0; i < models; i++) {
                assertThat(readReply(socket.getInputStream())).contains("\"object\":\"list\"");
            }
        }
    }

    @Test
    void takesARequestInPieces() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);
        String padded = CHAT.replace("6*7?", "é".repeat(10_000));

        try (Socket socket = connect(server)) {
            for (String piece :
                    request("POST", "/v1/chat/completions", padded).split("(?<=\\G.{997})", -1)) {
                send(socket, piece);
            }

            assertThat(readReply(socket.getInputStream())).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void tellsACautiousClientToGoOn() throws Exception {
        SimulatedServer server = server(Duration.ZERO, 0, 0);
        String request = request("POST", "/v1/chat/completions", CHAT);
        int head = request.indexOf("\r\n\r\n");

        try (Socket socket = connect(server)) {
            send(socket, request.substring(0, head) + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(new String(socket.getInputStream().readNBytes(25), UTF_8))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            send(socket, CHAT);

            assertThat(readReply(socket.getInputStream())).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aCallerThatHangsUpHarmsNobody() throws Exception {
        SimulatedServer server = server(Duration.ofMillis(20), 0, 0);

        for (int i = 0; i < 20; i++) {
            try (Socket socket = connect(server)) {
                send(socket, request("POST", "/v1/chat/completions", CHAT));
            }
        }

        await().untilAsserted(() -> assertThat(inFlight(server)).isZero());
        assertThat(provider(server).call(request())).isInstanceOf(Answered.class);
    }

    @Test
    void connectionsBeyondTheirNumberAreClosed() throws Exception {
        Map<String, Simulation> models = Map.of("small", new Simulation(Duration.ZERO, 7, 0));
        SimulatedServer server =
                opened(
                        SimulatedServer.start(
                                new Options(0, models, 0, 0, MAX_REQUEST_BYTES, 1, 1)));

        try (Socket first = connect(server)) {
            send(first, request("GET", "/v1/models", ""));
            assertThat(readReply(first.getInputStream())).startsWith("HTTP/1.1 200");
            try (Socket second = connect(server)) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
        }

        await().until(() -> exchange(server, "GET /v1/models HTTP/1.1\r\n\r\n").contains("200"));
    }

    @Test
    void closingHangsUp() throws Exception {
        SimulatedServer server = server(Duration.ofHours(1), 0, 0);

        try (Socket socket = connect(server)) {
            send(socket, request("POST", "/v1/chat/completions", CHAT));
            await().untilAsserted(() -> assertThat(inFlight(server)).isEqualTo(1));

            server.close();
            server.awaitClose();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static int inFlight(SimulatedServer server) throws IOException {
        return json(exchange(server, "GET /stats HTTP/1.1\r\n\r\n")).path("in_flight").asInt();
    }

    private SimulatedServer server(Duration latency, double requestsPerSecond, double failRate)
            throws IOException {
        Map<String, Simulation> models = Map.of("small", new Simulation(latency, 7, failRate));
        return opened(
                SimulatedServer.start(
                        new Options(0, models, 0, requestsPerSecond, MAX_REQUEST_BYTES, 1_000, 1)));
    }

    private ModelProvider provider(SimulatedServer server) {
        HttpCaller caller = opened(new HttpCaller(HttpCaller.Settings.DEFAULT));
        TestModel model =
                TestModel.of(ProviderKind.OPENAI)
                        .providerModel("small")
                        .baseUrl(server.baseUrl().toString());
        return opened(new OpenAiProvider(model.build(), caller, InstantSource.system()));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private static ModelRequest request() {
        return new ModelRequest(CHAT, OptionalInt.empty(), Duration.ofSeconds(20));
    }

    private static <T> List<T> atOnce(int count, Callable<T> task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(executor.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static String request(String method, String path, String body) {
        return method
                + " "
                + path
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.getBytes(UTF_8).length
                + "\r\n\r\n"
                + body;
    }

    private static Socket connect(SimulatedServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String exchange(SimulatedServer server, String request) throws IOException {
        try (Socket socket = connect(server)) {
            send(socket, request);
            return readReply(socket.getInputStream());
        }
    }

    private static String readReply(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        String length = head.toString().replaceAll("(?s).*content-length: (\\d+).*", "$1");
        return head + new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
    }

    private static JsonNode json(String reply) throws IOException {
        return new ObjectMapper().readTree(reply.substring(reply.indexOf("\r\n\r\n")));
    }
}
