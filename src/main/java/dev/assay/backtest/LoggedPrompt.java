package dev.assay.backtest;

import dev.assay.model.Prompt;

import java.util.OptionalDouble;

/// What a running pipeline recorded of one prompt: whom it asked first, by which chance, and what
/// came of it.
///
/// @param route that it took
/// @param model that was asked first
/// @param propensity the chance with which it was, above 0 and at most 1
/// @param answered false where that model gave no answer
/// @param grade of that model's answer; empty where nobody graded it
/// @param answerUsd of that model's answer
/// @param endGrade of the answer that was returned in the end
/// @param totalUsd of all its answers and checks
public record LoggedPrompt(
        Prompt prompt,
        String route,
        String model,
        double propensity,
        boolean answered,
        OptionalDouble grade,
        double answerUsd,
        OptionalDouble endGrade,
        double totalUsd) {

    private static final double CERTAIN = 1 - 1e-9;

    /// Another model might have been asked first.
    boolean explored() {
        return propensity < CERTAIN;
    }
}
