package dev.assay.model;

import java.util.Optional;
import java.util.OptionalDouble;

/// One road through the pipeline: which prompts it takes, who answers, who checks.
///
/// @param rounds the most rounds of assign, answer, check and grade
/// @param maxCostUsd the most one prompt may cost on this route
/// @param usdPerDay the most all its prompts may cost on one day (UTC)
/// @param reuse where prompts may share one call
public record Route(
        String name,
        RouteMatch match,
        Strategy strategy,
        CheckPolicy check,
        int rounds,
        OptionalDouble maxCostUsd,
        OptionalDouble usdPerDay,
        Optional<ReusePolicy> reuse) {

    /// A route without a budget of a day.
    public Route(
            String name,
            RouteMatch match,
            Strategy strategy,
            CheckPolicy check,
            int rounds,
            OptionalDouble maxCostUsd,
            Optional<ReusePolicy> reuse) {
        this(name, match, strategy, check, rounds, maxCostUsd, OptionalDouble.empty(), reuse);
    }

    /// The same with another strategy.
    public Route withStrategy(Strategy newStrategy) {
        return new Route(name, match, newStrategy, check, rounds, maxCostUsd, usdPerDay, reuse);
    }

    /// The same with another bound on its rounds.
    public Route withRounds(int newRounds) {
        return new Route(name, match, strategy, check, newRounds, maxCostUsd, usdPerDay, reuse);
    }

    /// The same with another check.
    public Route withCheck(CheckPolicy newCheck) {
        return new Route(name, match, strategy, newCheck, rounds, maxCostUsd, usdPerDay, reuse);
    }
}
