package dev.assay.decide.assign;

import dev.assay.decide.learn.Tally;

/// How likely answers of a model are to pass, and what grades go with passing and failing, by what
/// was observed of it.
///
/// @param pass share of decided answers, drawn to a prior while they are few
/// @param passedGrade mean grade of those that pass
/// @param failedGrade mean grade of the others
record Odds(double pass, double passedGrade, double failedGrade) {

    /// How many answers what was thought before is worth.
    private static final double PRIOR_ANSWERS = 4;

    /// Chances are never taken to be nearer to 0 and 1 than this.
    private static final double SMALLEST_CHANCE = 0.01;

    private static final double PRIOR_PASS = 0.7;
    private static final double BEST_GRADE = 10;

    /// What is thought of models nobody has observed.
    ///
    /// @param bar that a grade must reach to pass
    static Odds unknown(double bar) {
        return new Odds(PRIOR_PASS, (bar + BEST_GRADE) / 2, bar / 2);
    }

    /// What is thought after these observations. Mean and spread of the grades and the share that
    /// passed say what grades go with either, as if there were just the two.
    Odds after(Tally tally, double bar) {
        double passes =
                (tally.passedWeight() + pass * PRIOR_ANSWERS)
                        / (tally.decidedWeight() + PRIOR_ANSWERS);
        double answers = (tally.answered() + PRIOR_ANSWERS) / (tally.tries() + PRIOR_ANSWERS);
        double share = tally.passShare().orElse(0);
        if (tally.weight() <= 0 || share <= 0 || share >= 1) {
            return new Odds(passes * answers, passedGrade, failedGrade);
        }
        double mean = tally.gradeSum() / tally.weight();
        double variance = Math.max(0, tally.gradeSquares() / tally.weight() - mean * mean);
        double apart = Math.sqrt(variance / (share * (1 - share)));
        double trust = tally.weight() / (tally.weight() + PRIOR_ANSWERS);
        double passed = Math.clamp(mean + apart * (1 - share), bar, BEST_GRADE);
        double failed = Math.clamp(mean - apart * share, 0, bar);
        return new Odds(
                passes * answers,
                passedGrade + trust * (passed - passedGrade),
                failedGrade + trust * (failed - failedGrade));
    }

    /// The chance to pass where this grade is expected of a prompt, and not that of the mean
    /// prompt.
    double passAt(double grade) {
        double apart = Math.max(1, passedGrade - failedGrade);
        double mean = pass * passedGrade + (1 - pass) * failedGrade;
        return bounded(pass + (grade - mean) / apart);
    }

    /// The chance to pass where it is known of other odds how a prompt moves them: by as much, in
    /// log odds.
    ///
    /// @param moved the chance that `others` give for this prompt
    double passAs(Odds others, double moved) {
        double shift = logOdds(bounded(moved)) - logOdds(bounded(others.pass));
        return bounded(1 / (1 + Math.exp(-logOdds(bounded(pass)) - shift)));
    }

    /// A chance that is as good as may well be: one standard deviation above what is expected,
    /// which shrinks with each observation.
    ///
    /// @param pass what is expected
    /// @param observed what that rests on
    static double hoped(double pass, Tally observed) {
        double variance = pass * (1 - pass) / (observed.decidedWeight() + PRIOR_ANSWERS);
        return bounded(pass + Math.sqrt(variance));
    }

    private static double logOdds(double chance) {
        return Math.log(chance / (1 - chance));
    }

    private static double bounded(double chance) {
        return Math.clamp(chance, SMALLEST_CHANCE, 1 - SMALLEST_CHANCE);
    }
}
