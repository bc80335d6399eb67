package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.assay.cli.Errors.CannotRun;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

class StackOptionsTest {

    private HttpServer registry;

    @BeforeEach
    void startARegistryAsUpHasIt() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext(
                "/apis/ccompat/v7/subjects",
                exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write("[]".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                });
        registry.start();
    }

    @AfterEach
    void stopIt() {
        registry.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", "/apis/ccompat/v7", "/apis/ccompat/v7/"})
    void registryIsFoundWithOrWithoutItsPathAndASlash(String path) {
        assertThatCode(options(path)::serdes).doesNotThrowAnyException();
    }

    @Test
    void whereNoneAnswersTheAddressIsNamed() {
        assertThatThrownBy(options("/elsewhere")::serdes)
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("/elsewhere");
    }

    private StackOptions options(String path) {
        String url = "http://127.0.0.1:" + registry.getAddress().getPort() + path;
        return CommandLine.populateCommand(new StackOptions(), "--registry", url);
    }
}
