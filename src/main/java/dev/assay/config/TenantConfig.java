package dev.assay.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What holds for all prompts of one tenant.
///
/// @param topic the tenant's own topic of prompts, beside `prompts`; a record there is trusted to
///   be the tenant's
/// @param requiredTags added to those of each prompt
/// @param models the only models allowed; empty is all
/// @param sharesLearning false keeps what its grades teach from others, and what theirs do from it
/// @param usdPerDay the most all its prompts may cost on one day (UTC)
public record TenantConfig(
        String name,
        Optional<String> topic,
        List<String> requiredTags,
        List<String> models,
        boolean sharesLearning,
        OptionalDouble usdPerDay) {

    public TenantConfig {
        requiredTags = List.copyOf(requiredTags);
        models = List.copyOf(models);
    }
}
