package dev.assay.bench;

import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/// Counts results as a read_committed consumer sees them, on a thread of its own.
final class Count implements AutoCloseable {

    static final String KEY_PREFIX = "p";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_MICROS = 600_000_000L;

    private final KafkaConsumer<String, byte[]> consumer;
    private final BitSet seen = new BitSet();
    private final Map<String, Integer> byTopic = new TreeMap<>();
    private final Thread thread;
    private IntToLongFunction sentNanos = _ -> 0;
    private Histogram latencies = new Histogram(LONGEST_MICROS, 3);
    private volatile int distinct;
    private volatile int duplicates;
    private volatile boolean closed;

    Count(String bootstrapServers, List<String> topics) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "group.id",
                                "bench-count",
                                "auto.offset.reset",
                                "earliest",
                                "isolation.level",
                                "read_committed",
                                "fetch.max.wait.ms",
                                500,
                                "max.poll.records",
                                5_000),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(topics);
        this.thread = Thread.ofPlatform().name("count").daemon().start(this::run);
    }

    /// Prompts with a result.
    int distinct() {
        return distinct;
    }

    /// Results beyond a prompt's first.
    int duplicates() {
        return duplicates;
    }

    synchronized Map<String, Integer> byTopic() {
        return Map.copyOf(byTopic);
    }

    /// Begins a histogram of the time from sending to seeing, in microseconds.
    ///
    /// @param sent when a prompt was sent
    synchronized void measureLatency(IntToLongFunction sent) {
        sentNanos = sent;
        latencies = new Histogram(LONGEST_MICROS, 3);
    }

    /// Those since [#measureLatency].
    synchronized Histogram latencies() {
        return latencies.copy();
    }

    private void run() {
        while (!closed) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                see(record, System.nanoTime());
            }
            distinct = seen.cardinality();
        }
        consumer.close();
    }

    private synchronized void see(ConsumerRecord<String, byte[]> record, long nowNanos) {
        if (!record.key().startsWith(KEY_PREFIX)) {
            return; // of a job, or what somebody else sent
        }
        byTopic.merge(record.topic(), 1, Integer::sum);
        int index = Integer.parseInt(record.key().substring(KEY_PREFIX.length()));
        if (seen.get(index)) {
            duplicates++;
            return;
        }
        seen.set(index);
        long micros = (nowNanos - sentNanos.applyAsLong(index)) / 1_000;
        latencies.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
    }

    @Override
    public void close() {
        closed = true;
        Waiting.forEnd(thread);
    }
}
