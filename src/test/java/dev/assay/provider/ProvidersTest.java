package dev.assay.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ModelConfig;
import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.ProviderKind;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.provider.anthropic.AnthropicProvider;
import dev.assay.provider.openai.OpenAiCompletionsProvider;
import dev.assay.provider.openai.OpenAiProvider;
import dev.assay.provider.simulated.SimulatedProvider;
import dev.assay.provider.simulated.SimulatedServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

class ProvidersTest {

    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"6*7?\"}]}";

    @ParameterizedTest
    @EnumSource(ProviderKind.class)
    void everyKindHasItsProvider(ProviderKind kind) {
        ModelConfig model = TestModel.of(kind).baseUrl("http://127.0.0.1:9/v1").build();

        try (Providers providers = Providers.of(List.of(model))) {
            ModelProvider provider = providers.byModel().get("test");

            assertThat(provider)
                    .isInstanceOf(
                            switch (kind) {
                                case OPENAI -> OpenAiProvider.class;
                                case OPENAI_COMPLETIONS -> OpenAiCompletionsProvider.class;
                                case ANTHROPIC -> AnthropicProvider.class;
                                case SIMULATED -> SimulatedProvider.class;
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 10000, 16384", "16000, 10000, 26000"})
    void everyCallThatMayBeInTheAirHasAConnection(int limit, int byDefault, int connections) {
        TopologyFile file =
                TopologyParser.parse(
                        """
                        name: many
                        models:
                          - {name: a, provider: openai, base_url: "http://a/v1", limits: {in_flight: %d}}
                          - {name: b, provider: openai, base_url: "http://b/v1"}
                        routes: [{name: all, assign: {strategy: fixed, models: [a, b]}}]
                        engine: {default_in_flight: %d}
                        """
                                .formatted(limit, byDefault),
                        Path.of("many.yaml"),
                        Map.of());

        assertThat(Providers.settings(file).maxConnections()).isEqualTo(connections);
    }

    @Test
    void aModelIsCalledUntilAllAreClosed() throws Exception {
        Map<String, Simulation> models = Map.of("test-1", new Simulation(Duration.ZERO, 7, 0));
        try (SimulatedServer server =
                SimulatedServer.start(SimulatedServer.Options.of(0, models))) {
            ModelConfig model =
                    TestModel.of(ProviderKind.OPENAI).baseUrl(server.baseUrl().toString()).build();
            Providers providers = Providers.of(List.of(model));
            ModelProvider provider = Objects.requireNonNull(providers.byModel().get("test"));
            ModelRequest request =
                    new ModelRequest(CHAT, OptionalInt.empty(), Duration.ofSeconds(20));

            CallResult before = provider.call(request);
            providers.close();
            CallResult after = provider.call(request);

            assertThat(Arrays.asList(before, after))
                    .hasExactlyElementsOfTypes(Answered.class, TryAgain.class);
        }
    }
}
