package dev.assay.config;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.assign.TenantPolicy;
import dev.assay.model.Catalog;
import dev.assay.model.Route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A whole, valid topology file.
///
/// @param name the application: Kafka's consumer group, transactional ids and internal topics carry
///   it
/// @param source the file it came from, for messages
/// @param kafka any property of Kafka or Kafka Streams, passed on
/// @param schemaRegistry any property of Confluent's client without the `schema.registry.` prefix,
///   passed on
public record TopologyFile(
        String name,
        String source,
        List<ModelConfig> models,
        List<Route> routes,
        List<TenantConfig> tenants,
        TopicsConfig topics,
        EngineConfig engine,
        ApiConfig api,
        Map<String, String> kafka,
        Map<String, String> schemaRegistry) {

    /// Properties that say how a broker is reached, for all clients or, with a prefix, for some.
    private static final Pattern CONNECTION =
            Pattern.compile("(^|\\.)(security\\.protocol|sasl\\.|ssl\\.|bootstrap\\.servers)");

    public TopologyFile {
        models = List.copyOf(models);
        routes = List.copyOf(routes);
        tenants = List.copyOf(tenants);
        kafka = Map.copyOf(kafka);
        schemaRegistry = Map.copyOf(schemaRegistry);
    }

    /// What decisions know of the models.
    public Catalog catalog() {
        return Catalog.of(models.stream().map(ModelConfig::card).toList());
    }

    /// Which route a prompt takes, and who may use which models.
    public Routes routing() {
        Map<String, TenantPolicy> policies = new HashMap<>();
        for (TenantConfig tenant : tenants) {
            policies.put(
                    tenant.name(),
                    new TenantPolicy(
                            tenant.requiredTags(),
                            tenant.models(),
                            tenant.sharesLearning(),
                            tenant.usdPerDay()));
        }
        return new Routes(routes, policies);
    }

    /// How many calls of this model may be in the air at once.
    public int inFlight(ModelConfig model) {
        return model.limits().inFlight().orElse(engine.defaultInFlight());
    }

    /// The same pipeline with other routes.
    public TopologyFile withRoutes(List<Route> newRoutes) {
        return new TopologyFile(
                name,
                source,
                models,
                newRoutes,
                tenants,
                topics,
                engine,
                api,
                kafka,
                schemaRegistry);
    }

    /// The same pipeline on another stack, which is reached without a password or certificate.
    public TopologyFile withStack(String bootstrapServers, String registryUrl) {
        Map<String, String> newKafka = new HashMap<>(kafka);
        newKafka.keySet().removeIf(key -> CONNECTION.matcher(key).find());
        newKafka.put("bootstrap.servers", bootstrapServers);
        return new TopologyFile(
                name,
                source,
                models,
                routes,
                tenants,
                topics,
                engine,
                api,
                newKafka,
                Map.of("url", registryUrl));
    }

    /// True where no model is real.
    public boolean simulatedOnly() {
        return models.stream().allMatch(model -> model.provider() == ProviderKind.SIMULATED);
    }

    /// Without the properties of Kafka and the registry, which may hold passwords.
    @Override
    public String toString() {
        return "TopologyFile[%s from %s, models %s, routes %s]"
                .formatted(
                        name,
                        source,
                        models.stream().map(ModelConfig::name).toList(),
                        routes.stream().map(Route::name).toList());
    }
}
