package dev.assay.bench.peer;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// Confluent's Parallel Consumer, as its README tells for slow calls: unordered, as many workers as
/// calls in flight; with transactions it goes on working while it commits.
final class ParallelConsumer {

    private ParallelConsumer() {}

    /// @param args bootstrap servers, the simulator's base URL, calls in flight, commit mode,
    ///   commit interval in ms, whether its workers are virtual threads
    public static void main(String[] args) throws InterruptedException {
        int inFlight = Integer.parseInt(args[2]);
        CommitMode mode = CommitMode.valueOf(args[3]);
        if (Boolean.parseBoolean(args[5])) {
            VirtualThreadNames.install();
        }
        boolean transactional = mode == CommitMode.PERIODIC_TRANSACTIONAL_PRODUCER;
        PeerCalls calls = new PeerCalls(args[1], inFlight);
        ParallelConsumerOptions<String, String> options =
                ParallelConsumerOptions.<String, String>builder()
                        .ordering(ProcessingOrder.UNORDERED)
                        .maxConcurrency(inFlight)
                        .commitMode(mode)
                        .commitInterval(Duration.ofMillis(Long.parseLong(args[4])))
                        .allowEagerProcessingDuringTransactionCommit(transactional)
                        .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(true)
                        .consumer(consumer(args[0]))
                        .producer(producer(args[0], transactional))
                        .build();
        ParallelStreamProcessor<String, String> processor =
                ParallelStreamProcessor.createEosStreamProcessor(options);
        processor.subscribe(List.of("prompts"));
        processor.pollAndProduce(
                context -> {
                    try {
                        return new ProducerRecord<>(
                                "results", context.key(), calls.resultOf(context.value()));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        IO.println("ready now");
        new CountDownLatch(1).await();
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", "bench-parallel",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", false,
                        "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static KafkaProducer<String, String> producer(
            String bootstrapServers, boolean transactional) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5));
        if (transactional) {
            settings.put("transactional.id", "bench-parallel");
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
