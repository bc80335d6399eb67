package dev.assay.cli;

import dev.assay.cli.Errors.CannotRun;
import dev.assay.codec.RegistrySerdes;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Where a running stack is, for commands that talk to one.
final class StackOptions {

    private static final String LOCAL_PATH = "/apis/ccompat/v7";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "Kafka; default: ${DEFAULT-VALUE}")
    private String bootstrapServer;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://localhost:8081",
            description = "Schema registry; default: ${DEFAULT-VALUE}. `assay up` prints its own")
    private String registry;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "topics.prefix of the topology file; default: none")
    private String prefix;

    Topics topics() {
        return new Topics(prefix);
    }

    /// Serdes for the registry; where none answers at the address as it is, the one of `assay up`
    /// lies below it.
    ///
    /// @throws CannotRun if neither answers
    RegistrySerdes serdes() {
        String base = registry.replaceAll("/+$", "");
        return Stream.of(base, base + LOCAL_PATH)
                .map(url -> new RegistrySerdes(Map.of("url", url)))
                .filter(RegistrySerdes::answers)
                .findFirst()
                .orElseThrow(
                        () ->
                                new CannotRun(
                                        "no schema registry answers at %s; start a stack with `assay up`, or name another with --registry"
                                                .formatted(registry)));
    }

    Map<String, Object> clientSettings() {
        return new HashMap<>(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer));
    }

    /// For a consumer without a group that sees only what is committed.
    Map<String, Object> consumerSettings(boolean fromStart) {
        Map<String, Object> settings = clientSettings();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, fromStart ? "earliest" : "latest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    /// The topics there are, internal ones left out.
    ///
    /// @throws CannotRun if Kafka does not answer
    Set<String> existingTopics() {
        Admin admin = Admin.create(clientSettings());
        try {
            return new TreeSet<>(
                    admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new CannotRun(
                    "Kafka does not answer at "
                            + bootstrapServer
                            + "; start a stack with `assay up`, or name another with --bootstrap-server",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("interrupted while asking Kafka at " + bootstrapServer, e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /// What to say when the registry does not do its part.
    CannotRun registryTrouble(Exception cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new CannotRun(
                "the schema registry at %s cannot be used (%s); `assay up` prints the address of its own, name it with --registry"
                        .formatted(registry, root.getMessage()),
                cause);
    }
}
