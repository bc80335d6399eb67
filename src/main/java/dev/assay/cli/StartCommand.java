package dev.assay.cli;

import dev.assay.config.TopologyFile;
import dev.assay.topology.Pipeline;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `assay start`.
@Command(
        name = "start",
        description = {
            "Runs the pipeline against the Kafka and the schema registry that the topology file names.",
            "Start as many instances as wanted, each with a state folder of its own; they share the partitions."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay start -t topology/cascade.yaml --state-dir /var/lib/assay")
final class StartCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--state-dir",
            defaultValue = "assay-state",
            description =
                    "Where state stores lie; one that lasts makes restarts quick; default: ${DEFAULT-VALUE}")
    private Path stateDir;

    @Override
    public Integer call() throws InterruptedException {
        TopologyFile file = topology.parse();
        PrintWriter err = spec.commandLine().getErr();
        Stopping stopping = new Stopping();
        err.printf("starting %s with %s%n", file.name(), file.source());
        Pipeline pipeline = stopping.closes(Pipeline.start(file, stateDir));
        err.println("running; stop with Ctrl-C");
        return new Watch(pipeline::trouble, stopping, err).untilItEnds();
    }
}
