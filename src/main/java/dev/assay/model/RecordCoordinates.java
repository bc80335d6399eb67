package dev.assay.model;

/// Where a record lies in Kafka.
public record RecordCoordinates(String topic, int partition, long offset) {

    /// `topic-partition-offset`, the id of a record that cannot be decoded.
    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
