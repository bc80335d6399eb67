package dev.assay.provider.http;

import static dev.assay.provider.http.FakeServer.after;
import static dev.assay.provider.http.FakeServer.json;
import static dev.assay.provider.http.FakeServer.playing;

import dev.assay.provider.ModelProvider;
import dev.assay.provider.ProviderContract;
import dev.assay.provider.TestModel;
import dev.assay.provider.http.FakeServer.Script;

import org.junit.jupiter.api.AfterEach;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

/// Providers over HTTP and the servers they call, closed after each test.
abstract class HttpProviderFixture extends ProviderContract {

    protected static final String KEY = "sk-test-0123456789";
    protected static final int MAX_BODY_BYTES = 160 << 10;
    protected static final int REPLY_MEMORY_BYTES = 2 * MAX_BODY_BYTES;
    protected static final Duration TICK = Duration.ofMillis(5);

    protected final HttpCaller caller =
            new HttpCaller(
                    new HttpCaller.Settings(
                            2_000,
                            MAX_BODY_BYTES,
                            REPLY_MEMORY_BYTES,
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5)));
    protected final List<AutoCloseable> opened = new ArrayList<>();

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

    /// A script with a name for the report.
    record Named(String name, Script script) {

        @Override
        public String toString() {
            return name;
        }
    }

    protected static Script gzipped(byte[] body, int cutOffBytes) {
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
