package dev.assay.topology;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.flight.CallThreads;
import dev.assay.provider.ModelProvider;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import org.apache.kafka.streams.Topology;

import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What an instance consists of besides Kafka: the real topology with the lanes and flights that
/// its processors share. For the simulation, which brings a Kafka of its own.
public final class SimulatedPipeline {

    private final Parts parts;
    private final Topology topology;

    /// @param providers by model
    /// @param partitions of the topic of prompts
    /// @param home what is the same for all starts of an instance
    public SimulatedPipeline(
            TopologyFile file,
            Map<String, ModelProvider> providers,
            RegistrySerdes serdes,
            int partitions,
            InstantSource clock,
            RandomGenerator random,
            CallThreads threads,
            String home) {
        this.parts =
                Parts.of(
                        file,
                        providers,
                        serdes,
                        partitions,
                        clock,
                        random,
                        threads,
                        new CompositeMeterRegistry(),
                        home);
        this.topology = PipelineTopology.build(parts);
    }

    public Topology topology() {
        return topology;
    }

    /// Whether the consumer should pause a partition.
    ///
    /// @param paused whether it is paused now
    public boolean pauses(String topic, int partition, boolean paused) {
        return parts.backpressure().pauses(topic, partition, paused);
    }

    /// Calls in flight, as the lanes count them.
    public int inFlight() {
        return parts.lanes().inFlight().values().stream().mapToInt(Integer::intValue).sum();
    }

    /// From now on no call starts.
    public void stopLanes() {
        parts.lanes().stop();
    }

    /// True where the ledger lets no places to this instance any more.
    public boolean placesAreBack() {
        return parts.lanes().placesAreBack();
    }

    /// Ends every call that is still in the air.
    public void closeFlights() {
        parts.flights().close();
    }
}
