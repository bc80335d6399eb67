package dev.assay.backtest;

import java.util.Optional;

/// How a backtest is done.
///
/// @param quality what it is measured by; without it, right or wrong where that is complete, else
///   the score
/// @param learnFrom what learners are told of answers in training
/// @param folds a learner is scored on one of so many, and trained on the others
/// @param seed of everything that chance decides
/// @param ignoreTask prompts are taken as if they had no task
public record BacktestOptions(
        Optional<Quality> quality, LearnFrom learnFrom, int folds, long seed, boolean ignoreTask) {

    /// The folds where nothing else is said.
    public static final int DEFAULT_FOLDS = 10;

    /// With every choice left open.
    public static final BacktestOptions DEFAULT =
            new BacktestOptions(Optional.empty(), new LearnFrom.Truth(), DEFAULT_FOLDS, 1, false);

    /// The same measured by this.
    public BacktestOptions withQuality(Quality newQuality) {
        return new BacktestOptions(Optional.of(newQuality), learnFrom, folds, seed, ignoreTask);
    }

    /// The same with another seed.
    public BacktestOptions withSeed(long newSeed) {
        return new BacktestOptions(quality, learnFrom, folds, newSeed, ignoreTask);
    }

    /// The same with other labels for learners.
    public BacktestOptions withLearnFrom(LearnFrom newLearnFrom) {
        return new BacktestOptions(quality, newLearnFrom, folds, seed, ignoreTask);
    }
}
