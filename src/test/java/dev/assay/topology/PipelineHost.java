package dev.assay.topology;

import dev.assay.config.TopologyParser;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// A pipeline in a JVM of its own, to be killed.
final class PipelineHost {

    private PipelineHost() {}

    /// @param args the topology file and the state directory
    public static void main(String[] args) throws InterruptedException {
        try (Pipeline pipeline =
                Pipeline.start(
                        TopologyParser.parse(Path.of(args[0]), Map.of()), Path.of(args[1]))) {
            System.out.println("running " + pipeline.healthy());
            new CountDownLatch(1).await();
        }
    }
}
