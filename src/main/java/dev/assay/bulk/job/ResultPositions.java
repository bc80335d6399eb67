package dev.assay.bulk.job;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Where to begin reading results.
final class ResultPositions {

    private ResultPositions() {}

    /// Assigns the partitions from the first record of that time on; where there is none, from the
    /// end as it was before that was asked, so that what is committed meanwhile is read.
    static void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Instant from) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> begins = consumer.offsetsForTimes(times);
        ends.forEach(
                (partition, end) -> {
                    OffsetAndTimestamp begin = begins.get(partition);
                    consumer.seek(partition, begin == null ? end : begin.offset());
                });
    }
}
