package dev.assay.backtest;

/// Which answers of training prompts teach a learning policy.
public enum Feedback {
    /// Those of all models.
    FULL,
    /// Those of the models that the policy itself called, exploring as it goes.
    BANDIT
}
