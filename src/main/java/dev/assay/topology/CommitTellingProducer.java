package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Map;

/// Kafka's producer, which tells how long each commit of a transaction took, commits nothing for a
/// thread that is out of its group ([CommittedOffsets]), and lets its stream thread die of a commit
/// that was not answered in time ([FailingProductionHandler] says why).
class CommitTellingProducer extends KafkaProducer<byte[], byte[]> {

    private final CommitPace pace;
    private final CommittedOffsets committed;
    private long offsetsNanos;

    /// @param committed as the consumer of the same thread keeps it
    CommitTellingProducer(Map<String, Object> config, CommitPace pace, CommittedOffsets committed) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.pace = pace;
        this.committed = committed;
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        long began = System.nanoTime();
        try {
            super.sendOffsetsToTransaction(committed.toSend(offsets), group);
        } catch (TimeoutException e) {
            throw unanswered(e);
        }
        offsetsNanos = System.nanoTime() - began;
    }

    @Override
    public void commitTransaction() {
        long began = System.nanoTime();
        try {
            commit();
        } catch (TimeoutException e) {
            throw unanswered(e);
        }
        committed.committed();
        pace.committed(Duration.ofNanos(System.nanoTime() - began + offsetsNanos));
        offsetsNanos = 0;
    }

    /// Commits as Kafka does.
    void commit() {
        super.commitTransaction();
    }

    /// Kafka Streams knows a [TimeoutException] by its class and goes on.
    private static KafkaException unanswered(TimeoutException e) {
        return new KafkaException("a commit was not answered in time", e);
    }
}
