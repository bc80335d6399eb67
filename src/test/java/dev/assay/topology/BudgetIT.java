package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

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
                Traffic traffic = new Traffic(broker, registry, TOPICS, PATIENCE)) {
            Path file = topologyFile(simulator);
            ChildJvm[] instances = {start(file, 0), start(file, 1)};
            try {
                traffic.send(TOPICS.ofTenant("prompts.acme"), PROMPTS);
                traffic.readUntil(100);
                instances[0].kill();
                instances[0] = start(file, 0);
                traffic.readUntil(PROMPTS);
            } finally {
                for (ChildJvm instance : instances) {
                    instance.close();
                }
            }

            assertThat(traffic.results())
                    .hasSize(PROMPTS)
                    .allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(begun(simulator)).isLessThanOrEqualTo(MOST_CALLS);
            // What was in the air when the instance died is lost to the budget, and its lease.
            assertThat(traffic.graded()).isGreaterThan(MOST_CALLS / 2);
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

    private static long begun(SimulatedServer simulator) throws IOException {
        return Traffic.seen(simulator).path("small").path("begun").asLong();
    }
}
