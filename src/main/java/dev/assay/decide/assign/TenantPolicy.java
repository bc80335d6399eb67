package dev.assay.decide.assign;

import java.util.List;

/// What holds for all prompts of one tenant.
///
/// @param requiredTags models must bear all of them, beside those the prompt itself requires
/// @param models the only models allowed; empty is all
/// @param sharesLearning its grades teach what is expected for others, and theirs for it
public record TenantPolicy(List<String> requiredTags, List<String> models, boolean sharesLearning) {

    public static final TenantPolicy FREE = new TenantPolicy(List.of(), List.of(), true);

    public TenantPolicy {
        requiredTags = List.copyOf(requiredTags);
        models = List.copyOf(models);
    }
}
