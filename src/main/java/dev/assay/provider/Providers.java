package dev.assay.provider;

import dev.assay.config.ModelConfig;

import java.util.List;
import java.util.Map;

/// The providers of all models of a topology file.
public interface Providers extends AutoCloseable {
    static Providers of(List<ModelConfig> models) {
        throw new UnsupportedOperationException();
    }

    Map<String, ModelProvider> byModel();

    @Override
    void close();
}
