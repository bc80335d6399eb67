package dev.assay.provider.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on raw sockets that does what it is told, well behaved or not. Each request takes the
/// next script; the last one stays.
public final class FakeServer implements AutoCloseable {

    private final ServerSocket acceptor;
    private final Queue<Script> scripts;
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    /// What the server does with one request.
    @FunctionalInterface
    public interface Script {

        void play(Wire wire) throws IOException, InterruptedException;
    }

    /// A request as it came.
    ///
    /// @param headers with names in lower case
    public record Received(String line, Map<String, String> headers, String body) {}

    /// The server's end of a connection.
    public static final class Wire {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        public void send(String text) throws IOException {
            send(text.getBytes(UTF_8));
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /// Does nothing for a while.
        public void pause(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        /// One byte at a time, until the client has had enough.
        public void drip(String text, Duration interval) throws IOException, InterruptedException {
            for (byte one : text.getBytes(UTF_8)) {
                pause(interval);
                send(new byte[] {one});
            }
        }

        /// Says nothing more until the client hangs up.
        public void stall() throws IOException {
            while (in.read() >= 0) {
                // What else it may send does not matter.
            }
        }

        public void close() throws IOException {
            socket.close();
        }

        /// Closes so that the client sees a reset.
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private FakeServer(List<Script> scripts) throws IOException {
        this.acceptor = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        this.scripts = new ArrayDeque<>(scripts);
        var _ = Thread.ofVirtual().start(this::accept);
    }

    public static FakeServer playing(Script... scripts) throws IOException {
        return new FakeServer(Arrays.asList(scripts));
    }

    /// Well-behaved replies.
    public static Script reply(int status, String contentType, String body, String... headers) {
        return wire -> wire.send(raw(status, contentType, body, headers));
    }

    public static Script json(String body, String... headers) {
        return reply(200, "application/json", body, headers);
    }

    public static Script json(int status, String body, String... headers) {
        return reply(status, "application/json", body, headers);
    }

    /// Tells the latch that the request has arrived, and then does the rest.
    public static Script after(CountDownLatch arrived, Script rest) {
        return wire -> {
            arrived.countDown();
            rest.play(wire);
        };
    }

    public String url() {
        return "http://127.0.0.1:" + acceptor.getLocalPort() + "/v1";
    }

    public List<Received> requests() {
        return List.copyOf(requests);
    }

    public int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        acceptor.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static String raw(int status, String contentType, String body, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        head.append("Content-Type: ").append(contentType).append("\r\n");
        head.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return head.append("\r\n").append(body).toString();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = acceptor.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                var _ = Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Wire wire = new Wire(socket);
            while (!socket.isClosed()) {
                Received request = read(wire.in);
                requests.add(request);
                next().play(wire);
            }
        } catch (IOException | InterruptedException e) {
            // The client hung up, or the test is over.
        }
    }

    private synchronized Script next() {
        return scripts.size() > 1 ? scripts.remove() : scripts.element();
    }

    private static Received read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.write(next);
        }
        String[] lines = head.toString(ISO_8859_1).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(lines[0], headers, new String(in.readNBytes(length), UTF_8));
    }
}
