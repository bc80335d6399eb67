package dev.assay.topology;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.TopologyParser;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.Grant;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.flight.Lane;
import dev.assay.flight.Lanes;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class HealthCheckTest {

    private static final Grant GRANT = new Grant(0, 0, Demand.NONE, 0, 10);

    private static final String FILE =
            """
            name: health
            models: [{name: only, provider: simulated, price: {input: 1, output: 1}}]
            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
            """;

    private Instant now = NOW;
    private final Lanes lanes =
            new Lanes(
                    Map.of("only", new LaneSettings(4, OptionalInt.empty(), OptionalInt.empty())),
                    () -> now);
    private final Lane.Waiter waiter = lanes.lane("only").waiter(Lane.Precedence.ANSWER);

    /// Of an instance that has ended, so that nothing is asked over the network.
    private final HealthCheck check =
            new HealthCheck(
                    TopologyParser.parse(FILE, Path.of("health.yaml"), Map.of()),
                    noAdmin(),
                    PartsSample.registryAway(),
                    lanes,
                    () -> KafkaStreams.State.NOT_RUNNING,
                    Optional::empty,
                    () -> now);

    @Test
    void refusedModelThatIsDueToBeTriedAgainLetsPromptsIn() {
        assertThat(saysNoModelServes()).isFalse();

        refuse();
        assertThat(saysNoModelServes()).isTrue();
        now = now.plusSeconds(30).minusMillis(1);
        assertThat(saysNoModelServes()).isTrue();

        now = now.plusMillis(1);
        assertThat(saysNoModelServes()).isFalse();
        assertThat(check.now().details()).containsEntry("models_serving", "");

        waiter.tryStart(Demand.NONE);
        assertThat(saysNoModelServes()).isTrue();
    }

    private void refuse() {
        waiter.tryStart(Demand.NONE);
        CallError error = new CallError(FailureCode.PROVIDER_ERROR, "no quota");
        lanes.lane("only").ended(GRANT, new CallResult.GiveUpOnModel(error), now);
    }

    private boolean saysNoModelServes() {
        return check.now().notReady().stream().anyMatch(why -> why.startsWith("no model serves"));
    }

    private static Admin noAdmin() {
        return (Admin)
                Proxy.newProxyInstance(
                        Admin.class.getClassLoader(),
                        new Class<?>[] {Admin.class},
                        (_, method, _) -> {
                            throw new AssertionError(method.getName());
                        });
    }
}
