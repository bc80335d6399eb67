package dev.assay.cli;

import dev.assay.bulk.job.JobRunner;
import dev.assay.config.TopologyFile;
import dev.assay.http.ApiKeys;
import dev.assay.local.EmbeddedBroker;
import dev.assay.local.RegistryProcess;
import dev.assay.topology.Pipeline;
import dev.assay.topology.Topics;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// `assay up`.
@Command(
        name = "up",
        description = {
            "Runs a lasting local stack that other programs can use: Kafka, schema registry and pipeline.",
            "Its data stays in a folder; start it again with the same folder and it goes on where it was.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay up -t topology/cascade.yaml --data ./assay-data")
final class UpCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "assay-data",
            description = "Where data is kept; default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            converter = PortConverter.class,
            description = "default: ${DEFAULT-VALUE}; 0 takes a free one")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            converter = PortConverter.class,
            description = "default: ${DEFAULT-VALUE}; 0 takes a free one")
    private int registryPort;

    @Mixin private Observed.Address httpAddress;

    @Override
    public Integer call() throws InterruptedException {
        TopologyFile parsed = topology.parse();
        PrintWriter err = spec.commandLine().getErr();
        Stopping stopping = new Stopping(err);
        try {
            Observed observed =
                    stopping.closes(new Observed(parsed, httpAddress, ApiKeys.ofEnvironment()));
            err.printf("starting a local stack; data in %s%n", data.toAbsolutePath());
            CompletableFuture<RegistryProcess> registryStarts =
                    CompletableFuture.supplyAsync(
                            () ->
                                    stopping.closes(
                                            RegistryProcess.lasting(
                                                    data.resolve("registry"), registryPort)));
            EmbeddedBroker broker =
                    stopping.closes(EmbeddedBroker.lasting(data.resolve("kafka"), kafkaPort));
            RegistryProcess registry = joined(registryStarts);
            TopologyFile file = parsed.withStack(broker.bootstrapServers(), registry.url());
            Pipeline pipeline =
                    stopping.closes(
                            Pipeline.start(
                                    file,
                                    data.resolve("state"),
                                    observed.meters(),
                                    observed.address()));
            observed.follow(pipeline, file, data.resolve("api"));
            stopping.closes(new JobRunner(file, pipeline.jobs()));
            announce(file, broker, registry);
            observed.announce(err);
            err.println("running; stop with Ctrl-C");
            return new Watch(pipeline::trouble, stopping, err).untilItEnds();
        } finally {
            stopping.closeAll();
        }
    }

    private void announce(TopologyFile file, EmbeddedBroker broker, RegistryProcess registry) {
        Topics topics = new Topics(file.topics().prefix());
        PrintWriter err = spec.commandLine().getErr();
        err.printf("Kafka            %s%n", broker.bootstrapServers());
        err.printf("schema registry  %s%n", registry.url());
        err.printf("produce to       %s%n", topics.prompts());
        err.printf("consume          %s%n", String.join(", ", topics.results()));
        if (file.simulatedOnly()) {
            err.println("all models are simulated; name your own with -t");
        }
    }

    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
