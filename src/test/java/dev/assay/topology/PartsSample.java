package dev.assay.topology;

import static dev.assay.model.Samples.NOW;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyParser;
import dev.assay.provider.ModelProvider;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;

/// What a processor needs, for tests of one processor alone.
final class PartsSample {

    static final int MAX_RECORD_BYTES = 200_000;
    static final int REQUEST_MEMORY_BYTES = 1 << 20;

    private static final String LEAST =
            """
            name: sample
            models:
              - {name: only, provider: simulated, price: {input: 1, output: 1}, hedge: {max_share: 0.5}}
            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
            engine: {max_record_bytes: %d, request_memory_bytes: %d}
            """
                    .formatted(MAX_RECORD_BYTES, REQUEST_MEMORY_BYTES);

    private PartsSample() {}

    /// One model, one route without checks, the time that never passes.
    static Parts parts(RegistrySerdes serdes) {
        return parts(serdes, new FakeProvider());
    }

    static Parts parts(RegistrySerdes serdes, ModelProvider model) {
        return parts(serdes, model, () -> NOW);
    }

    static Parts parts(RegistrySerdes serdes, ModelProvider model, InstantSource clock) {
        return parts(serdes, model, clock, "");
    }

    /// @param more lines of the topology file
    static Parts parts(
            RegistrySerdes serdes, ModelProvider model, InstantSource clock, String more) {
        return Parts.of(
                TopologyParser.parse(LEAST + more, Path.of("sample.yaml"), Map.of()),
                Map.of("only", model),
                serdes,
                1,
                clock,
                new Random(1));
    }

    /// The same with another model in the place of one that was there.
    static Parts partsWithout(RegistrySerdes serdes, String model) {
        return Parts.of(
                TopologyParser.parse(
                        LEAST.replace(model, "other"), Path.of("sample.yaml"), Map.of()),
                Map.of("other", new FakeProvider()),
                serdes,
                1,
                () -> NOW,
                new Random(1));
    }

    /// A store without a changelog, not opened yet.
    static KeyValueStore<String, byte[]> store(String name) {
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                        org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    /// Has the stage that was opened last in this context take its turn: what comes every few ms.
    static void turn(MockProcessorContext<?, ?> context) {
        context.scheduledPunctuators().stream()
                .filter(due -> due.getInterval().toMillis() <= TurnSchedule.LONGEST_MS)
                .reduce((_, last) -> last)
                .orElseThrow()
                .getPunctuator()
                .punctuate(0);
    }

    /// A registry where nobody listens.
    static RegistrySerdes registryAway() {
        return new RegistrySerdes(Map.of("url", "http://127.0.0.1:1", "max.retries", "0"));
    }
}
