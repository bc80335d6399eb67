package dev.assay.model;

import java.util.List;

/// The models of one round.
///
/// @param picks called at once, at least one
/// @param fallbacks take over in this order, where a pick cannot be reached
public record Plan(List<Pick> picks, List<String> fallbacks) {

    public Plan {
        if (picks.isEmpty()) {
            throw new IllegalArgumentException("a plan calls at least one model");
        }
        picks = List.copyOf(picks);
        fallbacks = List.copyOf(fallbacks);
    }

    /// A chosen model.
    ///
    /// @param propensity the chance with which it was chosen, 0 to 1
    /// @param why the reason, for people
    public record Pick(String model, double propensity, String why) {}
}
