package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;

import java.util.Optional;

/// A policy that anybody could have without this one, for comparison.
///
/// @param what it does, for people
/// @param usdPer1k USD per 1,000 prompts
/// @param chance where it throws dice: the interval of its quality on these prompts
/// @param difference the policy's quality less this one's
/// @param paired the interval of the difference, prompt by prompt
record Control(
        String what,
        double quality,
        double usdPer1k,
        Optional<Spread> chance,
        double difference,
        Spread paired) {}
