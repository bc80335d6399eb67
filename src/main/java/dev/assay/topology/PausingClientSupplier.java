package dev.assay.topology;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Kafka's own clients for Kafka Streams, but for the main consumer, which knows backpressure, the
/// consumer of global stores, which waits longer for what comes, and the producer, which tells what
/// commits take or, without transactions, what lies on the broker.
final class PausingClientSupplier implements KafkaClientSupplier {

    private final Backpressure backpressure;
    private final Deliveries deliveries;
    private final CommitPace commits;

    /// By stream thread; a thread's consumer and producer come by their names.
    private final Map<String, CommittedOffsets> committed = new ConcurrentHashMap<>();

    PausingClientSupplier(Backpressure backpressure, Deliveries deliveries, CommitPace commits) {
        this.backpressure = backpressure;
        this.deliveries = deliveries;
        this.commits = commits;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return deliveries.transactional()
                ? new CommitTellingProducer(config, commits, committed(config, "-producer"))
                : new FlushTellingProducer(config, deliveries);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new PausingConsumer(config, backpressure, committed(config, "-consumer"));
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return plain(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new WaitingConsumer(config);
    }

    /// @param role what the client is to its thread, as Kafka Streams ends its name
    private CommittedOffsets committed(Map<String, Object> config, String role) {
        String client = String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG));
        if (!client.endsWith(role)) {
            throw new IllegalStateException(client + " does not end with " + role);
        }
        String thread = client.substring(0, client.length() - role.length());
        return committed.computeIfAbsent(thread, _ -> new CommittedOffsets());
    }

    private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
