package dev.assay.calibrate;

import dev.assay.calibrate.Calibration.Compared;
import dev.assay.calibrate.Calibration.Said;
import dev.assay.calibrate.Calibration.Seat;
import dev.assay.model.Verdict;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// How one judge did by one rubric.
///
/// @param asked verdicts that were wanted
/// @param unparseable share of those that could not be read
/// @param unavailable share of those that never came
public record JudgeReport(
        Seat seat,
        int asked,
        int scored,
        double unparseable,
        double unavailable,
        double costUsd,
        Figures figures) {

    /// What the scores tell.
    public sealed interface Figures {}

    /// No score came.
    public record Nothing() implements Figures {}

    /// Against labels; an answer is good where its label reaches the bar of the route.
    ///
    /// @param agreement share of answers on whose side of the bar score and label agree
    /// @param kappa agreement beyond chance (Cohen)
    /// @param pearson correlation of scores with labels
    /// @param spearman correlation of their ranks
    /// @param bias mean of score less label
    /// @param error mean distance of score and label
    /// @param lengthBias bias on the longer half of the answers less bias on the shorter
    /// @param selfBias bias on answers of the judge or its family less bias on others, where the
    ///   file names authors of both kinds
    /// @param bars what each score would do as the bar
    /// @param reaching the lowest bar that meets the wanted precision
    public record Labels(
            double agreement,
            double kappa,
            double pearson,
            double spearman,
            double bias,
            double error,
            double lengthBias,
            Optional<Double> selfBias,
            Bar atBar,
            List<Bar> bars,
            Optional<Bar> reaching)
            implements Figures {}

    /// A bar: answers with this score or a higher one pass.
    ///
    /// @param goodPassed good answers that pass; the others likewise
    /// @param low of the 95 % interval of the precision (Wilson)
    /// @param recall share of good answers that pass
    public record Bar(
            double bar,
            int goodPassed,
            int badPassed,
            int goodFailed,
            int badFailed,
            double precision,
            double low,
            double high,
            double recall) {}

    /// Against pairs, both answers scored alone.
    ///
    /// @param accuracy share of pairs in which the better answer has the higher score, ties counted
    ///   half
    /// @param ties share of pairs with equal scores
    /// @param longer share of decided pairs in which the longer answer wins
    /// @param longerBetter share of the same pairs in which it is the better one
    /// @param self share of decided pairs with one answer of the judge or its family that this one
    ///   wins, less the share in which it is the better one
    /// @param order what the judge said when it saw both at once; empty where it never chose
    public record Pairs(
            double accuracy,
            double ties,
            double longer,
            double longerBetter,
            Optional<Double> self,
            Optional<Order> order)
            implements Figures {}

    /// Comparisons of both answers at once, in both orders.
    ///
    /// @param accuracy share of comparisons that name the better answer, ties counted half
    /// @param first share of comparisons with a winner in which the answer that stood first wins;
    ///   without bias by position it is a half
    /// @param flips share of pairs compared twice in which another answer wins in the other order
    /// @param read share of comparisons that could be read
    public record Order(double accuracy, double first, double flips, double read) {}

    static JudgeReport of(
            Gold gold,
            Seat seat,
            List<List<Said>> said,
            List<Compared> compared,
            double wantedPrecision) {
        List<Said> all = said.stream().flatMap(Collection::stream).toList();
        return new JudgeReport(
                seat,
                all.size(),
                (int) all.stream().filter(one -> one.score().isPresent()).count(),
                share(all, Verdict.State.UNPARSEABLE),
                share(all, Verdict.State.UNAVAILABLE),
                all.stream().mapToDouble(Said::costUsd).sum()
                        + compared.stream().mapToDouble(Compared::costUsd).sum(),
                gold.items().getFirst() instanceof Gold.Pair
                        ? PairFigures.of(gold, said, compared)
                        : LabelFigures.of(gold, said, seat.policy().pass(), wantedPrecision));
    }

    private static double share(List<Said> all, Verdict.State state) {
        return (double) all.stream().filter(one -> one.state() == state).count() / all.size();
    }
}
