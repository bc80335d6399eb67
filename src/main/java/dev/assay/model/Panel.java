package dev.assay.model;

/// How the judges of a route work together.
///
/// @param quorum scores that a grade needs; where fewer judges may judge an answer, one of each
public record Panel(Kind kind, int quorum) {

    /// One judge after the other until one gives a score.
    public static final Panel FIRST = new Panel(Kind.FIRST, 1);

    public Panel {
        if (quorum < 1) {
            throw new IllegalArgumentException("a quorum is at least 1, not " + quorum);
        }
    }

    /// Scores that a grade needs where so many judges may judge the answer.
    public int needed(int judges) {
        return Math.min(quorum, Math.max(1, judges));
    }

    /// How scores become a grade.
    public enum Kind {
        /// The first score is the grade; judges are asked in turn.
        FIRST,
        /// The middle score, of an even number the mean of the middle two; judges are asked at
        /// once.
        MEDIAN,
        /// The mean score; judges are asked at once.
        MEAN,
        /// Passes where more than half of the scores do; the grade is the mean on the side that
        /// won. Judges are asked at once.
        MAJORITY
    }
}
