package dev.assay.provider;

import dev.assay.config.Limits;
import dev.assay.config.ModelConfig;
import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.ProviderKind;
import dev.assay.config.Secret;
import dev.assay.model.ModelCard;
import dev.assay.model.Price;
import dev.assay.model.RetryPolicy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A model's entry for tests, changed field by field.
public final class TestModel {

    private final ProviderKind kind;
    private Optional<URI> baseUrl = Optional.empty();
    private String providerModel = "test-1";
    private Optional<Secret> apiKey = Optional.empty();
    private Map<String, String> headers = Map.of();
    private Map<String, String> query = Map.of();
    private Map<String, Object> params = Map.of();
    private List<String> dropParams = List.of();
    private Map<String, String> renameParams = Map.of();
    private Optional<String> promptTemplate = Optional.empty();
    private Duration timeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Simulation simulation = Simulation.DEFAULT;

    private TestModel(ProviderKind kind) {
        this.kind = kind;
    }

    public static TestModel of(ProviderKind kind) {
        return new TestModel(kind);
    }

    public TestModel baseUrl(String url) {
        baseUrl = Optional.of(URI.create(url));
        return this;
    }

    public TestModel providerModel(String name) {
        providerModel = name;
        return this;
    }

    public TestModel apiKey(String key) {
        apiKey = Optional.of(new Secret(key));
        return this;
    }

    public TestModel headers(Map<String, String> values) {
        headers = values;
        return this;
    }

    public TestModel query(Map<String, String> values) {
        query = values;
        return this;
    }

    public TestModel params(Map<String, Object> values) {
        params = values;
        return this;
    }

    public TestModel dropParams(String... names) {
        dropParams = List.of(names);
        return this;
    }

    public TestModel renameParams(Map<String, String> names) {
        renameParams = names;
        return this;
    }

    public TestModel promptTemplate(String template) {
        promptTemplate = Optional.of(template);
        return this;
    }

    public TestModel timeout(Duration value) {
        timeout = value;
        return this;
    }

    public TestModel idleTimeout(Duration value) {
        idleTimeout = value;
        return this;
    }

    public TestModel simulation(Simulation value) {
        simulation = value;
        return this;
    }

    public ModelConfig build() {
        ModelCard card =
                new ModelCard(
                        "test",
                        "test",
                        Optional.empty(),
                        Price.FREE,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Set.of(),
                        RetryPolicy.DEFAULT,
                        false);
        return new ModelConfig(
                card,
                kind,
                baseUrl,
                providerModel,
                apiKey,
                headers,
                query,
                params,
                dropParams,
                renameParams,
                promptTemplate,
                Limits.NONE,
                timeout,
                idleTimeout,
                simulation,
                Optional.empty());
    }
}
