package dev.assay.config;

/// The protocols a model can be reached by.
public enum ProviderKind {
    /// OpenAI's chat completions, and the many servers that speak it.
    OPENAI,
    /// OpenAI's older completions: one text in, one text out.
    OPENAI_COMPLETIONS,
    /// Anthropic's Messages API.
    ANTHROPIC,
    /// No model at all: made-up answers, for trying things out and for load tests.
    SIMULATED
}
