package dev.assay.http;

import dev.assay.avro.PromptEvent;
import dev.assay.bulk.PromptTopics;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.model.FailureCode;
import dev.assay.topology.CancelMark;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Puts single prompts through the pipeline and waits for their results. Safe for any thread;
/// whoever asks waits, on a virtual thread.
public final class PromptGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PromptGateway.class);

    /// Requests that may wait at once in one instance.
    static final int MOST_WAITING = 10_000;

    /// What Kafka puts around a record.
    private static final int RECORD_MARGIN_BYTES = 1 << 20;

    private static final Duration SENDING_TIMEOUT = Duration.ofSeconds(30);

    /// How often it looks whether a caller still waits.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// As nginx has it; nobody reads it.
    private static final int CALLER_GONE = 499;

    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;
    private static final int TIMED_OUT = 504;

    private final PromptTopics inputs;
    private final Producer<String, byte[]> producer;
    private final Serializer<PromptEvent> serializer;
    private final ReplyTail replies;
    private final KeptReplies kept;
    private final Topics topics;

    private PromptGateway(
            TopologyFile file,
            Producer<String, byte[]> producer,
            RegistrySerdes serdes,
            Topics topics,
            KeptReplies kept,
            ReplyTail replies) {
        this.topics = topics;
        this.kept = kept;
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
        producing.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                file.engine().maxRecordBytes() + RECORD_MARGIN_BYTES);
        Topics topics = new Topics(file.topics().prefix());
        KeptReplies kept = new KeptReplies(KeptReplies.usualBytes());
        ReplyTail replies =
                new ReplyTail(ReplyTail.consumer(consuming), serdes, topics, kept::keep);
        return new PromptGateway(
                file,
                new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer()),
                serdes,
                topics,
                kept,
                replies);
    }

    /// Sends a prompt and waits for its result. Where the caller goes away meanwhile, and no other
    /// request waits for the prompt here, it is cancelled.
    ///
    /// @param gone true once the caller waits no longer; asked on this thread
    /// @throws ApiError if it cannot be sent, nothing has come in time, or the id is another's
    public Reply ask(PromptEvent event, Duration timeout, BooleanSupplier gone) {
        if (replies.waiting() >= MOST_WAITING) {
            throw new ApiError(
                    UNAVAILABLE, "as many requests wait as may; send it again in a moment");
        }
        Optional<String> owner = Optional.ofNullable(event.getTenant());
        Optional<Reply.Owned> before = kept.find(event.getId());
        if (before.isPresent()) {
            if (!before.get().owner().equals(owner)) {
                throw ReplyTail.taken();
            }
            return before.get().reply();
        }
        // Counted from before it is sent, as its deadline is: else it could fail of that first.
        long endNanos = System.nanoTime() + timeout.toNanos();
        CompletableFuture<Reply> reply = replies.expect(event.getId(), owner);
        boolean wanted = true;
        try {
            send(event, owner);
            Optional<Reply> come = await(reply, endNanos, gone);
            wanted = come.isPresent();
            return come.orElseThrow(
                    () -> new ApiError(CALLER_GONE, "the caller has closed the connection"));
        } catch (TimeoutException e) {
            throw new ApiError(
                    TIMED_OUT,
                    "no result within %s s, and nothing more is begun for it; GET /api/prompts/%s tells how it ends"
                            .formatted(
                                    BigDecimal.valueOf(timeout.toMillis(), 3)
                                            .stripTrailingZeros()
                                            .toPlainString(),
                                    event.getId()),
                    Optional.of("timeout"));
        } catch (ExecutionException e) {
            throw new ApiError(UNAVAILABLE, "its result cannot be read: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiError(UNAVAILABLE, "the instance stops");
        } finally {
            if (replies.forget(event.getId()) && !wanted) {
                cancel(event.getId(), owner);
            }
        }
    }

    /// The result of a prompt that was sent here and that this caller may see.
    public Optional<Reply> find(String id, Caller caller) {
        return kept.find(id).filter(found -> caller.sees(found.owner())).map(Reply.Owned::reply);
    }

    /// What has come; empty where the caller went away before it did.
    private static Optional<Reply> await(
            CompletableFuture<Reply> reply, long endNanos, BooleanSupplier gone)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long leftNanos = endNanos - System.nanoTime();
            try {
                return Optional.of(
                        reply.get(Math.min(leftNanos, LOOK.toNanos()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                if (gone.getAsBoolean()) {
                    return Optional.empty();
                }
                if (leftNanos <= LOOK.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private void cancel(String id, Optional<String> owner) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topics.escalated(), id, null);
        new CancelMark(owner).set(record.headers());
        var _ =
                producer.send(
                        record,
                        (_, failure) -> {
                            if (failure != null) {
                                LOG.warn(
                                        "prompt {} goes on though nobody waits for it: Kafka does not take its cancellation: {}",
                                        id,
                                        failure.getMessage());
                            }
                        });
    }

    @Override
    public void close() {
        replies.close();
        producer.close(Duration.ofSeconds(1));
    }

    private void send(PromptEvent event, Optional<String> owner) throws InterruptedException {
        String topic = inputs.of(event);
        try {
            byte[] value = encoded(topic, event);
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(topic, event.getId(), value);
            record.headers().add(ReplyTail.REPLY_TO, replies.address(owner));
            producer.send(record).get();
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof RecordTooLargeException) {
                throw new ApiError(
                        TOO_LARGE,
                        "the prompt is too large; a prompt and its answer must fit in engine.max_record_bytes",
                        Optional.of(FailureCode.TOO_LARGE.code()));
            }
            throw new ApiError(
                    UNAVAILABLE, "Kafka does not take the prompt: " + cause.getMessage());
        }
    }

    /// A serializer is for one thread at a time.
    private synchronized byte[] encoded(String topic, PromptEvent event) {
        return serializer.serialize(topic, event);
    }
}
