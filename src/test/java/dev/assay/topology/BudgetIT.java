package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.ModelConfig.Simulation;
import dev.assay.local.RegistryProcess;
import dev.assay.provider.simulated.SimulatedServer;
import dev.assay.testkit.ChildJvm;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A budget of the day over two instances, one of which is killed: by the provider's own count no
/// more is spent, and every prompt ends once.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class BudgetIT {

    private static final Topics TOPICS = new Topics("budget.");
    private static final int PROMPTS = 2_000;

    /// At 0.01 USD each, of 5 USD.
    private static final int MOST_CALLS = 500;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;
    private final Map<String, Integer> results = new HashMap<>();
    private int answered;

    BudgetIT(TestBroker broker, RegistryProcess registry) {
        this.broker = broker;
        this.registry = registry;
    }

    @Test
    void instancesTogetherSpendNoMoreThanTheBudgetOfATenantEvenWhenOneIsKilled() throws Exception {
        SimulatedServer.Options models =
                SimulatedServer.Options.of(
                        0, Map.of("small", new Simulation(Duration.ofMillis(50), 9, 0)));
        try (SimulatedServer simulator = SimulatedServer.start(models);
                KafkaConsumer<String, byte[]> consumer = consumer()) {
            Path file = topologyFile(simulator);
            ChildJvm[] instances = {start(file, 0), start(file, 1)};
            try {
                consumer.subscribe(TOPICS.results());
                send();
                readUntil(consumer, 100);
                instances[0].kill();
                instances[0] = start(file, 0);
                readUntil(consumer, PROMPTS);
            } finally {
                for (ChildJvm instance : instances) {
                    instance.close();
                }
            }

            assertThat(results)
                    .hasSize(PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(begun(simulator)).isLessThanOrEqualTo(MOST_CALLS);
            // What was in the air when the instance died is lost to the budget, and its lease.
            assertThat(answered).isGreaterThan(MOST_CALLS / 2);
        }
    }

    private ChildJvm start(Path file, int number) {
        String state = folder.resolve("state-" + number).toString();
        ChildJvm instance = ChildJvm.start(PipelineHost.class, file.toString(), state);
        assertThat(instance.readLine()).isEqualTo("running true");
        return instance;
    }

    private Path topologyFile(SimulatedServer simulator) throws IOException {
        return Files.writeString(
                folder.resolve("budget.yaml"),
                """
                name: budget
                topics: {prefix: "budget.", partitions: 6}
                models:
                  - {name: small, provider: openai, base_url: "%s", price: {call: 0.01}, limits: {in_flight: 30}}
                routes:
                  - {name: default, assign: {strategy: fixed, models: [small]}}
                tenants:
                  acme: {topic: prompts.acme, usd_per_day: 5}
                kafka: {bootstrap.servers: "%s"}
                schema_registry: {url: "%s"}
                """
                        .formatted(simulator.baseUrl(), broker.bootstrapServers(), registry.url()));
    }

    private void send() {
        var serializer =
                new RegistrySerdes(Map.of("url", registry.url())).promptEvent().serializer();
        String topic = TOPICS.ofTenant("prompts.acme");
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (int index = 0; index < PROMPTS; index++) {
                PromptEvent event = PipelineHarness.event("p" + index, "What is it?").build();
                byte[] value = serializer.serialize(topic, event);
                var _ = producer.send(new ProducerRecord<>(topic, event.getId(), value));
            }
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "budget-results",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private void readUntil(KafkaConsumer<String, byte[]> consumer, int enough) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (results.size() < enough && System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                results.merge(record.key(), 1, Integer::sum);
                if (record.topic().equals(TOPICS.graded())) {
                    answered++;
                }
            }
        }
        assertThat(results).hasSizeGreaterThanOrEqualTo(enough);
    }

    private static long begun(SimulatedServer simulator) throws IOException {
        try (InputStream json = simulator.baseUrl().resolve("/stats").toURL().openStream()) {
            JsonNode stats = new ObjectMapper().readTree(json);
            return stats.path("models").path("small").path("begun").asLong();
        }
    }
}
