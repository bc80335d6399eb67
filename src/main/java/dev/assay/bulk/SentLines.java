package dev.assay.bulk;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Finds out which lines a run has sent before it was interrupted, by reading the topics of prompts
/// once. Sending one again would do no harm as long as its id is remembered, and cost a second
/// answer after that.
final class SentLines {

    private static final Duration POLL = Duration.ofMillis(200);

    private SentLines() {}

    static BitSet read(Consumer<?, ?> consumer, Collection<String> topics, String runId) {
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(SentLines::partition)
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        BitSet lines = new BitSet();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<?, ?> record : consumer.poll(POLL)) {
                RunMarks.line(record.headers(), runId)
                        .ifPresent(line -> lines.set(Math.toIntExact(line)));
            }
        }
        return lines;
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
