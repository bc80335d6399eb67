package dev.assay.backtest;

import java.util.Optional;

/// How a backtest is done.
///
/// @param quality what it is measured by; without it, right or wrong where that is complete, else
///   the score
/// @param seed of everything that chance decides
/// @param ignoreTask prompts are taken as if they had no task
public record BacktestOptions(Optional<Quality> quality, long seed, boolean ignoreTask) {}
