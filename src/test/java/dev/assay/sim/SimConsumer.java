package dev.assay.sim;

import dev.assay.topology.CommittedOffsets;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// A stream thread's consumer: positions, and the pauses of Kafka Streams beside our own.
final class SimConsumer extends MockConsumer<byte[], byte[]> {

    /// Whether we pause a partition.
    interface Pauses {
        boolean pauses(String topic, int partition, boolean paused);
    }

    private final SimBroker broker;
    private final Pauses pauses;
    private final CommittedOffsets committed;
    private final Map<TopicPartition, Long> positions =
            new TreeMap<>(
                    Comparator.comparing(TopicPartition::topic)
                            .thenComparingInt(TopicPartition::partition));
    private final Set<TopicPartition> ours = new HashSet<>();
    private final Set<TopicPartition> theirs = new HashSet<>();

    SimConsumer(SimBroker broker, Pauses pauses, CommittedOffsets committed) {
        super("earliest");
        this.committed = committed;
        this.broker = broker;
        this.pauses = pauses;
    }

    /// Starts where the group has committed, else at the beginning.
    void take(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            positions.put(partition, start(partition));
        }
    }

    void leave(Set<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        ours.removeAll(partitions);
        theirs.removeAll(partitions);
        committed.lost(partitions);
    }

    /// What is there, from the partitions that are not paused.
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch(int most) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
        int left = most;
        for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
            TopicPartition partition = position.getKey();
            weigh(partition);
            if (ours.contains(partition) || theirs.contains(partition)) {
                continue;
            }
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (SimBroker.Entry entry : broker.read(partition, position.getValue(), left)) {
                records.add(record(partition, entry));
                position.setValue(entry.offset() + 1);
            }
            left -= records.size();
            // A reader passes by the markers of transactions.
            if (left > 0) {
                position.setValue(Math.max(position.getValue(), broker.end(partition)));
            }
            found.put(partition, records);
        }
        return found;
    }

    boolean isOurs(TopicPartition partition) {
        return ours.contains(partition);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = broker.committed().get(partition);
            if (offset != null) {
                found.put(partition, offset);
            }
        }
        committed.read(found);
        return found;
    }

    @Override
    public synchronized long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        positions.put(partition, offset.offset());
        theirs.remove(partition);
    }

    /// Where a task that is opened anew has no offset committed.
    void reset(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            positions.put(partition, start(partition));
            theirs.remove(partition);
        }
    }

    @Override
    public synchronized void pause(Collection<TopicPartition> partitions) {
        theirs.addAll(partitions);
    }

    @Override
    public synchronized void resume(Collection<TopicPartition> partitions) {
        theirs.removeAll(partitions);
    }

    @Override
    public synchronized Set<TopicPartition> assignment() {
        return positions.keySet();
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.of(Math.max(0, broker.end(partition) - position(partition)));
    }

    private long start(TopicPartition partition) {
        OffsetAndMetadata offset = broker.committed().get(partition);
        return offset == null ? 0 : offset.offset();
    }

    private void weigh(TopicPartition partition) {
        boolean paused = ours.contains(partition);
        if (pauses.pauses(partition.topic(), partition.partition(), paused)) {
            ours.add(partition);
        } else {
            ours.remove(partition);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, SimBroker.Entry entry) {
        ProducerRecord<byte[], byte[]> sent = entry.record();
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                entry.offset(),
                sent.timestamp() == null ? 0 : sent.timestamp(),
                TimestampType.CREATE_TIME,
                sent.key() == null ? -1 : sent.key().length,
                sent.value() == null ? -1 : sent.value().length,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }
}
