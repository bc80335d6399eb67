package dev.assay.decide.assign;

import java.util.List;

/// What holds for all prompts of one tenant.
///
/// @param requiredTags models must bear all of them, beside those the prompt itself requires
/// @param models the only models allowed; empty is all
public record TenantPolicy(List<String> requiredTags, List<String> models) {

    public static final TenantPolicy FREE = new TenantPolicy(List.of(), List.of());

    public TenantPolicy {
        requiredTags = List.copyOf(requiredTags);
        models = List.copyOf(models);
    }
}
