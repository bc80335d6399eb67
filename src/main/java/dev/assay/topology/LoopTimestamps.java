package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/// Sorts the loop before new prompts.
///
/// Kafka Streams takes the lowest timestamp of a task's inputs first, so a loop record with the
/// time of its escalation would wait behind the whole backlog of prompts.
public final class LoopTimestamps implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return 0;
    }
}
