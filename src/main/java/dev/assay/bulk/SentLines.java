package dev.assay.bulk;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Finds out which lines a run has sent before it was interrupted, by reading the topics of prompts
/// once. Sending one again would do no harm as long as its id is remembered, and cost a second
/// answer after that.
final class SentLines {

    private static final Logger LOG = LoggerFactory.getLogger(SentLines.class);

    private static final Duration POLL = Duration.ofMillis(200);

    /// How long one question to the broker is waited for before a stop is heeded.
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Consumer<?, ?> consumer;
    private final Collection<String> topics;
    private final BooleanSupplier stopped;
    private final InstantSource clock;

    /// @param stopped whether the run was told to stop; asked often
    SentLines(
            Consumer<?, ?> consumer,
            Collection<String> topics,
            BooleanSupplier stopped,
            InstantSource clock) {
        this.consumer = consumer;
        this.topics = topics;
        this.stopped = stopped;
        this.clock = clock;
    }

    /// The lines of a run that are in the topics, or some of them where it was told to stop.
    ///
    /// @throws RunException if the broker does not answer for a minute
    BitSet read(String runId) {
        BitSet lines = new BitSet();
        Optional<Map<TopicPartition, Long>> ends = Optional.empty();
        long left = Long.MAX_VALUE;
        Instant lastAnswer = clock.instant();
        while (left > 0 && !stopped.getAsBoolean()) {
            if (lastAnswer.plus(PATIENCE).isBefore(clock.instant())) {
                throw new RunException(
                        "Kafka has not answered for %d s when asked which prompts were sent before; start the same command again, or begin anew with --fresh"
                                .formatted(PATIENCE.toSeconds()));
            }
            try {
                ends = Optional.of(ends.isPresent() ? ends.get() : begin());
                for (ConsumerRecord<?, ?> record : consumer.poll(POLL)) {
                    RunMarks.line(record.headers(), runId)
                            .ifPresent(line -> lines.set(Math.toIntExact(line)));
                }
                long before = left;
                left = left(ends.get());
                lastAnswer = left < before ? clock.instant() : lastAnswer;
            } catch (TimeoutException e) {
                LOG.debug("Kafka has not answered yet: {}", e.getMessage());
            }
        }
        return lines;
    }

    /// Starts over at the begin of all partitions.
    ///
    /// @return where each of them ends at present
    private Map<TopicPartition, Long> begin() {
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic, ANSWER).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer.endOffsets(partitions, ANSWER);
    }

    /// Offsets that are still to be read, records or not.
    private long left(Map<TopicPartition, Long> ends) {
        long sum = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            sum += Math.max(0, end.getValue() - consumer.position(end.getKey(), ANSWER));
        }
        return sum;
    }
}
