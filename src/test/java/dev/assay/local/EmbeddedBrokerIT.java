package dev.assay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assay.testkit.ChildJvm;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class EmbeddedBrokerIT {

    private static final TopicPartition TOPIC = new TopicPartition("letters", 0);

    private static final List<TopicPartition> MANY =
            IntStream.range(0, 50)
                    .mapToObj(index -> new TopicPartition(TOPIC.topic(), index))
                    .toList();

    @Test
    void keepsRecordsOverARestartOnTheSameDirectory(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.lasting(directory, 0)) {
            createTopic(broker.bootstrapServers());
            produce(broker.bootstrapServers(), "a", "b", "c");
            assertThat(consume(broker.bootstrapServers(), 3)).containsExactly("a", "b", "c");
        }

        try (EmbeddedBroker broker = EmbeddedBroker.lasting(directory, 0)) {
            produce(broker.bootstrapServers(), "d");

            assertThat(consume(broker.bootstrapServers(), 4)).containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    void keepsAcknowledgedRecordsWhenItsProcessIsKilled(@TempDir Path directory) throws Exception {
        try (ChildJvm host = ChildJvm.start(BrokerHost.class, directory.toString())) {
            String bootstrapServers = host.readLine();
            createTopic(bootstrapServers);
            produce(bootstrapServers, "a", "b", "c");

            host.kill();
        }

        try (EmbeddedBroker broker = EmbeddedBroker.lasting(directory, 0)) {
            assertThat(consume(broker.bootstrapServers(), 3)).containsExactly("a", "b", "c");
        }
    }

    /// Twice, since a kill must fall between the decision to commit and its markers, and in a
    /// moment of the next start.
    @RepeatedTest(2)
    void transactionsThatAKillInterruptedComeToAnEnd(@TempDir Path directory) throws Exception {
        try (ChildJvm host = ChildJvm.start(BrokerHost.class, directory.toString())) {
            String bootstrapServers = host.readLine();
            createTopic(bootstrapServers, MANY.size());
            try (Committers committers = Committers.start(bootstrapServers, MANY, 40)) {
                committers.awaitCommits();

                host.kill();
            }
        }

        try (EmbeddedBroker broker = EmbeddedBroker.lasting(directory, 0);
                Admin admin =
                        Admin.create(
                                Map.of(
                                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                        broker.bootstrapServers()))) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(ends(admin, IsolationLevel.READ_COMMITTED))
                                            .isEqualTo(ends(admin, IsolationLevel.READ_UNCOMMITTED))
                                            .doesNotContain(0L));
        }
    }

    @Test
    void takesRecordsOfSeveralMegabytes() throws Exception {
        String large = "x".repeat(9 << 20);
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            createTopic(broker.bootstrapServers());

            produce(broker.bootstrapServers(), large);

            assertThat(consume(broker.bootstrapServers(), 1)).containsExactly(large);
        }
    }

    @Test
    void namesTheTakenPortAndTheOptionForAnother(@TempDir Path directory) {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            assertThatThrownBy(() -> EmbeddedBroker.lasting(directory, broker.port()).close())
                    .isInstanceOf(LocalStackException.class)
                    .hasMessageContaining("port " + broker.port())
                    .hasMessageContaining("--kafka-port");
        }
    }

    @Test
    void refusesADirectoryThatAnotherBrokerUses(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.lasting(directory, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.lasting(directory, 0).close())
                    .isInstanceOf(LocalStackException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use");

            createTopic(broker.bootstrapServers());
        }
    }

    private static List<Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> latest =
                MANY.stream().collect(Collectors.toMap(tp -> tp, _ -> OffsetSpec.latest()));
        return admin
                .listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .entrySet()
                .stream()
                .sorted(Comparator.comparingInt(entry -> entry.getKey().partition()))
                .map(entry -> entry.getValue().offset())
                .toList();
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        createTopic(bootstrapServers, 1);
    }

    private static void createTopic(String bootstrapServers, int partitions) throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void produce(String bootstrapServers, String... values)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                EmbeddedBroker.MAX_RECORD_BYTES),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC.topic(), value)).get();
            }
        }
    }

    private static List<String> consume(String bootstrapServers, int count) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(TOPIC));
            consumer.seekToBeginning(List.of(TOPIC));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
