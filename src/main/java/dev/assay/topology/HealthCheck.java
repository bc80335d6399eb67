package dev.assay.topology;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.flight.Lanes;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.streams.KafkaStreams;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Finds out how an instance is. What asks over the network is bounded in time and remembered for a
/// moment, so that probes cost nothing. Safe for any thread.
final class HealthCheck {

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);
    private static final Executor THREADS = task -> Thread.ofVirtual().name("health").start(task);

    private final TopologyFile file;
    private final Admin admin;
    private final RegistrySerdes serdes;
    private final Lanes lanes;
    private final Supplier<KafkaStreams.State> state;
    private final Supplier<Optional<String>> lastDeath;
    private final InstantSource clock;
    private List<String> away = List.of();
    private Instant askedAt = Instant.EPOCH;

    HealthCheck(
            TopologyFile file,
            Admin admin,
            RegistrySerdes serdes,
            Lanes lanes,
            Supplier<KafkaStreams.State> state,
            Supplier<Optional<String>> lastDeath,
            InstantSource clock) {
        this.file = file;
        this.admin = admin;
        this.serdes = serdes;
        this.lanes = lanes;
        this.state = state;
        this.lastDeath = lastDeath;
        this.clock = clock;
    }

    Health now() {
        KafkaStreams.State current = state.get();
        Map<String, String> details = new TreeMap<>();
        details.put("state", current.name());
        details.put(
                "models_serving", String.join(", ", lanes.serving().stream().sorted().toList()));
        List<String> dead =
                current.isRunningOrRebalancing()
                        ? List.of()
                        : List.of(
                                "Kafka Streams is "
                                        + current
                                        + lastDeath.get().map(last -> ": " + last).orElse("")
                                        + "; start it again, the log says more");
        List<String> notReady = new ArrayList<>(dead);
        if (current == KafkaStreams.State.REBALANCING) {
            notReady.add(
                    "it is rebalancing or restoring its state; wait, and look at the log if it lasts");
        }
        if (dead.isEmpty()) {
            notReady.addAll(away());
        }
        // Where only HTTP brings prompts, none would come to try a model again if this said no.
        if (!lanes.anyOpen()) {
            notReady.add(
                    "no model serves: all of "
                            + lanes.inFlight().keySet()
                            + " fail or are refused; see the log for each, and mend keys or providers");
        }
        return new Health(dead, notReady, details);
    }

    private synchronized List<String> away() {
        Instant now = clock.instant();
        if (now.isBefore(askedAt) || !now.isBefore(askedAt.plus(REMEMBERED))) {
            away = ask();
            askedAt = clock.instant();
        }
        return away;
    }

    private List<String> ask() {
        CompletableFuture<Boolean> broker =
                CompletableFuture.supplyAsync(this::brokerAnswers, THREADS);
        CompletableFuture<Boolean> registry =
                CompletableFuture.supplyAsync(serdes::answers, THREADS);
        List<String> reasons = new ArrayList<>();
        if (!isTrue(broker)) {
            reasons.add(
                    "Kafka does not answer at %s; what is in the air lands, and all goes on when it is back"
                            .formatted(
                                    file.kafka()
                                            .get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)));
        }
        if (!isTrue(registry)) {
            reasons.add(
                    "the schema registry does not answer at %s; prompts of schemas met before go on, others wait"
                            .formatted(file.schemaRegistry().get("url")));
        }
        return reasons;
    }

    private boolean brokerAnswers() {
        int timeoutMs = (int) LONGEST_ANSWER.toMillis();
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMs))
                    .clusterId()
                    .get(timeoutMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return false;
        }
    }

    private static boolean isTrue(CompletableFuture<Boolean> answer) {
        try {
            return answer.get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
