package dev.assay.cli;

import dev.assay.topology.Description;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `assay describe`.
@Command(
        name = "describe",
        description =
                "Shows what a topology file comes to: models, routes and the topology that runs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay describe -t topology/demo.yaml --format svg > topology.svg")
final class DescribeCommand implements Callable<Integer> {

    /// How it is shown.
    enum Format {
        text,
        mermaid,
        svg
    }

    @Spec private CommandSpec spec;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
    private Format format;

    @Override
    public Integer call() {
        Description description = Description.of(topology.parse());
        String shown =
                switch (format) {
                    case text -> description.text();
                    case mermaid -> description.mermaid();
                    case svg -> new TopologyDrawing(description).svg();
                };
        spec.commandLine().getOut().print(shown);
        spec.commandLine().getOut().flush();
        return ExitCodes.DONE;
    }
}
