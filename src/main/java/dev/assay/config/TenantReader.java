package dev.assay.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the entries of `tenants`.
final class TenantReader {

    private final List<ModelConfig> models;
    private final ModelNames names;
    private final Map<String, String> tenantsByTopic = new HashMap<>();

    TenantReader(List<ModelConfig> models, ModelNames names) {
        this.models = models;
        this.names = names;
    }

    TenantConfig read(String name, Field field, Section tenant) {
        if (name.isBlank()) {
            field.problem("a tenant has an empty name; give it one");
        }
        TenantConfig config =
                new TenantConfig(
                        name,
                        tenant.field("topic").flatMap(topic -> topic(name, topic)),
                        tenant.names("required_tags"),
                        tenant.field("models")
                                .map(Field::filledItems)
                                .map(names::read)
                                .orElse(List.of()),
                        tenant.field("share_learning").flatMap(Field::flag).orElse(true),
                        RouteReader.usdPerDay(tenant));
        if (tenant.problemCount() == 0) {
            refuseWithoutModel(config, tenant);
        }
        tenant.refuseUnknownKeys();
        return config;
    }

    private Optional<String> topic(String tenant, Field field) {
        Optional<String> topic = TopicNames.tenant(field);
        Optional<String> other =
                topic.flatMap(t -> Optional.ofNullable(tenantsByTopic.putIfAbsent(t, tenant)));
        if (other.isEmpty()) {
            return topic;
        }
        return field.reject(
                "%s is the topic of tenant %s already; choose another"
                        .formatted(field.quoted(), Wording.quoted(other.get())));
    }

    /// A tenant whose every prompt would be refused is a mistake. Asked only of a file that is
    /// sound so far.
    private void refuseWithoutModel(TenantConfig tenant, Section section) {
        Set<String> required = new HashSet<>(tenant.requiredTags());
        boolean served =
                models.stream()
                        .filter(
                                model ->
                                        tenant.models().isEmpty()
                                                || tenant.models().contains(model.name()))
                        .anyMatch(model -> model.card().tags().containsAll(required));
        if (!served) {
            section.problem(
                    "no model that this tenant may use has all of its required_tags; add the tags"
                            + " to a model");
        }
    }
}
