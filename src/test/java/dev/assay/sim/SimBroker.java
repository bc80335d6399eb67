package dev.assay.sim;

import dev.assay.codec.PlaceCodec;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a cluster of brokers holds as a read_committed reader sees it: logs, compacted changelogs
/// and the group's offsets. Transactions reach it whole, when they commit.
final class SimBroker {

    private static final String CHANGELOG = "-changelog";

    /// A record in a log.
    record Entry(long offset, ProducerRecord<byte[], byte[]> record) {}

    /// Hears of every record when it becomes visible.
    interface Listener {
        void appended(TopicPartition partition, Entry entry);
    }

    private static final class Log {
        private final List<Entry> entries = new ArrayList<>();
        private long end;
    }

    private static final int LOSES_ONE_IN = 5;

    private final int partitions;
    private final Bug bug;
    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final Map<TopicPartition, SortedMap<Bytes, byte[]>> changelogs = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Listener listener;
    private int logged;

    /// @param partitions of every topic that is no changelog
    SimBroker(int partitions, Listener listener, Bug bug) {
        this.partitions = partitions;
        this.bug = bug;
        this.listener = listener;
    }

    int partitions() {
        return partitions;
    }

    /// Where a record will lie if it is appended now, as text.
    String coordinates(ProducerRecord<byte[], byte[]> record) {
        TopicPartition where = place(record);
        return where + "-" + end(where);
    }

    /// A producer of someone else's, without a transaction.
    void append(ProducerRecord<byte[], byte[]> record) {
        write(record);
    }

    /// A transaction becomes visible, with the offsets of what it was made from.
    void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<Log> touched = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (record.topic().endsWith(CHANGELOG)) {
                log(record);
            } else {
                touched.add(write(record));
            }
        }
        // The marker of the transaction takes an offset as well.
        touched.stream().distinct().forEach(log -> log.end++);
        committed.putAll(offsets);
    }

    /// From an offset on, at most so many.
    List<Entry> read(TopicPartition partition, long offset, int most) {
        Log log = logs.get(partition);
        if (log == null) {
            return List.of();
        }
        List<Entry> found = new ArrayList<>();
        for (int i = firstFrom(log, offset); i < log.entries.size() && found.size() < most; i++) {
            found.add(log.entries.get(i));
        }
        return found;
    }

    long end(TopicPartition partition) {
        Log log = logs.get(partition);
        return log == null ? 0 : log.end;
    }

    Map<TopicPartition, OffsetAndMetadata> committed() {
        return Collections.unmodifiableMap(committed);
    }

    /// What a store holds as of the last commit.
    SortedMap<Bytes, byte[]> changelog(String topic, int partition) {
        return changelogs.computeIfAbsent(
                new TopicPartition(topic, partition), _ -> new TreeMap<>());
    }

    /// What a task finds that opens the store.
    SortedMap<Bytes, byte[]> restored(String topic, int partition) {
        SortedMap<Bytes, byte[]> kept = changelog(topic, partition);
        if (bug == Bug.FORGETS_GRANTS && topic.contains("ledger")) {
            return new TreeMap<>();
        }
        if (bug == Bug.FORGETS_PLACES && topic.contains("ledger")) {
            SortedMap<Bytes, byte[]> rest = new TreeMap<>(kept);
            rest.keySet().removeIf(SimBroker::isOfPlaces);
            return rest;
        }
        return kept;
    }

    private static boolean isOfPlaces(Bytes key) {
        return PlaceCodec.model(new String(key.get(), StandardCharsets.UTF_8)).isPresent();
    }

    private Log write(ProducerRecord<byte[], byte[]> record) {
        TopicPartition where = place(record);
        Log log = logs.computeIfAbsent(where, _ -> new Log());
        Entry entry = new Entry(log.end++, record);
        log.entries.add(entry);
        listener.appended(where, entry);
        return log;
    }

    private TopicPartition place(ProducerRecord<byte[], byte[]> record) {
        int partition =
                record.partition() != null
                        ? record.partition()
                        : Utils.toPositive(Utils.murmur2(record.key())) % partitions;
        return new TopicPartition(record.topic(), partition);
    }

    /// Records of a transaction that was given up.
    void aborted(List<ProducerRecord<byte[], byte[]>> records) {
        if (bug == Bug.SHOWS_ABORTED) {
            records.stream()
                    .filter(record -> !record.topic().endsWith(CHANGELOG))
                    .forEach(this::write);
        }
    }

    private void log(ProducerRecord<byte[], byte[]> record) {
        if (isLost(record)) {
            return;
        }
        SortedMap<Bytes, byte[]> changelog = changelog(record.topic(), record.partition());
        if (record.value() == null) {
            changelog.remove(Bytes.wrap(record.key()));
        } else {
            changelog.put(Bytes.wrap(record.key()), record.value());
        }
    }

    private boolean isLost(ProducerRecord<byte[], byte[]> record) {
        return switch (bug) {
            case LOSES_PENDING ->
                    record.topic().contains("pending")
                            && record.value() != null
                            && logged++ % LOSES_ONE_IN == 0;
            case LOSES_SEEN -> record.topic().contains("seen");
            case NONE,
                    FORGETS_GRANTS,
                    FORGETS_PLACES,
                    COMMITS_OFFSETS_FIRST,
                    LOSES_CALLS,
                    SHOWS_ABORTED ->
                    false;
        };
    }

    private static int firstFrom(Log log, long offset) {
        int low = 0;
        int high = log.entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (log.entries.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
