package dev.assay.model;

import java.util.List;

/// How answers of a route are checked.
///
/// @param judges models asked in this order, the next where one fails to give a score
/// @param rubric what the judges are told to look at
/// @param pass the bar, 0 to 10; a grade at or above it passes
/// @param sample the share of prompts, 0 to 1, that judges see; rules see all
/// @param allowSelf a model may grade itself and its family
public record CheckPolicy(
        List<Rule> rules,
        List<String> judges,
        String rubric,
        double pass,
        double sample,
        boolean allowSelf) {

    public CheckPolicy {
        rules = List.copyOf(rules);
        judges = List.copyOf(judges);
    }

    /// The same with other judges.
    public CheckPolicy withJudges(List<String> newJudges) {
        return new CheckPolicy(rules, newJudges, rubric, pass, sample, allowSelf);
    }
}
