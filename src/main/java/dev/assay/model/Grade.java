package dev.assay.model;

import java.util.OptionalDouble;

/// How good an answer is, as far as anybody could tell.
public sealed interface Grade {

    /// The number, 0 to 10, where there is one.
    default OptionalDouble value() {
        return switch (this) {
            case Scored scored -> OptionalDouble.of(scored.score());
            case Agreement _, RulesPassed _, Unchecked _, Ungraded _ -> OptionalDouble.empty();
        };
    }

    /// Judges scored it, or a rule failed, which is a 0.
    record Scored(double score) implements Grade {}

    /// Another model's own answer was compared with it, or members of an ensemble with each other.
    /// It decides whether the answer passes and is no number.
    record Agreement(boolean agreed) implements Grade {}

    /// All rules passed and the route has no judges.
    record RulesPassed() implements Grade {}

    /// The prompt was not sampled for judges.
    record Unchecked() implements Grade {}

    /// Judges were asked and none gave a score.
    record Ungraded() implements Grade {}
}
