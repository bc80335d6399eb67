package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.TopologyParser;
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

/// Limits in flight of 4 and of 1 over 12 partitions and three instances, of which one joins late,
/// one is killed and one leaves: by the provider's own count no more is ever in flight, and every
/// prompt ends once.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class PlacesIT {

    private static final Topics TOPICS = new Topics("places.");
    private static final int PROMPTS = 150;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;
    private final Map<String, Integer> results = new HashMap<>();

    PlacesIT(TestBroker broker, RegistryProcess registry) {
        this.broker = broker;
        this.registry = registry;
    }

    @Test
    void limitsSmallerThanTheNumberOfPartitionsHoldWhileInstancesComeAndGo() throws Exception {
        Map<String, Simulation> latencies =
                Map.of(
                        "small", new Simulation(Duration.ofMillis(200), 9, 0),
                        "judge", new Simulation(Duration.ofMillis(30), 9, 0));
        try (SimulatedServer simulator =
                        SimulatedServer.start(SimulatedServer.Options.of(0, latencies));
                KafkaConsumer<String, byte[]> consumer = consumer()) {
            Path file = topologyFile(simulator);
            consumer.subscribe(TOPICS.results());
            try (ChildJvm killed = startApart(file);
                    Pipeline leaving = start(file, "leaving")) {
                send();
                readUntil(consumer, PROMPTS / 6);
                try (Pipeline _ = start(file, "joining")) {
                    readUntil(consumer, PROMPTS / 3);
                    killed.kill();
                    readUntil(consumer, PROMPTS / 2);
                    leaving.leave();
                    readUntil(consumer, PROMPTS);
                }
            }

            assertThat(results)
                    .hasSize(PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
            JsonNode seen = stats(simulator).path("models");
            assertThat(seen.path("small").path("max_in_flight").asInt()).isEqualTo(4);
            assertThat(seen.path("judge").path("max_in_flight").asInt()).isEqualTo(1);
        }
    }

    private ChildJvm startApart(Path file) {
        String state = folder.resolve("killed").toString();
        ChildJvm instance = ChildJvm.start(PipelineHost.class, file.toString(), state);
        assertThat(instance.readLine()).isEqualTo("running true");
        return instance;
    }

    private Pipeline start(Path file, String state) throws IOException {
        return Pipeline.start(TopologyParser.parse(file, Map.of()), folder.resolve(state));
    }

    private Path topologyFile(SimulatedServer simulator) throws IOException {
        return Files.writeString(
                folder.resolve("places.yaml"),
                """
                name: places
                topics: {prefix: "places.", partitions: 12}
                models:
                  - {name: small, provider: openai, base_url: "%1$s", timeout: 3s, limits: {in_flight: 4}}
                  - {name: judge, provider: openai, base_url: "%1$s", timeout: 3s, limits: {in_flight: 1}}
                routes:
                  - name: default
                    assign: {strategy: fixed, models: [small]}
                    check: {judges: [judge], pass: 1}
                kafka: {bootstrap.servers: "%2$s"}
                schema_registry: {url: "%3$s"}
                """
                        .formatted(simulator.baseUrl(), broker.bootstrapServers(), registry.url()));
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
                        "group.id", "places-results",
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
            }
        }
        assertThat(results).hasSizeGreaterThanOrEqualTo(enough);
    }

    private static JsonNode stats(SimulatedServer simulator) throws IOException {
        try (InputStream json = simulator.baseUrl().resolve("/stats").toURL().openStream()) {
            return new ObjectMapper().readTree(json);
        }
    }
}
