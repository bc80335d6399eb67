package dev.assay.http;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.RegistrySerdes;
import dev.assay.topology.Topics;

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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads the result topics, without a group and as they are committed, for the results that callers
/// of this instance wait for. One thread reads for all of them; a result of somebody else is left
/// undecoded, by a header.
final class ReplyTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyTail.class);

    /// Names the instance that waits for the result; whatever a prompt bears its result bears too.
    static final String REPLY_TO = "assay-reply-to";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final byte[] me = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    private final KafkaConsumer<String, byte[]> consumer;
    private final Topics topics;
    private final Deserializer<GradedAnswer> answers;
    private final Deserializer<FailedPrompt> failures;
    private final Map<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread thread;

    /// Begins to read at the end of the topics.
    ///
    /// @param settings of a consumer without a group
    ReplyTail(Map<String, Object> settings, RegistrySerdes serdes, Topics topics) {
        this.consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer());
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
    byte[] me() {
        return me.clone();
    }

    /// The result of that prompt, once it comes.
    CompletableFuture<Reply> expect(String id) {
        return waiting.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    /// Nobody waits for it any more.
    void forget(String id) {
        waiting.remove(id);
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

    private void take(ConsumerRecord<String, byte[]> record) {
        Header to = record.headers().lastHeader(REPLY_TO);
        if (to == null || !Arrays.equals(to.value(), me)) {
            return;
        }
        CompletableFuture<Reply> reply = waiting.remove(record.key());
        if (reply == null) {
            return;
        }
        try {
            reply.complete(decoded(record));
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    private Reply decoded(ConsumerRecord<String, byte[]> record) {
        return record.topic().equals(topics.failed())
                ? new Reply.Failed(failures.deserialize(record.topic(), record.value()))
                : new Reply.Answered(answers.deserialize(record.topic(), record.value()));
    }
}
