package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Map;

/// Kafka's producer, which tells how long each commit of a transaction took.
final class CommitTellingProducer extends KafkaProducer<byte[], byte[]> {

    private final CommitPace pace;
    private long offsetsNanos;

    CommitTellingProducer(Map<String, Object> config, CommitPace pace) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.pace = pace;
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        long began = System.nanoTime();
        super.sendOffsetsToTransaction(offsets, group);
        offsetsNanos = System.nanoTime() - began;
    }

    @Override
    public void commitTransaction() {
        long began = System.nanoTime();
        super.commitTransaction();
        pace.committed(Duration.ofNanos(System.nanoTime() - began + offsetsNanos));
        offsetsNanos = 0;
    }
}
