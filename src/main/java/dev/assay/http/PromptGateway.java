package dev.assay.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.assay.avro.PromptEvent;
import dev.assay.bulk.PromptTopics;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Puts single prompts through the pipeline and waits for their results. Safe for any thread;
/// whoever asks waits, on a virtual thread.
public final class PromptGateway implements AutoCloseable {

    /// Requests that may wait at once in one instance.
    static final int MOST_WAITING = 10_000;

    /// Results that are kept for who asks for them again.
    private static final int MOST_KEPT = 10_000;

    private static final Duration SENDING_TIMEOUT = Duration.ofSeconds(30);
    private static final int UNAVAILABLE = 503;
    private static final int TIMED_OUT = 504;

    private final PromptTopics inputs;
    private final Producer<String, byte[]> producer;
    private final Serializer<PromptEvent> serializer;
    private final ReplyTail replies;
    private final Cache<String, Reply> kept = Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    private PromptGateway(
            TopologyFile file,
            Producer<String, byte[]> producer,
            RegistrySerdes serdes,
            ReplyTail replies) {
        this.inputs = new PromptTopics(file);
        this.producer = producer;
        this.serializer = serdes.promptEvent().serializer();
        this.replies = replies;
    }

    /// To the pipeline that runs there.
    public static PromptGateway open(TopologyFile file) {
        RegistrySerdes serdes = new RegistrySerdes(file.schemaRegistry());
        Map<String, Object> consuming = new HashMap<>(file.kafka());
        consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consuming.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        Map<String, Object> producing = new HashMap<>(file.kafka());
        producing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producing.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.toIntExact(SENDING_TIMEOUT.toMillis()));
        Topics topics = new Topics(file.topics().prefix());
        ReplyTail replies = new ReplyTail(consuming, serdes, topics);
        return new PromptGateway(
                file,
                new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer()),
                serdes,
                replies);
    }

    /// Sends a prompt and waits for its result.
    ///
    /// @throws ApiError if it cannot be sent, or nothing has come in time
    public Reply ask(PromptEvent event, Duration timeout) {
        if (replies.waiting() >= MOST_WAITING) {
            throw new ApiError(
                    UNAVAILABLE, "as many requests wait as may; send it again in a moment");
        }
        Optional<Reply> before = find(event.getId());
        if (before.isPresent()) {
            return before.get();
        }
        CompletableFuture<Reply> reply = replies.expect(event.getId());
        try {
            send(event);
            Reply come = reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            kept.put(event.getId(), come);
            return come;
        } catch (TimeoutException e) {
            throw new ApiError(
                    TIMED_OUT,
                    "no result within %d s; it goes on: fetch it with GET /api/prompts/%s"
                            .formatted(timeout.toSeconds(), event.getId()),
                    Optional.of("timeout"));
        } catch (ExecutionException e) {
            throw new ApiError(UNAVAILABLE, "its result cannot be read: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiError(UNAVAILABLE, "the instance stops");
        } finally {
            replies.forget(event.getId());
        }
    }

    /// The result of a prompt that this instance has given before.
    public Optional<Reply> find(String id) {
        return Optional.ofNullable(kept.getIfPresent(id));
    }

    @Override
    public void close() {
        replies.close();
        producer.close(Duration.ofSeconds(1));
    }

    private void send(PromptEvent event) throws InterruptedException {
        String topic = inputs.of(event);
        try {
            byte[] value = encoded(topic, event);
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(topic, event.getId(), value);
            record.headers().add(ReplyTail.REPLY_TO, replies.me());
            producer.send(record).get();
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ApiError(
                    UNAVAILABLE, "Kafka does not take the prompt: " + cause.getMessage());
        }
    }

    /// A serializer is for one thread at a time.
    private synchronized byte[] encoded(String topic, PromptEvent event) {
        return serializer.serialize(topic, event);
    }
}
