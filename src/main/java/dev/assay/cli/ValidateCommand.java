package dev.assay.cli;

import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.model.Route;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

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
                        "%s is valid: application %s; models %s; routes %s%s%n",
                        topology.path(),
                        file.name(),
                        names(file.models(), ModelConfig::name),
                        names(file.routes(), Route::name),
                        file.simulatedOnly() ? "; all models are simulated" : "");
        return ExitCodes.DONE;
    }

    private static <T> String names(List<T> all, Function<T, String> name) {
        return all.stream().map(name).collect(Collectors.joining(", "));
    }
}
