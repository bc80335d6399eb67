package dev.assay.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What a broker that is alone in its cluster is told, for a quick start, little memory and records
/// as large as Assay's. Whatever is not here is Kafka's default.
final class BrokerSettings {

    /// How long the controller takes a broker for alive that it does not hear of. After a kill the
    /// next one must wait for it.
    static final Duration SESSION = Duration.ofSeconds(3);

    private static final int NODE_ID = 1;

    private BrokerSettings() {}

    static Map<String, String> of(Path data, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(place(data, port, controllerPort));
        settings.putAll(aloneInItsCluster());
        settings.putAll(promptly());
        settings.putAll(logs());
        settings.putAll(smallPools());
        return settings;
    }

    private static Map<String, String> place(Path data, int port, int controllerPort) {
        String controller = LoopbackPorts.HOST + ":" + controllerPort;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@" + controller,
                "listeners",
                "PLAINTEXT://%s:%d,CONTROLLER://%s".formatted(LoopbackPorts.HOST, port, controller),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "controller.listener.names",
                "CONTROLLER",
                "log.dirs",
                data.toString());
    }

    private static Map<String, String> aloneInItsCluster() {
        return Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1",
                // A misspelt topic is an error, not a new topic with one partition.
                "auto.create.topics.enable", "false");
    }

    private static Map<String, String> promptly() {
        return Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "group.streams.initial.rebalance.delay.ms", "0",
                "broker.session.timeout.ms", String.valueOf(SESSION.toMillis()),
                "broker.heartbeat.interval.ms", "500",
                // What a killed producer left open holds up whoever reads committed records.
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000",
                "server.max.startup.time.ms", "60000");
    }

    private static Map<String, String> logs() {
        return Map.of(
                "message.max.bytes", String.valueOf(EmbeddedBroker.MAX_RECORD_BYTES),
                "log.segment.bytes", String.valueOf(128 << 20),
                "log.index.size.max.bytes", String.valueOf(2 << 20),
                "log.segment.delete.delay.ms", "1000",
                "log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    }

    private static Map<String, String> smallPools() {
        return Map.of(
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2",
                "group.coordinator.threads", "1",
                "group.coordinator.background.threads", "1");
    }
}
