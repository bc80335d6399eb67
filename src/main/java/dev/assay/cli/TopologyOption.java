package dev.assay.cli;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/// `-t`, and where the demo topology lies.
final class TopologyOption {

    @Option(
            names = {"-t", "--topology"},
            paramLabel = "TOPOLOGY",
            description = "Topology file; default: topology/demo.yaml, whose models are simulated")
    private Optional<Path> path = Optional.empty();

    /// The file, parsed.
    ///
    /// @throws dev.assay.config.TopologyFileException if it is not valid
    TopologyFile parse() {
        return TopologyParser.parse(path(), System.getenv());
    }

    Path path() {
        return path.orElseGet(() -> home().resolve("topology/demo.yaml"));
    }

    /// Where Assay lies: the launcher says so; without it, the working directory.
    static Path home() {
        return Path.of(System.getProperty("assay.home", "."));
    }
}
