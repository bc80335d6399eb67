package dev.assay.decide.assign;

import java.util.List;
import java.util.OptionalDouble;

/// What holds for all prompts of one tenant.
///
/// @param requiredTags models must bear all of them, beside those the prompt itself requires
/// @param models the only models allowed; empty is all
/// @param sharesLearning its grades teach what is expected for others, and theirs for it
/// @param usdPerDay the most all its prompts may cost on one day (UTC)
public record TenantPolicy(
        List<String> requiredTags,
        List<String> models,
        boolean sharesLearning,
        OptionalDouble usdPerDay) {

    public static final TenantPolicy FREE = new TenantPolicy(List.of(), List.of(), true);

    /// A tenant without a budget of a day.
    public TenantPolicy(List<String> requiredTags, List<String> models, boolean sharesLearning) {
        this(requiredTags, models, sharesLearning, OptionalDouble.empty());
    }

    public TenantPolicy {
        requiredTags = List.copyOf(requiredTags);
        models = List.copyOf(models);
    }
}
