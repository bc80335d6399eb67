package dev.assay.decide.learn;

/// How one model does on one route, by one judge and rubric.
///
/// @param first of first rounds: prompts as they come
/// @param later of escalations: only the prompts that another model did badly on, so a strong model
///   looks weaker here than it is
public record Scorecard(ScoreKey key, Tally first, Tally later) {

    /// How many tries it takes until an old one counts half: some 3,500 (ln 2 times 5,000). Models
    /// change behind their names.
    private static final double KEPT = 1 - 1.0 / 5_000;

    static Scorecard empty(ScoreKey key) {
        return new Scorecard(key, Tally.NOTHING, Tally.NOTHING);
    }

    /// With one try more.
    ///
    /// @param round of assign, from 1
    Scorecard plus(int round, Tally one) {
        Scorecard faded = faded(round);
        return round <= 1
                ? new Scorecard(key, faded.first.plus(one), later)
                : new Scorecard(key, first, faded.later.plus(one));
    }

    /// As after one try that another card of the model counts.
    Scorecard faded(int round) {
        return round <= 1
                ? new Scorecard(key, first.times(KEPT), later)
                : new Scorecard(key, first, later.times(KEPT));
    }
}
