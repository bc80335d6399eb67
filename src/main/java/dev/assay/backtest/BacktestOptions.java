package dev.assay.backtest;

import java.util.Optional;

/// How a backtest is done.
///
/// @param quality what it is measured by; without it, right or wrong where that is complete, else
///   the score
/// @param learnFrom what learners are told of answers in training
/// @param feedback which answers they are told of
/// @param choosing how a cascade is chosen in training, where it is
/// @param folds what is learned or chosen is scored on one of so many, and trained on the others
/// @param seed of everything that chance decides
/// @param ignoreTask prompts are taken as if they had no task
public record BacktestOptions(
        Optional<Quality> quality,
        LearnFrom learnFrom,
        Feedback feedback,
        Optional<Choosing> choosing,
        int folds,
        long seed,
        boolean ignoreTask) {

    /// The folds where nothing else is said.
    public static final int DEFAULT_FOLDS = 10;

    /// What one point of grade is worth, in USD, where nothing else is said.
    public static final double DEFAULT_USD_PER_POINT = 0.002;

    /// With every choice left open.
    public static final BacktestOptions DEFAULT =
            new BacktestOptions(
                    Optional.empty(),
                    new LearnFrom.Truth(),
                    Feedback.FULL,
                    Optional.empty(),
                    DEFAULT_FOLDS,
                    1,
                    false);

    /// A cascade is chosen.
    ///
    /// @param most models one after the other
    /// @param usdPerPoint what one point of grade is worth
    /// @param atLeast where named, the goal is another: the least cost at no less quality than this
    ///   model's in training
    public record Choosing(int most, double usdPerPoint, Optional<String> atLeast) {

        /// By worth alone.
        public Choosing(int most, double usdPerPoint) {
            this(most, usdPerPoint, Optional.empty());
        }
    }

    /// The same measured by this.
    public BacktestOptions withQuality(Quality newQuality) {
        return new BacktestOptions(
                Optional.of(newQuality), learnFrom, feedback, choosing, folds, seed, ignoreTask);
    }

    /// The same with another seed.
    public BacktestOptions withSeed(long newSeed) {
        return new BacktestOptions(
                quality, learnFrom, feedback, choosing, folds, newSeed, ignoreTask);
    }

    /// The same with so many folds.
    public BacktestOptions withFolds(int newFolds) {
        return new BacktestOptions(
                quality, learnFrom, feedback, choosing, newFolds, seed, ignoreTask);
    }

    /// The same with other labels for learners.
    public BacktestOptions withLearnFrom(LearnFrom newLearnFrom) {
        return new BacktestOptions(
                quality, newLearnFrom, feedback, choosing, folds, seed, ignoreTask);
    }

    /// The same with other answers that teach.
    public BacktestOptions withFeedback(Feedback newFeedback) {
        return new BacktestOptions(
                quality, learnFrom, newFeedback, choosing, folds, seed, ignoreTask);
    }

    /// The same with a cascade chosen in training.
    public BacktestOptions withChoosing(Choosing newChoosing) {
        return new BacktestOptions(
                quality, learnFrom, feedback, Optional.of(newChoosing), folds, seed, ignoreTask);
    }
}
