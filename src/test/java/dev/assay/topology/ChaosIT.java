package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.config.ModelConfig.Simulation;
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
import java.util.List;
import java.util.Map;

/// Two instances, of which one at a time is killed under load. The long form, with more kinds of
/// harm, is `bench/chaos`.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class ChaosIT {

    private static final Topics TOPICS = new Topics("chaos.");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PROMPTS = 900;
    private static final int KILLS = 3;
    private static final int IN_FLIGHT = 40;

    /// Each kill costs the calls that were in the air and the answers not yet committed; with slow
    /// commits, as on a busy machine, several times what may be in the air.
    private static final long MOST_PAID_TWICE = KILLS * 6L * IN_FLIGHT;

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;

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
                Traffic traffic = new Traffic(broker, registry, TOPICS, PATIENCE)) {
            Path file = topologyFile(simulator);
            ChildJvm[] instances = {start(file, 0), start(file, 1)};
            try {
                traffic.send(TOPICS.prompts(), PROMPTS);
                for (int kill = 1; kill <= KILLS; kill++) {
                    traffic.readUntil(kill * PROMPTS / (KILLS + 1));
                    int victim = kill % instances.length;
                    instances[victim].kill();
                    instances[victim] = start(file, victim);
                }
                traffic.readUntil(PROMPTS);
                traffic.readUntilQuiet();
            } finally {
                for (ChildJvm instance : instances) {
                    instance.close();
                }
            }

            assertThat(traffic.results())
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

    private static long begun(SimulatedServer simulator) throws IOException {
        JsonNode seen = Traffic.seen(simulator);
        long begun = 0;
        for (String model : List.of("small", "judge")) {
            begun += seen.path(model).path("begun").asLong();
        }
        return begun;
    }
}
