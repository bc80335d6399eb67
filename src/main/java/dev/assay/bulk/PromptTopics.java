package dev.assay.bulk;

import dev.assay.avro.PromptEvent;
import dev.assay.config.TenantConfig;
import dev.assay.config.TopologyFile;
import dev.assay.topology.Topics;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Where prompts go: a tenant with a topic of its own is trusted only there.
public final class PromptTopics {

    private final TopologyFile file;
    private final Topics topics;

    public PromptTopics(TopologyFile file) {
        this.file = file;
        this.topics = new Topics(file.topics().prefix());
    }

    public String of(PromptEvent event) {
        return file.tenants().stream()
                .filter(tenant -> tenant.name().equals(event.getTenant()))
                .findFirst()
                .flatMap(this::own)
                .orElse(topics.prompts());
    }

    /// The topic of a tenant that has one of its own.
    public Optional<String> ofTenant(String tenant) {
        return file.tenants().stream()
                .filter(config -> config.name().equals(tenant))
                .findFirst()
                .flatMap(this::own);
    }

    Set<String> all() {
        Set<String> all = new LinkedHashSet<>(Set.of(topics.prompts()));
        file.tenants().forEach(tenant -> own(tenant).ifPresent(all::add));
        return all;
    }

    private Optional<String> own(TenantConfig tenant) {
        return tenant.topic().map(topics::ofTenant);
    }
}
