package dev.assay.backtest.topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a topic from a place to where it ends now.
final class TopicReading {

    private static final Duration POLL = Duration.ofMillis(200);

    /// Polls in a row that may bring nothing and move nothing: two minutes.
    private static final int MOST_IDLE_POLLS = 600;

    private TopicReading() {}

    /// Takes a record.
    interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record);
    }

    /// @param since records of this time or later
    /// @param last about so many of each partition, counting from its end
    static void read(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Optional<Instant> since,
            long last,
            Taker taker) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> froms =
                since.map(time -> at(consumer, partitions, time, ends)).orElse(begins);
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long from = froms.getOrDefault(partition, end);
            consumer.seek(partition, Math.max(from, end - Math.min(end, last)));
        }
        toEnd(consumer, ends, taker);
    }

    private static void toEnd(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Taker taker) {
        int idle = 0;
        while (!done(consumer, ends)) {
            long before = progress(consumer, ends.keySet());
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.value() != null && record.offset() < ends.getOrDefault(partition, 0L)) {
                    taker.take(record);
                }
            }
            idle = progress(consumer, ends.keySet()) > before ? 0 : idle + 1;
            if (idle >= MOST_IDLE_POLLS) {
                throw new KafkaException(
                        "nothing more came of %s, though it has more; is a transaction open, or a broker away?"
                                .formatted(ends.keySet()));
            }
        }
    }

    private static boolean done(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static long progress(
            Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        return partitions.stream().mapToLong(consumer::position).sum();
    }

    private static Map<TopicPartition, Long> at(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Instant time,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>(ends);
        consumer.offsetsForTimes(asked)
                .forEach(
                        (partition, offset) ->
                                Optional.ofNullable(offset)
                                        .map(OffsetAndTimestamp::offset)
                                        .ifPresent(from -> found.put(partition, from)));
        return found;
    }
}
