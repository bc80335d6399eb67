package dev.assay.decide.learn;

/// What a scorecard is about. Grades of other judges, or by another rubric, are another scale.
///
/// @param judge who graded: names of judges joined by `+`, `rules`, or `feedback:SOURCE`; empty
///   where nobody did
/// @param rubric a hash of what judges were told; empty for feedback
public record ScoreKey(Scope scope, String model, String judge, String rubric) {

    /// Instead of a rubric, for grades that are not the route's own check's.
    public static final String FROM_OUTSIDE = "";

    /// Instead of a judge, where rules alone decided.
    public static final String BY_RULES = "rules";

    private static final String FEEDBACK = "feedback:";

    /// Of grades that came later, from outside.
    static ScoreKey feedback(Scope scope, String model, String source) {
        return new ScoreKey(scope, model, FEEDBACK + source, FROM_OUTSIDE);
    }

    boolean isFeedback() {
        return judge.startsWith(FEEDBACK);
    }

    /// As text, for keys of records.
    public String text() {
        return String.join("|", scope.key(), model, judge, rubric);
    }
}
