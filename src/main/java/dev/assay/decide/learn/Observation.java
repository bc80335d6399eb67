package dev.assay.decide.learn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What one round of a prompt showed of the models that were asked.
///
/// @param id of the prompt
/// @param scope who shares what it teaches
/// @param task that the prompt named
/// @param text the beginning of the prompt, for features; empty where nobody learns from it
/// @param round of assign, from 1
/// @param tries one for each model that was asked
public record Observation(
        String id,
        Scope scope,
        Optional<String> task,
        Optional<String> tenant,
        String text,
        int round,
        List<Try> tries) {

    public Observation {
        tries = List.copyOf(tries);
    }

    /// What one model made of the prompt.
    ///
    /// @param propensity the chance with which it was chosen, 0 to 1
    /// @param answered false where it gave no answer
    /// @param grade of its answer, where somebody gave one
    /// @param passed whether its answer reached the bar, where anything decides that
    /// @param judge who graded, as in [ScoreKey#judge()]
    /// @param rubric what they graded by, as in [ScoreKey#rubric()]
    /// @param unparseable verdicts that nobody could read
    /// @param unavailable verdicts that nobody gave
    /// @param checkUsd what checking its answer cost, where that is known
    public record Try(
            String model,
            double propensity,
            boolean answered,
            OptionalDouble grade,
            Optional<Boolean> passed,
            String judge,
            String rubric,
            int unparseable,
            int unavailable,
            double answerUsd,
            OptionalDouble checkUsd,
            double latencyMs) {}
}
