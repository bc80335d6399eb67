package dev.assay.http;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.RegistrySerdes;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads the result topics, without a group and as they are committed, for the results that callers
/// of this instance wait for. One thread reads for all of them; a result that nobody here waits for
/// or was sent for is left undecoded, by its key and a header.
final class ReplyTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyTail.class);

    /// Names the instance that waits for the result, and the tenant whose prompt it is; whatever a
    /// prompt bears its result bears too.
    static final String REPLY_TO = "assay-reply-to";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private static final int CONFLICT = 409;

    private final byte[] me = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final Consumer<String, byte[]> consumer;
    private final Topics topics;
    private final Deserializer<GradedAnswer> answers;
    private final Deserializer<FailedPrompt> failures;
    private final java.util.function.Consumer<Reply.Owned> arrived;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread thread;

    /// Requests that wait for the result of one prompt.
    private record Waiting(Optional<String> owner, CompletableFuture<Reply> reply, int requests) {

        private Waiting with(int change) {
            return new Waiting(owner, reply, requests + change);
        }
    }

    /// @param settings of a consumer without a group
    static Consumer<String, byte[]> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// Begins to read at the end of the topics.
    ///
    /// @param consumer without a group; closed with this
    /// @param arrived is told of every result that was asked for here, whether somebody still waits
    ///   or not, before those who wait
    ReplyTail(
            Consumer<String, byte[]> consumer,
            RegistrySerdes serdes,
            Topics topics,
            java.util.function.Consumer<Reply.Owned> arrived) {
        this.arrived = arrived;
        this.consumer = consumer;
        this.topics = topics;
        this.answers = serdes.gradedAnswer().deserializer();
        this.failures = serdes.failedPrompt().deserializer();
        List<TopicPartition> partitions =
                topics.results().stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // now, so that no result can come before
        this.thread = Thread.ofPlatform().name("assay-replies").start(this::read);
    }

    /// What a prompt must bear in the header [#REPLY_TO], for its result to come here.
    byte[] address(Optional<String> owner) {
        byte[] tenant = owner.orElse("").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(me.length + tenant.length).put(me).put(tenant).array();
    }

    /// The result of that prompt, once it comes.
    ///
    /// @throws ApiError where a prompt of somebody else with this id is waited for
    CompletableFuture<Reply> expect(String id, Optional<String> owner) {
        Waiting all =
                waiting.merge(
                        id,
                        new Waiting(owner, new CompletableFuture<>(), 1),
                        (before, _) -> before.owner().equals(owner) ? before.with(1) : before);
        if (!all.owner().equals(owner)) {
            throw taken();
        }
        return all.reply();
    }

    /// One request that expected it waits no longer.
    ///
    /// @return true where no other does either
    boolean forget(String id) {
        return waiting.computeIfPresent(id, (_, all) -> all.requests() == 1 ? null : all.with(-1))
                == null;
    }

    static ApiError taken() {
        return new ApiError(CONFLICT, "another caller's prompt has this Idempotency-Key");
    }

    int waiting() {
        return waiting.size();
    }

    @Override
    public void close() {
        closing.set(true);
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (!closing.get()) {
                try {
                    consumer.poll(POLL).forEach(this::take);
                } catch (WakeupException e) {
                    return;
                } catch (KafkaException e) {
                    LOG.warn("results cannot be read at present: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.set(true);
        }
    }

    /// A prompt that was sent before is a duplicate, and its result bears whatever it was first
    /// sent with. So a caller who asks again after a restart, or another instance, waits for a
    /// result that is addressed elsewhere.
    private void take(ConsumerRecord<String, byte[]> record) {
        Header to = record.headers().lastHeader(REPLY_TO);
        if (to == null || to.value().length < me.length) {
            return;
        }
        Optional<String> owner = tenant(to.value());
        Optional<Waiting> asked =
                Optional.ofNullable(waiting.get(record.key()))
                        .filter(some -> some.owner().equals(owner));
        if (asked.isEmpty() && !isMine(to.value())) {
            return;
        }
        try {
            Reply.Owned come = decoded(record, owner);
            arrived.accept(come);
            asked.ifPresent(some -> some.reply().complete(come.reply()));
        } catch (RuntimeException e) {
            LOG.warn("the result at {} cannot be read", where(record), e);
            asked.ifPresent(some -> some.reply().completeExceptionally(e));
        }
    }

    private boolean isMine(byte[] address) {
        return Arrays.equals(address, 0, me.length, me, 0, me.length);
    }

    /// The names of instances are equally long.
    private Optional<String> tenant(byte[] address) {
        String tenant =
                new String(address, me.length, address.length - me.length, StandardCharsets.UTF_8);
        return Optional.of(tenant).filter(name -> !name.isEmpty());
    }

    private static String where(ConsumerRecord<String, byte[]> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    private Reply.Owned decoded(ConsumerRecord<String, byte[]> record, Optional<String> owner) {
        int bytes = record.value().length;
        if (!record.topic().equals(topics.failed())) {
            GradedAnswer answer = answers.deserialize(record.topic(), record.value());
            return new Reply.Owned(record.key(), owner, new Reply.Answered(answer), bytes);
        }
        FailedPrompt failed = failures.deserialize(record.topic(), record.value());
        int original =
                Optional.ofNullable(failed.getOriginal()).map(ByteBuffer::remaining).orElse(0);
        failed.put("original", null); // no caller is shown it, and it may be most of the record
        return new Reply.Owned(record.key(), owner, new Reply.Failed(failed), bytes - original);
    }
}
