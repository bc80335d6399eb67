package dev.assay.provider.http;

import static dev.assay.provider.http.FakeServer.after;
import static dev.assay.provider.http.FakeServer.json;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.provider.ModelProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What every provider over HTTP has to do: what it sends, what it keeps, and how it ends.
public abstract class HttpProviderContract extends HostileServerContract {

    /// The header that bears the key, in lower case.
    protected String keyHeader() {
        return "authorization";
    }

    protected String keyPrefix() {
        return "Bearer ";
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
    void messagesShowNeitherKeysNorQueries() throws Exception {
        FakeServer server =
                server(
                        json(
                                401,
                                "{\"error\":{\"message\":\"Wrong key "
                                        + KEY
                                        + "\\nand token-in-query\"}}"));
        ModelProvider provider =
                provider(
                        model().baseUrl(server.url())
                                .apiKey(KEY)
                                .query(Map.of("second", "token-in-query", "first", "1 2")));

        CallResult result = call(provider, request(CHAT));

        assertThat(error(result).message())
                .contains(server.url(), "HTTP 401", "Wrong key ***")
                .doesNotContain(KEY, "first", "token-in-query", "\n");
        assertThat(server.requests().getFirst().line())
                .contains("?first=1+2&second=token-in-query ");
    }

    @Test
    void aKeyInAHeaderIsNotShownWithoutItsSchemeEither() throws Exception {
        FakeServer server = server(json(401, "{\"error\":\"Wrong key 0123456789abcdef\"}"));
        Map<String, String> headers = Map.of("Authorization", "Token 0123456789abcdef");

        CallResult result =
                call(provider(model().baseUrl(server.url()).headers(headers)), request(CHAT));

        assertThat(error(result).message())
                .contains("Wrong key ***")
                .doesNotContain("0123456789abcdef");
    }

    @Test
    void messagesDoNotRepeatThePrompt() throws Exception {
        String prompt = "My neighbour, who lives alone, told me that she has lost her job.";
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
        ModelProvider provider =
                providerOf(
                        json(
                                422,
                                "{\"error\":{\"message\":\"should be a list: {'input': '"
                                        + prompt
                                        + "'}, sorry\"}}"),
                        json(400, "Cannot read " + chat));

        CallResult named = call(provider, request(chat));
        CallResult echoed = call(provider, request(chat));

        assertThat(error(named).message())
                .contains("should be a list: {'input': '")
                .doesNotContain("neighbour", "lost her job");
        assertThat(error(echoed).message())
                .contains("Cannot read")
                .doesNotContain("neighbour", "lost her job");
    }

    @Test
    void theKeyIsSentAndHeadersAreAdded() throws Exception {
        FakeServer server = server(json(body("42")));
        ModelProvider provider =
                provider(
                        model().baseUrl(server.url())
                                .apiKey(KEY)
                                .headers(Map.of("X-Title", "Assay")));

        call(provider, request(CHAT));

        assertThat(server.requests().getFirst().headers())
                .containsEntry(keyHeader(), keyPrefix() + KEY)
                .containsEntry("content-type", "application/json")
                .containsEntry("x-title", "Assay")
                .doesNotContainKeys("upgrade", "expect", "cookie");
    }

    @Test
    void aHeaderOfTheOperatorsReplacesOurs() throws Exception {
        FakeServer server = server(json(body("42")));
        ModelProvider provider =
                provider(
                        model().baseUrl(server.url())
                                .apiKey(KEY)
                                .headers(
                                        Map.of(keyHeader().toUpperCase(Locale.ROOT), "Token abc")));

        call(provider, request(CHAT));

        assertThat(server.requests().getFirst().headers()).containsEntry(keyHeader(), "Token abc");
    }

    @Test
    void noKeyIsSentWhereThereIsNone() throws Exception {
        FakeServer server = server(json(body("42")));

        call(provider(model().baseUrl(server.url())), request(CHAT));

        assertThat(server.requests().getFirst().headers()).doesNotContainKey(keyHeader());
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
}
