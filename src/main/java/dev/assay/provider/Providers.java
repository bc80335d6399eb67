package dev.assay.provider;

import dev.assay.config.ModelConfig;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.openai.OpenAiCompletionsProvider;
import dev.assay.provider.openai.OpenAiProvider;
import dev.assay.provider.simulated.SimulatedProvider;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The way from a model's entry in the topology file to the model. All providers of an instance share the connections.
public final class Providers implements AutoCloseable {

    private final HttpCaller caller;
    private final InstantSource clock;
    private final Queue<ModelProvider> opened = new ConcurrentLinkedQueue<>();

    /// @param clock for retry times that providers give as dates
    public Providers(HttpCaller.Settings settings, InstantSource clock) {
        this.caller = new HttpCaller(settings);
        this.clock = clock;
    }

    /// Makes a model callable. Nothing is sent before the first call.
    ///
    /// @throws IllegalArgumentException if the model's base URL names no host
    public ModelProvider open(ModelConfig model) {
        ModelProvider provider =
                switch (model.provider()) {
                    case OPENAI -> new OpenAiProvider(model, caller, clock);
                    case OPENAI_COMPLETIONS -> new OpenAiCompletionsProvider(model, caller, clock);
                    case SIMULATED -> new SimulatedProvider(model);
                };
        opened.add(provider);
        return provider;
    }

    /// Closes all that were opened, and their connections; calls in the air end as failures.
    @Override
    public void close() {
        opened.forEach(ModelProvider::close);
        caller.close();
    }
}
