package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A consumer that stops fetching prompts for tasks that have enough waiting, and lets nothing wait
/// behind a backlog of prompts. Keeps what is committed of its partitions as well.
///
/// It pauses the consumer and never the thread: loop records, polls, commits and punctuations go
/// on. Its own pauses and those of Kafka Streams are kept apart, so that neither lifts the other's.
/// Used by one stream thread.
///
/// Since Kafka 4.0 a consumer fetches nothing from a broker while records of it lie in its buffer,
/// unless their partitions are paused (KAFKA-17182). A backlog fills that buffer with megabytes, of
/// which each poll takes `max.poll.records`. So after a poll that was full of prompts, the next one
/// asks for all that is more urgent first.
final class PausingConsumer extends KafkaConsumer<byte[], byte[]> {

    private final Backpressure backpressure;
    private final CommittedOffsets committed;
    private final int fullPoll;
    private final Set<TopicPartition> ours = new HashSet<>();
    private final Set<TopicPartition> theirs = new HashSet<>();

    /// The partitions that the next poll is to look past at first.
    private Set<TopicPartition> backlog = Set.of();

    /// @param committed kept for the producer of the same thread
    PausingConsumer(
            Map<String, Object> config, Backpressure backpressure, CommittedOffsets committed) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.backpressure = backpressure;
        this.committed = committed;
        this.fullPoll =
                Integer.parseInt(
                        config.getOrDefault(
                                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                        ConsumerConfig.DEFAULT_MAX_POLL_RECORDS)
                                .toString());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        weigh();
        ConsumerRecords<byte[], byte[]> records =
                backlog.isEmpty() ? ConsumerRecords.empty() : pollPastBacklog();
        if (records.isEmpty()) {
            records = super.poll(timeout);
        }
        backlog =
                records.count() < fullPoll
                        ? Set.of()
                        : backpressure.notMoreUrgent(records.partitions(), assignment());
        return records;
    }

    /// What is there beside the backlog, if anything is.
    private ConsumerRecords<byte[], byte[]> pollPastBacklog() {
        Set<TopicPartition> paused = new HashSet<>(backlog);
        paused.retainAll(assignment());
        paused.removeAll(paused());
        super.pause(paused);
        try {
            return super.poll(Duration.ZERO);
        } finally {
            // A rebalance in that poll may have taken partitions away, and Streams paused others.
            paused.retainAll(assignment());
            paused.removeAll(theirs);
            super.resume(paused);
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Forgetting(listener));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> found = super.committed(partitions);
        committed.read(found);
        return found;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> found = super.committed(partitions, timeout);
        committed.read(found);
        return found;
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

    /// Forgets what is committed of partitions that go.
    private final class Forgetting implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener streams;

        private Forgetting(ConsumerRebalanceListener streams) {
            this.streams = streams;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            streams.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                streams.onPartitionsRevoked(partitions);
            } finally {
                committed.lost(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            committed.lost(partitions);
            streams.onPartitionsLost(partitions);
        }
    }
}
