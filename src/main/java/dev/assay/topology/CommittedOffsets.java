package dev.assay.topology;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// What is committed of the inputs of one stream thread.
///
/// A broker asks the group whether a thread is still one of it only where a transaction commits
/// offsets. A thread that was thrown out while it did not run, and whose tasks have read nothing
/// since they opened, could commit what its calls came to beside its successor, which makes the
/// same calls. So a transaction without offsets commits one again that is committed already.
///
/// Used by the stream thread.
public final class CommittedOffsets {

    private final Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
    private Map<TopicPartition, OffsetAndMetadata> sent = Map.of();

    /// The broker says what is committed.
    ///
    /// @param committed without those of which nothing is, or with null for them
    public void read(Map<TopicPartition, OffsetAndMetadata> committed) {
        committed.forEach(
                (partition, offset) -> {
                    if (offset != null) {
                        known.put(partition, offset);
                    }
                });
    }

    /// These partitions are the thread's no more.
    public void lost(Collection<TopicPartition> partitions) {
        known.keySet().removeAll(partitions);
    }

    /// What a transaction is to commit.
    ///
    /// @param offsets of what it was made from
    /// @return the same, or one that is committed already; empty only where none ever was
    public Map<TopicPartition, OffsetAndMetadata> toSend(
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        sent = offsets;
        return offsets.isEmpty()
                ? known.entrySet().stream()
                        .findAny()
                        .map(any -> Map.of(any.getKey(), any.getValue()))
                        .orElseGet(Map::of)
                : offsets;
    }

    /// The transaction is committed.
    public void committed() {
        known.putAll(sent);
        sent = Map.of();
    }
}
