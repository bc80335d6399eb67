package dev.assay.sim;

import dev.assay.topology.CommittedOffsets;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// A transactional producer: nothing is seen of a transaction before it commits. A broker gives up
/// one that stays open for too long.
final class SimProducer implements Producer<byte[], byte[]> {

    /// What happens to a producer's requests on their way.
    interface Wire {

        /// A record is about to be sent.
        void sending(ProducerRecord<byte[], byte[]> record);

        /// The transaction is about to commit; whoever may not commit these offsets is told so.
        void committing(Map<TopicPartition, OffsetAndMetadata> offsets, boolean timedOut);

        /// It is committed.
        void committed(int records);
    }

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private final SimBroker broker;
    private final Scheduler scheduler;
    private final Wire wire;
    private final CommittedOffsets committed;
    private final List<ProducerRecord<byte[], byte[]>> open = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private boolean begun;
    private long begunAtNanos;

    SimProducer(SimBroker broker, Scheduler scheduler, Wire wire, CommittedOffsets committed) {
        this.broker = broker;
        this.scheduler = scheduler;
        this.wire = wire;
        this.committed = committed;
    }

    boolean inTransaction() {
        return begun;
    }

    @Override
    public void initTransactions() {
        // Whatever a former one of this name left open was never visible.
    }

    @Override
    public void beginTransaction() {
        begun = true;
        begunAtNanos = scheduler.nowNanos();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> newOffsets, ConsumerGroupMetadata group) {
        offsets.putAll(committed.toSend(newOffsets));
    }

    @Override
    public void commitTransaction() {
        boolean timedOut =
                scheduler.nowNanos() - begunAtNanos > TRANSACTION_TIMEOUT.toNanos()
                        && !(open.isEmpty() && offsets.isEmpty());
        wire.committing(Map.copyOf(offsets), timedOut);
        int records = open.size();
        broker.commit(List.copyOf(open), Map.copyOf(offsets));
        end();
        committed.committed();
        wire.committed(records);
    }

    @Override
    public void abortTransaction() {
        broker.aborted(List.copyOf(open));
        end();
    }

    private void end() {
        begun = false;
        open.clear();
        offsets.clear();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        wire.sending(record);
        if (!begun) {
            beginTransaction();
        }
        open.add(record);
        return CompletableFuture.completedFuture(
                new RecordMetadata(new TopicPartition(record.topic(), 0), -1, 0, 0, 0, 0));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        Future<RecordMetadata> sent = send(record);
        callback.onCompletion(sent.resultNow(), null);
        return sent;
    }

    @Override
    public void flush() {
        // Records are with the broker as soon as they are sent.
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return IntStream.range(0, broker.partitions())
                .mapToObj(partition -> new PartitionInfo(topic, partition, null, null, null))
                .toList();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return Uuid.ZERO_UUID;
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        // Nobody subscribes.
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        // Nobody subscribes.
    }

    @Override
    public void close() {
        abortTransaction();
    }

    @Override
    public void close(Duration timeout) {
        close();
    }
}
