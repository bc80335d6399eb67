package dev.assay.provider.simulated;

import dev.assay.config.ModelConfig.Simulation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.time.InstantSource;
import java.util.Map;

/// An OpenAI-compatible HTTP server of made-up models, fast enough to load-test with.
///
/// `POST /v1/chat/completions` answers after the model's latency, `GET /v1/models` lists the
/// models, `GET /stats` counts calls by model and status, and tells the most that were in flight at
/// once. It listens on the loopback address alone.
///
/// One thread does everything, with non-blocking sockets: so nothing is shared, and waiting costs
/// next to nothing.
public final class SimulatedServer implements AutoCloseable {

    private final ServerLoop loop;
    private final Thread thread;
    private final int port;

    /// How the server behaves.
    ///
    /// @param port 0 lets the operating system choose
    /// @param models by name
    /// @param latencySigma the spread of the log-normal latencies; 0 for none
    /// @param requestsPerSecond allowed for each model, past which it answers 429; 0 for any number
    /// @param maxRequestBytes the largest body
    /// @param maxConnections more are closed at once
    /// @param seed decides everything that looks like chance
    public record Options(
            int port,
            Map<String, Simulation> models,
            double latencySigma,
            double requestsPerSecond,
            int maxRequestBytes,
            int maxConnections,
            long seed) {

        private static final int USUAL_MAX_REQUEST_BYTES = 16 << 20;
        private static final int USUAL_MAX_CONNECTIONS = 20_000;

        public Options {
            models = Map.copyOf(models);
        }

        /// These models, without limits or failures of their own.
        public static Options of(int port, Map<String, Simulation> models) {
            return new Options(
                    port,
                    models,
                    SimulatedModel.USUAL_LATENCY_SIGMA,
                    0,
                    USUAL_MAX_REQUEST_BYTES,
                    USUAL_MAX_CONNECTIONS,
                    1);
        }
    }

    private SimulatedServer(ServerLoop loop, int port) {
        this.loop = loop;
        this.port = port;
        this.thread = Thread.ofPlatform().name("simulated-models").daemon().start(loop);
    }

    /// Starts to listen; the models answer when this returns.
    ///
    /// @throws IOException if the port cannot be had
    public static SimulatedServer start(Options options) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()),
                    options.maxConnections());
            SimulatedApi api = new SimulatedApi(options, InstantSource.system());
            ServerLoop loop =
                    new ServerLoop(
                            channel, api, options.maxRequestBytes(), options.maxConnections());
            return new SimulatedServer(loop, channel.socket().getLocalPort());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    /// What to use as `base_url`.
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port + "/v1");
    }

    /// Waits until the server is closed.
    ///
    /// @throws InterruptedException if the waiting thread was interrupted; the server goes on
    public void awaitClose() throws InterruptedException {
        thread.join();
    }

    /// Closes all connections; calls that wait get no reply.
    @Override
    public void close() {
        loop.stop();
    }
}
