package dev.assay.provider.http;

import static dev.assay.provider.http.FakeServer.after;
import static dev.assay.provider.http.FakeServer.json;
import static dev.assay.provider.http.FakeServer.playing;
import static dev.assay.provider.http.FakeServer.reply;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ProviderContract;
import dev.assay.provider.TestModel;
import dev.assay.provider.http.FakeServer.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// What every provider over HTTP has to do, whatever the server does to it.
public abstract class HttpProviderContract extends ProviderContract {

    private static final String KEY = "sk-test-0123456789";
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Duration TICK = Duration.ofMillis(5);

    private final HttpCaller caller =
            new HttpCaller(
                    new HttpCaller.Settings(
                            2_000, MAX_BODY_BYTES, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    private final List<AutoCloseable> opened = new ArrayList<>();

    protected abstract TestModel model();

    protected abstract ModelProvider open(TestModel model, HttpCaller caller, InstantSource clock);

    /// A whole reply with this as the text of the answer.
    protected abstract String body(String text);

    @AfterEach
    void closeAll() throws Exception {
        caller.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Override
    protected ModelProvider answering() {
        return providerOf(json(body("42")));
    }

    @Override
    protected ModelProvider pondering(Duration timeout, CountDownLatch entered) {
        return provider(
                model().baseUrl(server(after(entered, FakeServer.Wire::stall)).url())
                        .timeout(timeout));
    }

    protected ModelProvider provider(TestModel model) {
        ModelProvider provider = open(model, caller, InstantSource.system());
        opened.add(provider);
        return provider;
    }

    protected ModelProvider providerOf(Script... scripts) {
        return provider(model().baseUrl(server(scripts).url()));
    }

    protected FakeServer server(Script... scripts) {
        try {
            FakeServer server = playing(scripts);
            opened.add(server);
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

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
    void gzipIsTakenAndAskedFor() throws Exception {
        FakeServer server = server(gzipped(body("42").getBytes(UTF_8), 0));

        CallResult result = call(provider(model().baseUrl(server.url())), request(CHAT));

        assertThat(completion(result).text()).isEqualTo("42");
        assertThat(server.requests().getFirst().headers()).containsEntry("accept-encoding", "gzip");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirectsAreNotFollowed(int status) throws Exception {
        FakeServer other = server(json(body("42")));
        FakeServer server = server(json(status, "", "Location", other.url() + "?token=secret"));

        CallResult result =
                call(provider(model().baseUrl(server.url()).apiKey(KEY)), request(CHAT));

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
        assertThat(error(result).message()).contains("to 127.0.0.1").doesNotContain("secret");
        assertThat(other.requests()).isEmpty();
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
        assertThat(result.evidence()).isEqualTo(Evidence.CONGESTED);
    }

    @Test
    void anErrorInsteadOfAnAnswerIsSeenInSpiteOfItsStatus() throws Exception {
        ModelProvider provider =
                providerOf(json("{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}"));

        CallResult result = call(provider, request(CHAT));

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
    }

    @Test
    void errorsAreNotRetriedHere() throws Exception {
        FakeServer server = server(json(503, "{}", "Retry-After", "0"), json(body("42")));

        CallResult result = call(provider(model().baseUrl(server.url())), request(CHAT));

        assertThat(tryAgain(result).evidence()).isEqualTo(Evidence.CONGESTED);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void messagesShowNeitherKeysNorQueriesNorUserNames() throws Exception {
        FakeServer server =
                server(
                        json(
                                401,
                                "{\"error\":{\"message\":\"Wrong key "
                                        + KEY
                                        + "\\nand token-in-query\"}}"));
        String url =
                server.url().replace("http://", "http://user:password@") + "?first=query-in-url";
        ModelProvider provider =
                provider(
                        model().baseUrl(url).apiKey(KEY).query(Map.of("second", "token-in-query")));

        CallResult result = call(provider, request(CHAT));

        assertThat(error(result).message())
                .contains(server.url(), "HTTP 401", "Wrong key ***")
                .doesNotContain(KEY, "user", "password", "query-in-url", "token-in-query", "\n");
        assertThat(server.requests().getFirst().line())
                .contains("first=query-in-url&second=token-in-query");
    }

    @Test
    void theKeyIsSentAsBearerAndHeadersAreAdded() throws Exception {
        FakeServer server = server(json(body("42")));
        ModelProvider provider =
                provider(
                        model().baseUrl(server.url())
                                .apiKey(KEY)
                                .headers(Map.of("X-Title", "Assay")));

        call(provider, request(CHAT));

        assertThat(server.requests().getFirst().headers())
                .containsEntry("authorization", "Bearer " + KEY)
                .containsEntry("content-type", "application/json")
                .containsEntry("x-title", "Assay")
                .doesNotContainKeys("upgrade", "expect", "cookie");
    }

    @Test
    void noKeyIsSentWhereThereIsNone() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url())), request(CHAT));

        assertThat(server.requests().getFirst().headers()).doesNotContainKey("authorization");
    }

    @Test
    void connectionsAreKeptAndCookiesAreNot() throws Exception {
        FakeServer server = server(json(body("42"), "Set-Cookie", "session=1"));
        ModelProvider provider = provider(model().baseUrl(server.url()));

        call(provider, request(CHAT));
        call(provider, request(CHAT));

        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().getLast().headers()).doesNotContainKey("cookie");
    }

    @Test
    void aConnectionThatTheServerClosedMeanwhileIsNotUsed() throws Exception {
        FakeServer server =
                server(
                        wire -> {
                            json(body("42"), "Connection", "close").play(wire);
                            wire.close();
                        },
                        json(body("43")));
        ModelProvider provider = provider(model().baseUrl(server.url()));

        call(provider, request(CHAT));
        CallResult result = call(provider, request(CHAT));

        assertThat(completion(result).text()).isEqualTo("43");
    }

    @Test
    void hundredsOfCallsAreInTheAirAtOnce() throws Exception {
        int calls = 300;
        CountDownLatch all = new CountDownLatch(calls);
        FakeServer server =
                server(
                        wire -> {
                            all.countDown();
                            all.await();
                            json(body("42")).play(wire);
                        });
        ModelProvider provider = provider(model().baseUrl(server.url()));

        List<CompletableFuture<CallResult>> results = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            CompletableFuture<CallResult> result = new CompletableFuture<>();
            results.add(result);
            var _ =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            result.complete(provider.call(request(CHAT)));
                                        } catch (InterruptedException e) {
                                            result.completeExceptionally(e);
                                        }
                                    });
        }

        for (CompletableFuture<CallResult> result : results) {
            assertThat(result.get()).isInstanceOf(Answered.class);
        }
    }

    @Test
    void closingEndsTheCallsInTheAirAndTakesNoMore() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        ModelProvider provider = pondering(Duration.ofMinutes(1), entered);
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        var _ =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        result.complete(provider.call(request(CHAT)));
                                    } catch (InterruptedException e) {
                                        result.completeExceptionally(e);
                                    }
                                });
        entered.await();

        provider.close();

        assertThat(result.get()).isInstanceOf(TryAgain.class);
        assertThat(call(provider, request(CHAT))).isInstanceOf(TryAgain.class);
    }

    @Test
    void aCallerThatIsClosedTakesNoCalls() throws Exception {
        ModelProvider provider = providerOf(json(body("42")));
        caller.close();

        CallResult result = call(provider, request(CHAT));

        assertThat(tryAgain(result).error().message()).contains("closed");
    }

    @Test
    void anInterruptHangsUp() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch hungUp = new CountDownLatch(1);
        FakeServer server =
                server(
                        after(
                                entered,
                                wire -> {
                                    wire.stall();
                                    hungUp.countDown();
                                }));
        ModelProvider provider = provider(model().baseUrl(server.url()));
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        provider.call(request(CHAT));
                                    } catch (InterruptedException e) {
                                        // As it should be.
                                    }
                                });
        entered.await();

        thread.interrupt();

        hungUp.await();
    }

    /// A script with a name for the report.
    record Named(String name, Script script) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Script gzipped(byte[] body, int cutOffBytes) {
        return wire -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(body);
            }
            int length = bytes.size() - cutOffBytes;
            wire.send(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                            + length
                            + "\r\n\r\n");
            wire.send(Arrays.copyOf(bytes.toByteArray(), length));
        };
    }
}
