package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

@Timeout(30)
class SlowBodiesTest {

    private static final int BODY_BYTES = 1 << 20;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /// Reads bodies to their end and tells how that went.
    private static final class Reading extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            try {
                Content.Source.asInputStream(request).readAllBytes();
            } catch (IOException e) {
                response.setStatus(408);
            }
            callback.succeeded();
            return true;
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void bodyThatComesByteByByteIsGivenUp() throws Exception {
        start(new SlowBodies(Duration.ofMillis(1), BODY_BYTES));

        try (Socket socket = post()) {
            await().pollInterval(Duration.ofMillis(5))
                    .until(
                            () -> {
                                boolean answered = socket.getInputStream().available() > 0;
                                if (!answered) {
                                    send(socket, 1);
                                }
                                return answered;
                            });

            assertThat(status(socket)).isEqualTo(408);
        }
    }

    @Test
    void bodyThatComesInPiecesButFastEnoughIsTaken() throws Exception {
        start(new SlowBodies(Duration.ofMillis(1), 1));

        try (Socket socket = post()) {
            for (int come = 0; come < BODY_BYTES; come += 1024) {
                send(socket, 1024);
            }

            assertThat(status(socket)).isEqualTo(200);
        }
    }

    private void start(SlowBodies bodies) throws Exception {
        bodies.setHandler(new Reading());
        server.addConnector(connector);
        server.setHandler(bodies);
        server.start();
    }

    private Socket post() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        String head =
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                        .formatted(BODY_BYTES);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void send(Socket socket, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(new byte[bytes]);
        out.flush();
    }

    private static int status(Socket socket) throws IOException {
        byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return Integer.parseInt(
                new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
    }
}
