package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Map;

/// A consumer that comes back empty ten times a second at most. The thread of global stores has
/// nothing else to do, but would poll as often as stream threads do, for a percent of their CPU.
final class WaitingConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    WaitingConsumer(Map<String, Object> config) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return super.poll(timeout.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : timeout);
    }
}
