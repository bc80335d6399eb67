package dev.assay.bulk.job;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.RunException;
import dev.assay.topology.JobMark;
import dev.assay.topology.RedriveMark;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Sends failed prompts again: the last failure of each prompt, unless it has been answered since.
/// Each failure lets its prompt in once, however often this is done.
public final class Redrive {

    private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);

    private static final Duration POLL = Duration.ofMillis(200);

    private static final String NO_GROUP = "assay-redrive-reader";

    private final JobClients clients;
    private final InstantSource clock;
    private final Serde<PromptEvent> prompts;
    private final Deserializer<FailedPrompt> failures;
    private final Deserializer<GradedAnswer> answers;

    public Redrive(JobClients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
        this.prompts = clients.serdes().promptEvent();
        this.failures = clients.serdes().failedPrompt().deserializer();
        this.answers = clients.serdes().gradedAnswer().deserializer();
    }

    /// Which failures.
    ///
    /// @param reason a code; empty is any
    /// @param job its id; empty is any prompt
    public record Which(Optional<String> reason, Optional<String> job) {}

    /// What was done.
    ///
    /// @param cut of which not the whole event was kept
    public record Sent(long sent, long cut) {}

    /// Sends all that have failed so far.
    public Sent send(Which which) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer(NO_GROUP);
                Producer<String, byte[]> producer = clients.producer()) {
            List<TopicPartition> failed = partitions(consumer, List.of(clients.topics().failed()));
            Map<TopicPartition, Long> ends = consumer.endOffsets(failed);
            Unanswered unanswered = new Unanswered();
            consumer.assign(failed);
            consumer.seekToBeginning(failed);
            read(consumer, ends, record -> failed(unanswered, which, record));
            Optional<Instant> since = unanswered.since();
            if (since.isEmpty()) {
                return new Sent(0, 0);
            }
            readAnswers(consumer, since.get(), unanswered);
            consumer.assign(failed);
            consumer.seekToBeginning(failed);
            return send(consumer, ends, producer, unanswered);
        } catch (KafkaException e) {
            throw new RunException("Kafka does not take it: " + e.getMessage(), e);
        }
    }

    private Sent send(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Producer<String, byte[]> producer,
            Unanswered unanswered) {
        AtomicLong sent = new AtomicLong();
        AtomicLong cut = new AtomicLong();
        AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
        read(
                consumer,
                ends,
                record -> {
                    if (!unanswered.stands(key(record), record.partition(), record.offset())) {
                        return;
                    }
                    FailedPrompt prompt = failures.deserialize(record.topic(), record.value());
                    if (!whole(prompt)) {
                        cut.incrementAndGet();
                        return;
                    }
                    var _ =
                            producer.send(
                                    again(record, prompt),
                                    (_, failure) -> broken.compareAndSet(null, failure));
                    sent.incrementAndGet();
                });
        producer.flush();
        if (broken.get() != null) {
            throw new RunException(
                    "Kafka does not take it: %s; do it again, what went through does not go twice"
                            .formatted(broken.get().getMessage()),
                    broken.get());
        }
        return new Sent(sent.get(), cut.get());
    }

    private void failed(Unanswered unanswered, Which which, ConsumerRecord<byte[], byte[]> record) {
        FailedPrompt failed = failures.deserialize(record.topic(), record.value());
        boolean wanted =
                (which.job().isEmpty() || JobMark.job(record.headers()).equals(which.job()))
                        && (which.reason().isEmpty()
                                || which.reason().get().equals(failed.getCode()));
        unanswered.failed(failed, record.partition(), record.offset(), wanted);
    }

    private void readAnswers(
            Consumer<byte[], byte[]> consumer, Instant since, Unanswered unanswered) {
        List<TopicPartition> answered =
                partitions(
                        consumer, List.of(clients.topics().graded(), clients.topics().flagged()));
        ResultPositions.seek(consumer, answered, since.minus(Unanswered.SKEW));
        read(
                consumer,
                consumer.endOffsets(answered),
                record -> {
                    if (unanswered.asks(key(record))) {
                        unanswered.answered(answers.deserialize(record.topic(), record.value()));
                    }
                });
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> consumer, List<String> topics) {
        return topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /// From where the consumer is up to these ends.
    private static void read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.getOrDefault(partition(record), 0L)) {
                    each.accept(record);
                }
            }
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static boolean whole(FailedPrompt failed) {
        return failed.getOriginal() != null
                && failed.getOriginal().remaining() == failed.getOriginalBytes()
                && failed.getOriginal().hasRemaining();
    }

    /// The event as it was, but for a deadline that has passed: who sends it again wants it done.
    private byte[] timely(String topic, FailedPrompt failed) {
        byte[] original = new byte[failed.getOriginal().remaining()];
        failed.getOriginal().duplicate().get(original);
        try {
            PromptEvent event = prompts.deserializer().deserialize(topic, original);
            if (event.getDeadline() != null && event.getDeadline().isBefore(clock.instant())) {
                return prompts.serializer()
                        .serialize(topic, PromptEvent.newBuilder(event).setDeadline(null).build());
            }
        } catch (RuntimeException e) {
            LOG.debug("prompt {} could not be decoded, and is sent as it was", failed.getId());
        }
        return original;
    }

    /// To where it came from; a line of a job that never was sent goes with the others of its kind.
    private ProducerRecord<String, byte[]> again(
            ConsumerRecord<byte[], byte[]> record, FailedPrompt failed) {
        String from = failed.getTopic();
        boolean unsent =
                from.equals(clients.topics().jobsLines())
                        || from.equals(clients.topics().escalated());
        String topic =
                unsent ? LineMarks.topic(record.headers()).orElse(clients.topics().bulk()) : from;
        ProducerRecord<String, byte[]> again =
                new ProducerRecord<>(
                        topic, null, null, key(record), timely(topic, failed), record.headers());
        RedriveMark.set(
                again.headers(),
                record.topic(),
                record.partition(),
                record.offset(),
                failed.getGeneration());
        return again;
    }
}
