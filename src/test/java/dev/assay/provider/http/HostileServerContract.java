package dev.assay.provider.http;

import static dev.assay.provider.http.FakeServer.json;
import static dev.assay.provider.http.FakeServer.reply;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.provider.ModelProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.stream.Stream;

/// What every provider over HTTP makes of servers that stall, break off, or send what nobody asked
/// for.
abstract class HostileServerContract extends HttpProviderFixture {

    @Test
    void aReplyThatStallsAfterItsHeadersTimesOutAndMayBeBilled() throws Exception {
        FakeServer server =
                server(
                        wire -> {
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
                            wire.stall();
                        });
        ModelProvider provider = provider(model().baseUrl(server.url()).idleTimeout(SHORT));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().code()).isEqualTo(FailureCode.TIMEOUT);
        assertThat(result.error().message())
                .contains("\"test\"", server.url(), "40 ms", "idle_timeout");
        assertThat(result.evidence()).isEqualTo(Evidence.CONGESTED);
        assertThat(result.billed()).isTrue();
    }

    @Test
    void theWaitBeforeTheFirstByteIsNotIdle() throws Exception {
        FakeServer server =
                server(
                        wire -> {
                            wire.pause(SHORT);
                            json(body("42")).play(wire);
                        });
        ModelProvider provider =
                provider(model().baseUrl(server.url()).idleTimeout(SHORT.dividedBy(4)));

        CallResult result = call(provider, request(CHAT));

        assertThat(completion(result).text()).isEqualTo("42");
    }

    @Test
    void theWaitOnAConnectionThatWasUsedBeforeIsNotIdleEither() throws Exception {
        FakeServer server =
                server(
                        json(body("42")),
                        wire -> {
                            wire.pause(SHORT);
                            json(body("43")).play(wire);
                        });
        ModelProvider provider =
                provider(model().baseUrl(server.url()).idleTimeout(SHORT.dividedBy(4)));

        call(provider, request(CHAT));
        CallResult result = call(provider, request(CHAT));

        assertThat(completion(result).text()).isEqualTo("43");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aReplyThatDripsEndsWithTheTimeoutOfTheWhole() throws Exception {
        FakeServer server =
                server(
                        wire -> {
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
                            wire.drip(" ".repeat(10_000), TICK);
                        });
        ModelProvider provider =
                provider(
                        model().baseUrl(server.url())
                                .idleTimeout(Duration.ofSeconds(5))
                                .timeout(SHORT));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().code()).isEqualTo(FailureCode.TIMEOUT);
    }

    @Test
    void headersThatDripEndWithTheTimeoutOfTheWhole() throws Exception {
        FakeServer server =
                server(wire -> wire.drip("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000), TICK));
        ModelProvider provider = provider(model().baseUrl(server.url()).timeout(SHORT));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().code()).isEqualTo(FailureCode.TIMEOUT);
    }

    static Stream<Named> brokenReplies() {
        return Stream.of(
                new Named(
                        "body cut off",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\n"
                                            + "Content-Length: 1000\r\n\r\n"
                                            + "{\"choices\":[");
                            wire.close();
                        }),
                new Named(
                        "body reset",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\n"
                                            + "Content-Length: 1000\r\n\r\n"
                                            + "{\"choices\":[");
                            wire.reset();
                        }),
                new Named(
                        "chunk cut off",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n"
                                            + "64\r\n"
                                            + "{\"choices\"");
                            wire.close();
                        }),
                new Named(
                        "chunk length of nonsense",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n"
                                            + "zz\r\n"
                                            + "{}");
                            wire.close();
                        }),
                new Named(
                        "length too small",
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"choices\":[]}");
                            wire.close();
                        }),
                new Named(
                        "announced too large",
                        wire -> {
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{");
                            wire.stall();
                        }),
                new Named(
                        "too large",
                        wire -> {
                            wire.send("HTTP/1.1 200 OK\r\n\r\n" + " ".repeat(10 * MAX_BODY_BYTES));
                            wire.stall();
                        }),
                new Named(
                        "gzip of too much",
                        gzipped(" ".repeat(10 * MAX_BODY_BYTES).getBytes(UTF_8), 0)),
                new Named("gzip cut off", gzipped("{\"choices\":[]}".getBytes(UTF_8), 10)),
                new Named("not gzip", json("{}", "Content-Encoding", "gzip")),
                new Named(
                        "chunks without end",
                        wire -> {
                            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            // Until the client hangs up.
                            while (true) {
                                wire.send("400\r\n" + " ".repeat(1024) + "\r\n");
                            }
                        }),
                new Named("deflate", json("{}", "Content-Encoding", "deflate")),
                new Named("an encoding not asked for", json("{}", "Content-Encoding", "br")),
                new Named(
                        "not UTF-8",
                        wire -> {
                            byte[] body =
                                    "{\"choices\":[{\"message\":{\"content\":\"\u00e9\"}}]}"
                                            .getBytes(ISO_8859_1);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Length: "
                                            + body.length
                                            + "\r\n\r\n");
                            wire.send(body);
                        }),
                new Named("no JSON", json("certainly!")),
                new Named("half of JSON", json("{\"choices\":[{\"message\":{\"content\":\"forty")),
                new Named("HTML", reply(200, "text/html", "<!doctype html><title>Welcome</title>")),
                new Named("event stream", reply(200, "text/event-stream", "data: {}\n\n")),
                new Named("empty", json("")),
                new Named("no content", wire -> wire.send("HTTP/1.1 204 No Content\r\n\r\n")),
                new Named("empty object", json("{}")),
                new Named("null", json("null")),
                new Named("no choices", json("{\"choices\":[]}")),
                new Named("choices of another kind", json("{\"choices\":{\"a\":1}}")),
                new Named("empty choice", json("{\"choices\":[{}]}")),
                new Named("two replies in one", json("{\"choices\":[]}{\"choices\":[]}")),
                new Named("nested too deep", json("{\"choices\":" + "[".repeat(20_000))));
    }

    @ParameterizedTest
    @MethodSource("brokenReplies")
    void aBrokenReplyIsTriedAgainAndMayBeBilled(Named broken) throws Exception {
        ModelProvider provider = providerOf(broken.script());

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        assertThat(result.error().message()).contains("\"test\"").contains("/v1/");
        assertThat(result.evidence()).isEqualTo(Evidence.NONE);
        assertThat(result.billed()).isTrue();
    }

    @Test
    void repliesOfOlderServersAndProxiesAreTaken() throws Exception {
        String body = body("42");
        String rest = "Content-Length: " + body.length() + "\r\n\r\n" + body;
        ModelProvider provider =
                providerOf(
                        wire -> {
                            wire.send("HTTP/1.0 200 OK\r\n\r\n" + body);
                            wire.close();
                        },
                        wire ->
                                wire.send(
                                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + rest),
                        wire ->
                                wire.send(
                                        "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200\r\n"
                                                + rest));

        for (int i = 0; i < 3; i++) {
            assertThat(completion(call(provider, request(CHAT))).text()).isEqualTo("42");
        }
    }

    @Test
    void aLargeReplyIsTakenWhole() throws Exception {
        String text = "x".repeat(MAX_BODY_BYTES * 3 / 4);

        CallResult result = call(providerOf(json(body(text))), request(CHAT));

        assertThat(completion(result).text()).isEqualTo(text);
    }

    static Stream<Named> brokenConnections() {
        return Stream.of(
                new Named("closed without a reply", FakeServer.Wire::close),
                new Named("reset without a reply", FakeServer.Wire::reset),
                new Named(
                        "not HTTP",
                        wire -> {
                            wire.send("220 mail.example.com ESMTP\r\n\r\n");
                            wire.close();
                        }),
                new Named(
                        "endless header",
                        wire -> wire.send("HTTP/1.1 200 OK\r\nX: " + "y".repeat(4 << 20))));
    }

    @ParameterizedTest
    @MethodSource("brokenConnections")
    void aBrokenConnectionIsTriedAgainButNotByItself(Named broken) throws Exception {
        FakeServer server = server(broken.script());
        ModelProvider provider =
                provider(model().baseUrl(server.url()).timeout(Duration.ofSeconds(5)));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().code()).isEqualTo(FailureCode.PROVIDER_ERROR);
        assertThat(result.evidence()).isEqualTo(Evidence.NONE);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aRefusedConnectionIsTriedAgainAndNotBilled() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        ModelProvider provider = provider(model().baseUrl("http://127.0.0.1:" + port + "/v1"));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.error().message()).contains("cannot be connected to", "base_url");
        assertThat(result.billed()).isFalse();
    }

    @Test
    void theTimeoutEndsACallThatCannotConnect() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                opened.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(full.getLocalSocketAddress());
            }
            String url = "http://127.0.0.1:" + full.getLocalPort() + "/v1";

            CallResult result = call(provider(model().baseUrl(url).timeout(SHORT)), request(CHAT));

            assertThat(tryAgain(result).error().code()).isEqualTo(FailureCode.TIMEOUT);
        }
    }

    @Test
    void anErrorWhoseBodyStallsIsKnownByItsStatus() throws Exception {
        FakeServer server =
                server(
                        wire -> {
                            wire.send(
                                    "HTTP/1.1 429 Slow Down\r\n"
                                            + "Content-Length: 100\r\n"
                                            + "Retry-After: 3\r\n\r\n"
                                            + "{");
                            wire.stall();
                        });
        ModelProvider provider = provider(model().baseUrl(server.url()).idleTimeout(SHORT));

        TryAgain result = tryAgain(call(provider, request(CHAT)));

        assertThat(result.retryAfter()).hasValue(Duration.ofSeconds(3));
        assertThat(result.evidence()).isEqualTo(Evidence.RATE_LIMITED);
    }
}
