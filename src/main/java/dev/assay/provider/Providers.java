package dev.assay.provider;

import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.provider.anthropic.AnthropicProvider;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.openai.OpenAiCompletionsProvider;
import dev.assay.provider.openai.OpenAiProvider;
import dev.assay.provider.simulated.SimulatedProvider;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The providers of all models of a topology file. They share their connections.
public final class Providers implements AutoCloseable {

    private final HttpCaller caller;
    private final Map<String, ModelProvider> byModel;

    private Providers(HttpCaller caller, Map<String, ModelProvider> byModel) {
        this.caller = caller;
        this.byModel = Map.copyOf(byModel);
    }

    /// Makes models callable. Nothing is sent before the first call.
    ///
    /// @throws IllegalArgumentException if a model's base URL names no host
    public static Providers of(List<ModelConfig> models) {
        return of(models, HttpCaller.Settings.DEFAULT, InstantSource.system());
    }

    /// Makes the models of a topology file callable, with a connection for every call that may be
    /// in the air: one that waits for a connection would fail as if its model were at fault.
    ///
    /// @throws IllegalArgumentException if a model's base URL names no host
    public static Providers of(TopologyFile file) {
        return of(file.models(), settings(file), InstantSource.system());
    }

    static HttpCaller.Settings settings(TopologyFile file) {
        long inFlight = file.models().stream().mapToLong(file::inFlight).sum();
        return HttpCaller.Settings.DEFAULT
                .withRoomFor(Math.clamp(inFlight, 0, Integer.MAX_VALUE))
                .withReplyMemory(file.engine().replyMemoryBytes());
    }

    /// Makes models callable within other limits.
    ///
    /// @param clock for retry times that providers give as dates
    /// @throws IllegalArgumentException if a model's base URL names no host
    public static Providers of(
            List<ModelConfig> models, HttpCaller.Settings settings, InstantSource clock) {
        HttpCaller caller = new HttpCaller(settings);
        try {
            Map<String, ModelProvider> byModel = new HashMap<>();
            for (ModelConfig model : models) {
                byModel.put(model.name(), provider(model, caller, clock));
            }
            return new Providers(caller, byModel);
        } catch (RuntimeException e) {
            caller.close();
            throw e;
        }
    }

    /// The providers by the names of their models in the topology file.
    public Map<String, ModelProvider> byModel() {
        return byModel;
    }

    /// Closes all of them, and their connections; calls in the air end as failures.
    @Override
    public void close() {
        byModel.values().forEach(ModelProvider::close);
        caller.close();
    }

    private static ModelProvider provider(
            ModelConfig model, HttpCaller caller, InstantSource clock) {
        return switch (model.provider()) {
            case OPENAI -> new OpenAiProvider(model, caller, clock);
            case OPENAI_COMPLETIONS -> new OpenAiCompletionsProvider(model, caller, clock);
            case ANTHROPIC -> new AnthropicProvider(model, caller, clock);
            case SIMULATED -> new SimulatedProvider(model);
        };
    }
}
