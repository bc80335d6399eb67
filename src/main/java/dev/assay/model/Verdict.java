package dev.assay.model;

import java.util.Locale;
import java.util.OptionalDouble;

/// What one rule or judge said of an answer.
///
/// @param by the rule's label or the judge's model name
/// @param score 0 to 10, present exactly when the state is scored
/// @param reason for people
/// @param self a judge graded itself or its family
public record Verdict(
        Kind kind, String by, State state, OptionalDouble score, String reason, boolean self) {

    /// The best score there is; the worst is 0.
    public static final double BEST_SCORE = 10;

    public Verdict {
        if ((state == State.SCORED) != score.isPresent()) {
            throw new IllegalArgumentException(
                    "a verdict has a score exactly when it is scored, not when " + state);
        }
    }

    public static Verdict passed(String rule) {
        return new Verdict(Kind.RULE, rule, State.PASSED, OptionalDouble.empty(), "", false);
    }

    public static Verdict failed(String rule, String reason) {
        return new Verdict(Kind.RULE, rule, State.FAILED, OptionalDouble.empty(), reason, false);
    }

    public static Verdict skipped(String rule, String reason) {
        return new Verdict(Kind.RULE, rule, State.SKIPPED, OptionalDouble.empty(), reason, false);
    }

    /// A judge that may not be asked.
    public static Verdict passedOver(String judge, String reason) {
        return new Verdict(Kind.JUDGE, judge, State.SKIPPED, OptionalDouble.empty(), reason, false);
    }

    public static Verdict scored(String judge, double score, String reason, boolean self) {
        return new Verdict(Kind.JUDGE, judge, State.SCORED, OptionalDouble.of(score), reason, self);
    }

    public static Verdict unparseable(String judge, String reason, boolean self) {
        return new Verdict(
                Kind.JUDGE, judge, State.UNPARSEABLE, OptionalDouble.empty(), reason, self);
    }

    public static Verdict unavailable(String judge, String reason, boolean self) {
        return new Verdict(
                Kind.JUDGE, judge, State.UNAVAILABLE, OptionalDouble.empty(), reason, self);
    }

    /// What a comparison of final answers came to.
    ///
    /// @param state anything but scored
    public static Verdict compared(String by, State state, String reason) {
        return new Verdict(Kind.AGREEMENT, by, state, OptionalDouble.empty(), reason, false);
    }

    /// Who speaks.
    public enum Kind {
        RULE,
        JUDGE,
        AGREEMENT;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How far the check came. Neither unparseable nor unavailable is ever a score, a pass or a
    /// zero.
    public enum State {
        SCORED,
        PASSED,
        FAILED,
        UNPARSEABLE,
        UNAVAILABLE,
        SKIPPED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
