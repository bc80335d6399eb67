package dev.assay.cli;

import dev.assay.bulk.job.JobRunner;
import dev.assay.cli.Errors.BadInput;
import dev.assay.config.TopologyFile;
import dev.assay.http.ApiKeys;
import dev.assay.topology.Pipeline;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `assay start`.
@Command(
        name = "start",
        description = {
            "Runs the pipeline against the Kafka and the schema registry that the topology file names.",
            "Start as many instances as wanted; they share the partitions.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay start -t topology/cascade.yaml --state-dir /var/lib/assay")
final class StartCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "Where state stores lie; one that lasts makes restarts quick; default: assay-state, or where another instance runs in that, assay-state-2 and so on")
    private Optional<Path> stateDir = Optional.empty();

    @Option(
            names = "--leave",
            description =
                    "When stopped, give the partitions to the other instances at once, for scaling in; else they are kept for a restart for 10 s (session.timeout.ms)")
    private boolean leave;

    @Mixin private Observed.Address httpAddress;

    @Override
    public Integer call() throws InterruptedException {
        TopologyFile file = topology.parse();
        requireAddresses(file);
        PrintWriter err = spec.commandLine().getErr();
        Stopping stopping = new Stopping(err);
        StateFolder state = stopping.closes(StateFolder.open(stateDir));
        Observed observed =
                stopping.closes(Observed.besideOthers(file, httpAddress, ApiKeys.ofEnvironment()));
        err.printf("starting %s with %s%n", file.name(), file.source());
        observed.announce(err);
        if (state.isUnusual()) {
            err.printf("its state is in %s%n", state.path());
        }
        Pipeline pipeline =
                Pipeline.start(file, state.path(), observed.meters(), observed.address());
        stopping.closes(leave ? pipeline::leave : pipeline);
        observed.follow(pipeline, file, state.path().resolve("api"));
        stopping.closes(new JobRunner(file, pipeline.jobs()));
        err.println("running; stop with Ctrl-C");
        return new Watch(pipeline::trouble, stopping, err).untilItEnds();
    }

    /// A file without them is whole for `run` and `up`, which bring their own.
    private static void requireAddresses(TopologyFile file) {
        List<String> missing = new ArrayList<>();
        if (!file.kafka().containsKey("bootstrap.servers")) {
            missing.add("kafka: {bootstrap.servers: \"localhost:9092\"}");
        }
        if (!file.schemaRegistry().containsKey("url")) {
            missing.add("schema_registry: {url: \"http://localhost:8081\"}");
        }
        if (!missing.isEmpty()) {
            throw new BadInput(
                    "%s does not say where to find what `start` needs; add to it, with your addresses: %s"
                            .formatted(file.source(), String.join(" and ", missing)));
        }
    }
}
