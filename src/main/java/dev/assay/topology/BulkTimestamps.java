package dev.assay.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/// Sorts bulk records last.
///
/// Streams takes the lowest timestamp of a task's inputs first, so an old backlog of bulk prompts
/// would go before a live prompt that is stamped now. Admission gives records their own time back.
final class BulkTimestamps implements TimestampExtractor {

    /// About 10,000 years: later than any time a record may honestly bear.
    private static final long LATER_MS = 315_360_000_000_000L;

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.clamp(record.timestamp(), 0, LATER_MS) + LATER_MS;
    }

    /// The record's own time.
    static long restored(long timestampMs) {
        return timestampMs - LATER_MS;
    }
}
