package dev.assay.bench;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/// Sends prompts with the keys p0, p1, ... from a thread of its own, and keeps the time at which
/// each was sent.
final class Feed implements AutoCloseable {

    private static final long PAUSE_NANOS = 500_000;

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final IntFunction<byte[]> values;
    private final long[] sentNanos;
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Thread thread;
    private volatile IntPredicate due = _ -> false;
    private volatile int sent;
    private volatile boolean closed;

    /// @param values the value of each prompt; called on the feed's thread
    /// @param most how many prompts it can send in all
    Feed(String bootstrapServers, String topic, IntFunction<byte[]> values, int most) {
        this.producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "acks",
                                "all",
                                "linger.ms",
                                2,
                                "max.block.ms",
                                600_000,
                                "delivery.timeout.ms",
                                600_000),
                        new StringSerializer(),
                        new ByteArraySerializer());
        this.topic = topic;
        this.values = values;
        this.sentNanos = new long[most];
        this.thread = Thread.ofPlatform().name("feed").daemon().start(this::run);
    }

    /// From now on keeps so many more prompts on the way than have been counted.
    void keepAhead(int prompts, Count count) {
        due = next -> next - count.distinct() < prompts;
    }

    /// From now on sends so many prompts a second, evenly.
    void keepRate(double perSecond) {
        int before = sent;
        long began = System.nanoTime();
        due = next -> next - before <= (System.nanoTime() - began) * perSecond / 1e9;
    }

    /// Sends no more than so many prompts in all, as fast as it can.
    void sendUpTo(int prompts) {
        due = next -> next < prompts;
    }

    /// Sends nothing more. A prompt that is just being sent still counts in [#sent].
    void pause() {
        due = _ -> false;
    }

    int sent() {
        return sent;
    }

    int acknowledged() {
        return acknowledged.get();
    }

    /// Why a prompt was not taken; empty where all were.
    String failure() {
        return failure.get();
    }

    long sentNanos(int index) {
        return sentNanos[index];
    }

    private void run() {
        while (!closed) {
            int next = sent;
            if (next < sentNanos.length && due.test(next)) {
                byte[] value = values.apply(next);
                sentNanos[next] = System.nanoTime();
                sent = next + 1;
                producer.send(
                        new ProducerRecord<>(topic, Count.KEY_PREFIX + next, value),
                        (_, exception) -> {
                            if (exception == null) {
                                acknowledged.incrementAndGet();
                            } else {
                                failure.compareAndSet("", String.valueOf(exception));
                            }
                        });
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Waiting.forEnd(thread);
        producer.close();
    }
}
