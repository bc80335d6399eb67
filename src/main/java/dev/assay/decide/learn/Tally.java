package dev.assay.decide.learn;

import java.util.Optional;
import java.util.OptionalDouble;

/// Sums over one model's tries, from which shares and means follow. Sums add up, so that what
/// several observed is one tally.
///
/// Grades and passes are weighted by the inverse of the chance with which the model was chosen
/// (Horvitz and Thompson, 1952), so that a model that is asked on purpose for hard prompts is not
/// held against one that is asked for easy ones. Everything else counts each try once.
///
/// @param tries the model was asked, retries folded in
/// @param answered tries that gave an answer
/// @param failed tries that gave none
/// @param unparseable verdicts on its answers that nobody could read
/// @param unavailable verdicts on its answers that nobody gave
/// @param weight of the graded answers
/// @param weightSquares of the graded answers
/// @param gradeSum weighted, of grades 0 to 10
/// @param gradeSquares weighted
/// @param decidedWeight of the answers that passed or did not, with a grade or by rules alone
/// @param passedWeight of those that passed
/// @param answerUsd of the answered tries
/// @param checkedTries answered tries whose checks' cost is known
/// @param checkUsd of those
/// @param latencyMs of the answered tries
public record Tally(
        double tries,
        double answered,
        double failed,
        double unparseable,
        double unavailable,
        double weight,
        double weightSquares,
        double gradeSum,
        double gradeSquares,
        double decidedWeight,
        double passedWeight,
        double answerUsd,
        double checkedTries,
        double checkUsd,
        double latencyMs) {

    public static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// The most that one answer counts: a model chosen once in ten thousand times would outvote all
    /// others by a single grade.
    static final double HEAVIEST = 20;

    /// A normal distribution lies within so many standard deviations of its mean in 95 of 100
    /// cases.
    private static final double SIGMAS_95 = 1.96;

    /// What one try adds.
    static Tally of(Observation.Try one) {
        double weight = Math.min(HEAVIEST, 1 / Math.max(one.propensity(), Double.MIN_NORMAL));
        boolean graded = one.answered() && one.grade().isPresent();
        double grade = one.grade().orElse(0);
        double gradeWeight = graded ? weight : 0;
        return new Tally(
                1,
                one.answered() ? 1 : 0,
                one.answered() ? 0 : 1,
                one.unparseable(),
                one.unavailable(),
                gradeWeight,
                gradeWeight * gradeWeight,
                gradeWeight * grade,
                gradeWeight * grade * grade,
                one.passed().isPresent() ? weight : 0,
                one.passed().orElse(false) ? weight : 0,
                one.answered() ? one.answerUsd() : 0,
                one.checkUsd().isPresent() ? 1 : 0,
                one.checkUsd().orElse(0),
                one.answered() ? one.latencyMs() : 0);
    }

    /// What a grade from outside adds to an answer that was counted before.
    static Tally late(double grade, boolean passed, double propensity) {
        Tally whole =
                of(
                        new Observation.Try(
                                "",
                                propensity,
                                true,
                                OptionalDouble.of(grade),
                                Optional.of(passed),
                                "",
                                "",
                                0,
                                0,
                                0,
                                OptionalDouble.empty(),
                                0));
        return new Tally(
                0,
                0,
                0,
                0,
                0,
                whole.weight(),
                whole.weightSquares(),
                whole.gradeSum(),
                whole.gradeSquares(),
                whole.decidedWeight(),
                whole.passedWeight(),
                0,
                0,
                0,
                0);
    }

    public Tally plus(Tally other) {
        return new Tally(
                tries + other.tries,
                answered + other.answered,
                failed + other.failed,
                unparseable + other.unparseable,
                unavailable + other.unavailable,
                weight + other.weight,
                weightSquares + other.weightSquares,
                gradeSum + other.gradeSum,
                gradeSquares + other.gradeSquares,
                decidedWeight + other.decidedWeight,
                passedWeight + other.passedWeight,
                answerUsd + other.answerUsd,
                checkedTries + other.checkedTries,
                checkUsd + other.checkUsd,
                latencyMs + other.latencyMs);
    }

    /// The same, worth less.
    ///
    /// @param share 0 to 1 that is kept
    public Tally times(double share) {
        return new Tally(
                tries * share,
                answered * share,
                failed * share,
                unparseable * share,
                unavailable * share,
                weight * share,
                weightSquares * share,
                gradeSum * share,
                gradeSquares * share,
                decidedWeight * share,
                passedWeight * share,
                answerUsd * share,
                checkedTries * share,
                checkUsd * share,
                latencyMs * share);
    }

    /// The weighted mean grade, 0 to 10.
    public OptionalDouble meanGrade() {
        return mean(gradeSum, weight);
    }

    /// Half the width of the mean grade's 95 % interval, by the effective number of grades (Kish,
    /// 1965); empty below two.
    public OptionalDouble gradeCi95() {
        double effective = effectiveGrades();
        if (effective < 2) {
            return OptionalDouble.empty();
        }
        double mean = gradeSum / weight;
        double variance = Math.max(0, gradeSquares / weight - mean * mean);
        return OptionalDouble.of(SIGMAS_95 * Math.sqrt(variance / (effective - 1)));
    }

    /// How many grades of equal weight would tell as much.
    public double effectiveGrades() {
        return weightSquares > 0 ? weight * weight / weightSquares : 0;
    }

    /// The share of decided answers that reached the bar.
    public OptionalDouble passShare() {
        return mean(passedWeight, decidedWeight);
    }

    /// The share of tries without an answer.
    public OptionalDouble failureShare() {
        return mean(failed, tries);
    }

    /// Unreadable verdicts by answer.
    public OptionalDouble unparseableShare() {
        return mean(unparseable, answered);
    }

    /// The weight of decided answers that did not reach the bar.
    public double failedWeight() {
        return decidedWeight - passedWeight;
    }

    public OptionalDouble meanAnswerUsd() {
        return mean(answerUsd, answered);
    }

    public OptionalDouble meanCheckUsd() {
        return mean(checkUsd, checkedTries);
    }

    public OptionalDouble meanLatencyMs() {
        return mean(latencyMs, answered);
    }

    private static OptionalDouble mean(double sum, double count) {
        return count > 0 ? OptionalDouble.of(sum / count) : OptionalDouble.empty();
    }
}
