package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.TopologyParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

class StreamsSettingsTest {

    @TempDir private Path stateDir;

    @Test
    void loopDoesNotWaitForPromptsThatBackpressureHasPaused() {
        assertThat(settings("linger.ms: 5").get("max.task.idle.ms")).isEqualTo(-1L);
    }

    @Test
    void whatTheTopologyFileSaysGoesOverOurs() {
        assertThat(settings("poll.ms: 7").get("poll.ms")).isEqualTo("7");
    }

    private Properties settings(String kafka) {
        String yaml =
                """
                name: settings
                models: [{name: only, provider: simulated}]
                routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
                kafka: {%s}
                """
                        .formatted(kafka);
        try (RocksMemory.Shared memory = new RocksMemory.Shared()) {
            return StreamsSettings.of(
                    TopologyParser.parse(yaml, Path.of("settings.yaml"), Map.of()),
                    stateDir,
                    memory,
                    Optional.empty());
        }
    }
}
