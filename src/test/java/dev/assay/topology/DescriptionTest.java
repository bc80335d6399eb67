package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Keeps the printed and drawn topology true. To renew them after a change: `mvn test
/// -Dtest=DescriptionTest -Dtopology.write=true`.
class DescriptionTest {

    private static final Path TOPOLOGY = Path.of("topology");

    @Test
    void printedTopologyIsTheOneThatRuns() throws IOException {
        assertSame(TOPOLOGY.resolve("topology.txt"), description().text());
    }

    @Test
    void drawnTopologyIsTheOneThatRuns() throws IOException {
        String drawing =
                "# The topology, drawn\n\n```mermaid\n" + description().mermaid() + "```\n";

        assertSame(TOPOLOGY.resolve("topology.md"), drawing);
    }

    private static Description description() {
        TopologyFile file = TopologyParser.parse(TOPOLOGY.resolve("demo.yaml"), Map.of());
        return Description.of(file);
    }

    private static void assertSame(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("topology.write")) {
            Files.writeString(file, expected);
        }
        assertThat(file).hasContent(expected);
    }
}
