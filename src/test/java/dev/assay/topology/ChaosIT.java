package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

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
import java.util.List;
import java.util.Map;

/// Two instances, of which one at a time is killed under load. The long form, with more kinds of
/// harm, is `bench/chaos`.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class ChaosIT {

    private static final Topics TOPICS = new Topics("chaos.");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final int PROMPTS = 900;
    private static final int KILLS = 3;
    private static final int IN_FLIGHT = 40;

    /// Each kill costs the calls that were in the air and the answers not yet committed; with slow
    /// commits, as on a busy machine, several times what may be in the air.
    private static final long MOST_PAID_TWICE = KILLS * 6L * IN_FLIGHT;

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;
    private final Map<String, Integer> results = new HashMap<>();

    ChaosIT(TestBroker broker, RegistryProcess registry) {
        this.broker = broker;
        this.registry = registry;
    }

    @Test
    void killsLoseAndRepeatNoResultAndPayAgainOnlyForCallsInTheAir() throws Exception {
        Simulation quick = new Simulation(Duration.ofMillis(100), 9, 0);
        SimulatedServer.Options models =
                SimulatedServer.Options.of(0, Map.of("small", quick, "judge", quick));
        try (SimulatedServer simulator = SimulatedServer.start(models);
                KafkaConsumer<String, byte[]> consumer = consumer()) {
            Path file = topologyFile(simulator);
            ChildJvm[] instances = {start(file, 0), start(file, 1)};
            try {
                consumer.subscribe(TOPICS.results());
                send();
                for (int kill = 1; kill <= KILLS; kill++) {
                    readUntil(consumer, kill * PROMPTS / (KILLS + 1));
                    int victim = kill % instances.length;
                    instances[victim].kill();
                    instances[victim] = start(file, victim);
                }
                readUntil(consumer, PROMPTS);
                readUntilQuiet(consumer);
            } finally {
                for (ChildJvm instance : instances) {
                    instance.close();
                }
            }

            assertThat(results)
                    .hasSize(PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(begun(simulator)).isBetween(2L * PROMPTS, 2L * PROMPTS + MOST_PAID_TWICE);
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
                folder.resolve("chaos.yaml"),
                """
                name: chaos
                topics: {prefix: "chaos.", partitions: 6}
                models:
                  - {name: small, provider: openai, base_url: "%1$s", limits: {in_flight: %2$d}}
                  - {name: judge, provider: openai, base_url: "%1$s", limits: {in_flight: %2$d}}
                routes:
                  - name: default
                    assign: {strategy: fixed, models: [small]}
                    check: {judges: [judge], pass: 1}
                kafka: {bootstrap.servers: "%3$s"}
                schema_registry: {url: "%4$s"}
                """
                        .formatted(
                                simulator.baseUrl(),
                                IN_FLIGHT,
                                broker.bootstrapServers(),
                                registry.url()));
    }

    private void send() {
        var serializer =
                new RegistrySerdes(Map.of("url", registry.url())).promptEvent().serializer();
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (int index = 0; index < PROMPTS; index++) {
                var event = PipelineHarness.event("p" + index, "What is " + index + "?").build();
                byte[] value = serializer.serialize(TOPICS.prompts(), event);
                var _ = producer.send(new ProducerRecord<>(TOPICS.prompts(), event.getId(), value));
            }
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "chaos-results",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private void readUntil(KafkaConsumer<String, byte[]> consumer, int enough) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (results.size() < enough && System.nanoTime() < deadline) {
            read(consumer);
        }
        assertThat(results).hasSizeGreaterThanOrEqualTo(enough);
    }

    private void readUntilQuiet(KafkaConsumer<String, byte[]> consumer) {
        int read;
        do {
            read = read(consumer);
        } while (read > 0);
    }

    private int read(KafkaConsumer<String, byte[]> consumer) {
        var records = consumer.poll(QUIET);
        for (ConsumerRecord<String, byte[]> record : records) {
            results.merge(record.key(), 1, Integer::sum);
        }
        return records.count();
    }

    private static long begun(SimulatedServer simulator) throws IOException {
        JsonNode stats;
        try (InputStream json = simulator.baseUrl().resolve("/stats").toURL().openStream()) {
            stats = new ObjectMapper().readTree(json);
        }
        long begun = 0;
        for (String model : List.of("small", "judge")) {
            begun += stats.path("models").path(model).path("begun").asLong();
        }
        return begun;
    }
}
