package dev.assay.cli;

import dev.assay.config.TopologyFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `assay validate`.
@Command(
        name = "validate",
        description =
                "Checks a topology file and says everything that is wrong with it, with line and key.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay validate -t topology/cascade.yaml")
final class ValidateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private TopologyOption topology;

    @Override
    public Integer call() {
        TopologyFile file = topology.parse();
        spec.commandLine()
                .getOut()
                .printf(
                        "%s is valid: application %s, %d models, %d routes%s%n",
                        topology.path(),
                        file.name(),
                        file.models().size(),
                        file.routes().size(),
                        file.simulatedOnly() ? "; all models are simulated" : "");
        return ExitCodes.DONE;
    }
}
