package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A consumer that stops fetching prompts for tasks that have enough waiting.
///
/// It pauses the consumer and never the thread: loop records, polls, commits and punctuations go
/// on. Its own pauses and those of Kafka Streams are kept apart, so that neither lifts the other's.
/// Used by one stream thread.
final class PausingConsumer extends KafkaConsumer<byte[], byte[]> {

    private final Backpressure backpressure;
    private final Set<TopicPartition> ours = new HashSet<>();
    private final Set<TopicPartition> theirs = new HashSet<>();

    PausingConsumer(Map<String, Object> config, Backpressure backpressure) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.backpressure = backpressure;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        weigh();
        return super.poll(timeout);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        theirs.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        theirs.removeAll(partitions);
        super.resume(partitions.stream().filter(partition -> !ours.contains(partition)).toList());
    }

    private void weigh() {
        Set<TopicPartition> assigned = assignment();
        ours.retainAll(assigned);
        theirs.retainAll(assigned);
        for (TopicPartition partition : assigned) {
            boolean paused = ours.contains(partition);
            boolean pauses = backpressure.pauses(partition.topic(), partition.partition(), paused);
            if (pauses && !paused) {
                ours.add(partition);
                super.pause(Set.of(partition));
            } else if (!pauses && paused) {
                ours.remove(partition);
                if (!theirs.contains(partition)) {
                    super.resume(Set.of(partition));
                }
            }
        }
    }
}
