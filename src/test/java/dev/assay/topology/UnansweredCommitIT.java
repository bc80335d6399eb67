package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.TestBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A commit that is not answered in time ends the stream thread; the next one begins from what is
/// committed, and passes nothing by.
@ExtendWith(KafkaExtension.class)
class UnansweredCommitIT {

    private static final String TOPIC = "unanswered";
    private static final String APPLICATION = "unanswered-commit";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int RECORDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path stateDir;

    private final TestBroker broker;
    private final Set<String> processed = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();

    UnansweredCommitIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void endsTheThreadAndPassesNothingBy() throws Exception {
        send();
        Topology topology =
                new Topology()
                        .addSource(
                                "in",
                                Serdes.String().deserializer(),
                                Serdes.String().deserializer(),
                                TOPIC)
                        .addProcessor("count", Counting::new, "in");

        try (KafkaStreams streams = new KafkaStreams(topology, settings(), new OneLateCommit());
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            streams.setUncaughtExceptionHandler(this::replace);
            streams.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(committed(admin)).isEqualTo(RECORDS));
        }

        assertThat(deaths)
                .singleElement()
                .satisfies(
                        death -> assertThat(death).hasRootCauseInstanceOf(TimeoutException.class));
        assertThat(processed)
                .isEqualTo(
                        IntStream.range(0, RECORDS)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.toSet()));
    }

    private StreamThreadExceptionResponse replace(Throwable death) {
        deaths.add(death);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static long committed(Admin admin) throws ExecutionException, InterruptedException {
        return Optional.ofNullable(
                        admin.listConsumerGroupOffsets(APPLICATION)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .get(PARTITION))
                .map(OffsetAndMetadata::offset)
                .orElse(0L);
    }

    private void send() throws ExecutionException, InterruptedException {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(config);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(
                                config, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            for (int record = 0; record < RECORDS; record++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, "", Integer.toString(record))).get();
            }
        }
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 9_000);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    /// Asks for a commit after each record.
    private final class Counting implements Processor<String, String, Void, Void> {

        private Optional<ProcessorContext<Void, Void>> context = Optional.empty();

        @Override
        public void init(ProcessorContext<Void, Void> processorContext) {
            context = Optional.of(processorContext);
        }

        @Override
        public void process(Record<String, String> record) {
            processed.add(record.value());
            context.orElseThrow().commit();
        }
    }

    /// The product's clients, but one commit that is not answered in time.
    private static final class OneLateCommit implements KafkaClientSupplier {

        private final CommitPace pace = new CommitPace(true, InstantSource.system());
        private final PausingClientSupplier clients =
                new PausingClientSupplier(
                        new Backpressure(RECORDS, Map.of()), new Deliveries(true), pace);
        private final AtomicBoolean late = new AtomicBoolean(true);

        @Override
        public Admin getAdmin(Map<String, Object> config) {
            return clients.getAdmin(config);
        }

        @Override
        public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
            return new CommitTellingProducer(config, pace, new CommittedOffsets()) {
                @Override
                void commit() {
                    if (late.getAndSet(false)) {
                        throw new TimeoutException("not answered in time");
                    }
                    super.commit();
                }
            };
        }

        @Override
        public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            return clients.getConsumer(config);
        }

        @Override
        public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
            return clients.getRestoreConsumer(config);
        }

        @Override
        public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
            return clients.getGlobalConsumer(config);
        }
    }
}
