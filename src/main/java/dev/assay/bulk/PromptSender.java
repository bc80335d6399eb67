package dev.assay.bulk;

import dev.assay.avro.PromptEvent;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Sends the lines of an input as prompts, never more than so many ahead of their results. [#run]
/// is for a thread of its own, which an interrupt ends; everything else may be called by others.
final class PromptSender implements Runnable {

    private final Settings settings;
    private final InputReader input;
    private final Producer<String, byte[]> producer;
    private final Serializer<PromptEvent> serializer;
    private final Clock clock;
    private final Semaphore room;
    private final Queue<ResultRow> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong linesRead = new AtomicLong();
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /// What is sent where.
    ///
    /// @param done lines that have their result already
    /// @param sent lines that an earlier start of the run has sent
    /// @param maxAhead prompts that may be under way at once
    record Settings(
            String runId,
            Function<PromptEvent, String> topicOf,
            BitSet done,
            BitSet sent,
            int maxAhead) {}

    PromptSender(
            Settings settings,
            InputReader input,
            Producer<String, byte[]> producer,
            Serializer<PromptEvent> serializer,
            Clock clock) {
        this.settings = settings;
        this.input = input;
        this.producer = producer;
        this.serializer = serializer;
        this.clock = clock;
        this.room = new Semaphore(settings.maxAhead());
    }

    @Override
    public void run() {
        try {
            for (Optional<InputLine> line = input.next(); line.isPresent(); line = input.next()) {
                take(line.get());
                linesRead.incrementAndGet();
            }
            producer.flush();
            end.complete(null);
        } catch (InterruptedException | InterruptException e) {
            end.cancel(false);
        } catch (InputException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    /// Done once every line was taken and is safe in Kafka; fails with what kept it from that.
    Future<?> end() {
        return end;
    }

    long linesRead() {
        return linesRead.get();
    }

    /// The next line that failed before it reached the pipeline.
    Optional<ResultRow> nextFailure() {
        return Optional.ofNullable(failures.poll());
    }

    /// One prompt sent has got its result.
    void resultCame() {
        room.release();
    }

    private void take(InputLine line) throws InterruptedException {
        int number = Math.toIntExact(line.number());
        if (settings.done().get(number)) {
            return;
        }
        room.acquire();
        switch (line) {
            case InputLine.Invalid invalid -> failures.add(ResultRows.of(invalid));
            case InputLine.Valid valid -> {
                if (!settings.sent().get(number)) {
                    send(valid);
                }
            }
        }
    }

    private void send(InputLine.Valid line) {
        PromptEvent event =
                PromptEvent.newBuilder(line.event())
                        .setJobId(settings.runId())
                        .setJobLine(line.number())
                        .setCreatedAt(clock.instant())
                        .build();
        String topic = settings.topicOf().apply(event);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, line.id(), serializer.serialize(topic, event));
        RunMarks.set(record.headers(), settings.runId(), line.number());
        Future<?> ignored =
                producer.send(
                        record,
                        (_, failure) -> {
                            if (failure instanceof RecordTooLargeException) {
                                failures.add(tooLarge(line, record.value().length));
                            } else if (failure != null) {
                                end.completeExceptionally(failure);
                            }
                        });
    }

    private static ResultRow tooLarge(InputLine.Valid line, int bytes) {
        return ResultRows.of(
                new InputLine.Invalid(
                        line.number(),
                        line.id(),
                        Optional.ofNullable(line.event().getCustomId()),
                        new Failure(
                                FailureCode.TOO_LARGE,
                                "line %d: as a record it has %,d bytes, more than Kafka takes"
                                        .formatted(line.number(), bytes))));
    }
}
