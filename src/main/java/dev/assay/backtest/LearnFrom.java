package dev.assay.backtest;

import java.util.Optional;
import java.util.OptionalDouble;

/// What a learning policy is told of an answer in training.
public sealed interface LearnFrom {

    String TRUTH = "truth";
    String GRADES = "grades:";

    /// The quality that policies are measured by, as a grade.
    record Truth() implements LearnFrom {}

    /// What this judge said of it, as on the live road.
    record GradesOf(String judge) implements LearnFrom {}

    /// Reads `truth` or `grades:JUDGE`; empty where the text is neither.
    static Optional<LearnFrom> parse(String text) {
        if (text.equals(TRUTH)) {
            return Optional.of(new Truth());
        }
        boolean judge = text.startsWith(GRADES) && text.length() > GRADES.length();
        return judge
                ? Optional.of(new GradesOf(text.substring(GRADES.length())))
                : Optional.empty();
    }

    /// As on the command line.
    default String text() {
        return judgeName().map(judge -> GRADES + judge).orElse(TRUTH);
    }

    /// The judge whose grades are needed, if any.
    default Optional<String> judgeName() {
        return switch (this) {
            case Truth _ -> Optional.empty();
            case GradesOf grades -> Optional.of(grades.judge());
        };
    }

    /// The grade, 0 to 10, that this model's answer to this prompt teaches; empty where nobody gave
    /// one.
    default OptionalDouble grade(RecordedPrompt prompt, String model, Quality measure) {
        return switch (this) {
            case Truth _ -> {
                RecordedAnswer answer = prompt.answers().get(model);
                OptionalDouble quality =
                        answer == null ? OptionalDouble.empty() : answer.quality(measure);
                yield quality.isPresent()
                        ? OptionalDouble.of(measure.grade(quality.getAsDouble()))
                        : quality;
            }
            case GradesOf grades -> {
                RecordedGrades judge = prompt.grades().get(grades.judge());
                Double score = judge == null ? null : judge.scores().get(model);
                yield score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
            }
        };
    }
}
