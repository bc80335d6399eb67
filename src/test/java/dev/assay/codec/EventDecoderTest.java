package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class EventDecoderTest {

    private static final byte[] OF_SCHEMA_7 = {0, 0, 0, 0, 7, 1, 2};

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 408, 429, 500, 502, 503, 504, 520})
    void pageOfAProxyBeforeTheRegistrySaysNothingOfTheRecord(int status) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        proxy.createContext(
                "/",
                exchange -> {
                    byte[] page = "<html>Sign in</html>".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        proxy.start();
        try {
            EventDecoder decoder =
                    new EventDecoder(
                            new RegistrySerdes(
                                    Map.of(
                                            "url",
                                            "http://127.0.0.1:" + proxy.getAddress().getPort(),
                                            "max.retries",
                                            "0")));

            assertThatThrownBy(() -> decoder.decode("prompts", OF_SCHEMA_7))
                    .isInstanceOf(RegistryUnavailable.class);
        } finally {
            proxy.stop(0);
        }
    }
}
