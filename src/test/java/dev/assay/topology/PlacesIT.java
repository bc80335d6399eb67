package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.TopologyParser;
import dev.assay.local.RegistryProcess;
import dev.assay.provider.simulated.SimulatedServer;
import dev.assay.testkit.ChildJvm;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Limits in flight of 4 and of 1 over 12 partitions and three instances, of which one joins late,
/// one is killed and one leaves: by the provider's own count no more is ever in flight, and every
/// prompt ends once.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class PlacesIT {

    private static final Topics TOPICS = new Topics("places.");
    private static final int PROMPTS = 150;
    private static final int HOME_PROMPTS = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;

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
                Traffic traffic = new Traffic(broker, registry, TOPICS, PATIENCE)) {
            Path file = topologyFile(simulator);
            try (ChildJvm killed = startApart(file);
                    Pipeline leaving = start(file, "leaving")) {
                traffic.send(TOPICS.prompts(), PROMPTS);
                traffic.readUntil(PROMPTS / 6);
                try (Pipeline _ = start(file, "joining")) {
                    traffic.readUntil(PROMPTS / 3);
                    killed.kill();
                    traffic.readUntil(PROMPTS / 2);
                    leaving.leave();
                    traffic.readUntil(PROMPTS);
                }
            }

            assertThat(traffic.results())
                    .hasSize(PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
            JsonNode seen = Traffic.seen(simulator);
            assertThat(seen.path("small").path("max_in_flight").asInt()).isEqualTo(4);
            assertThat(seen.path("judge").path("max_in_flight").asInt()).isEqualTo(1);
        }
    }

    /// The model's timeout is ten minutes, and what a host that is lost had would be free after
    /// that.
    @Test
    void instanceThatIsBackOnItsStateFolderHasTheWholeLimitAtOnce() throws Exception {
        Simulation slow = new Simulation(Duration.ofMillis(200), 9, 0);
        Topics topics = new Topics("home.");
        try (SimulatedServer simulator =
                        SimulatedServer.start(
                                SimulatedServer.Options.of(0, Map.of("small", slow)));
                Traffic traffic = new Traffic(broker, registry, topics, PATIENCE)) {
            Path file =
                    Files.writeString(
                            folder.resolve("home.yaml"),
                            """
                            name: home
                            topics: {prefix: "home.", partitions: 6}
                            models:
                              - {name: small, provider: openai, base_url: "%s", timeout: 10m, limits: {in_flight: 2}}
                            routes:
                              - {name: default, assign: {strategy: fixed, models: [small]}}
                            kafka: {bootstrap.servers: "%s"}
                            schema_registry: {url: "%s"}
                            """
                                    .formatted(
                                            simulator.baseUrl(),
                                            broker.bootstrapServers(),
                                            registry.url()));
            try (ChildJvm killed = startApart(file)) {
                traffic.send(topics.prompts(), HOME_PROMPTS);
                traffic.readUntil(HOME_PROMPTS / 4);
                killed.kill();
            }
            try (ChildJvm _ = startApart(file)) {
                traffic.readUntil(HOME_PROMPTS);
            }

            assertThat(traffic.results())
                    .hasSize(HOME_PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
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
}
