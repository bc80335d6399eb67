package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.assay.avro.PromptEvent;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

class RegistrySerdesTest {

    private final HttpServer server;

    RegistrySerdesTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<h1>Not Found</h1>", "{\"error\": {\"message\": \"no such path\"}}", ""})
    void anAddressWithoutARegistrysApiIsToldFromARegistryThatRefuses(String body) {
        serve(404, body);

        assertThatThrownBy(this::register)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "it answered 404, not as a schema registry does; where the API lies below a"
                                + " path, the address ends with it, as in /apis/ccompat/v7");
    }

    @Test
    void whatARegistrySaysIsToldInItsWords() {
        serve(403, "{\"error_code\": 40301, \"message\": \"no right to write\"}");

        assertThatThrownBy(this::register)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "it answered 403 to the schema of prompts-value: no right to write");
    }

    private void serve(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private void register() throws IOException {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        SequencedMap<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
        types.put("prompts", PromptEvent.class);
        new RegistrySerdes(Map.of("url", url)).register(types);
    }
}
