package dev.assay.local;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.slf4j.MDC;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/// A real Kafka broker inside this JVM, alone in its cluster, on 127.0.0.1 only.
///
/// It installs no shutdown hook: whoever started it closes it after its clients. Lasting data
/// outlives a kill as well; the next start recovers it. Kafka itself ends the whole JVM with status
/// 1 where its directory fails under it (a full disk).
public final class EmbeddedBroker implements AutoCloseable {

    /// The largest batch of records it takes; what a producer's `max.request.size` may be raised
    /// to.
    public static final int MAX_RECORD_BYTES = 16 << 20;

    private static final int PORT_ATTEMPTS = 3;

    private final KafkaRaftServer server;
    private final DataDirectory data;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, DataDirectory data, int port) {
        this.server = server;
        this.data = data;
        this.port = port;
    }

    /// Starts a broker on a free port, whose data is removed when it is closed. Returns when it
    /// takes requests.
    ///
    /// @throws LocalStackException where it cannot be started
    public static EmbeddedBroker temporary() {
        return start(DataDirectory.temporary("assay-kafka"), 0);
    }

    /// Starts a broker that keeps its data in a directory, made where missing. Returns when it
    /// takes requests.
    ///
    /// @param port of 127.0.0.1; 0 takes a free one
    /// @throws LocalStackException where it cannot be started: port taken, directory in use, not
    ///   writable or full
    public static EmbeddedBroker lasting(Path directory, int port) {
        return start(DataDirectory.lasting(directory), port);
    }

    public String bootstrapServers() {
        return LoopbackPorts.HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        MDC.put("embedded-broker", "closing");
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            MDC.remove("embedded-broker");
        }
        data.close();
    }

    private static EmbeddedBroker start(DataDirectory data, int port) {
        try {
            return startOnFreePorts(data, port);
        } catch (Throwable e) {
            data.close();
            throw e;
        }
    }

    /// A port that was free a moment ago can be taken before the broker binds it.
    private static EmbeddedBroker startOnFreePorts(DataDirectory data, int port) {
        for (int attempt = 1; ; attempt++) {
            if (port != 0) {
                LoopbackPorts.requireFree(port, "Kafka", "--kafka-port");
            }
            List<Integer> free = LoopbackPorts.free(2);
            try {
                return startOn(data, port == 0 ? free.getFirst() : port, free.getLast());
            } catch (LocalStackException e) {
                if (attempt == PORT_ATTEMPTS
                        || !causes(e).anyMatch(BindException.class::isInstance)) {
                    throw e;
                }
            }
        }
    }

    private static EmbeddedBroker startOn(DataDirectory data, int port, int controllerPort) {
        Map<String, String> settings = BrokerSettings.of(data.path(), port, controllerPort);
        KafkaRaftServer server;
        try {
            if (Predecessor.wasKilled(data.path())) {
                Predecessor.giveUp(settings);
            }
            format(data.path(), settings);
            server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        } catch (RuntimeException | IOException e) {
            throw notStarted(data.path(), e);
        }
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw notStarted(data.path(), e);
        }
        return new EmbeddedBroker(server, data, port);
    }

    /// Gives an empty directory a cluster id, as Kafka wants it before the first start.
    private static void format(Path directory, Map<String, String> settings) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Path file = Files.createTempFile(directory, "server", ".properties");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            store(settings, file);
            String[] command = {
                "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
            };
            if (StorageTool.execute(command, out) != 0) {
                throw new IOException(said.toString(StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void store(Map<String, String> settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    private static LocalStackException notStarted(Path directory, Exception failure) {
        String reason =
                causes(failure)
                        .reduce((outer, inner) -> inner)
                        .map(cause -> String.valueOf(cause.getMessage()))
                        .orElseGet(failure::toString);
        return new LocalStackException(
                "The embedded Kafka broker did not start on its data in %s: %s. To begin anew, move that directory away."
                        .formatted(directory, reason),
                failure);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
