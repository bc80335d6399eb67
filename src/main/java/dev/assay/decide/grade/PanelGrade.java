package dev.assay.decide.grade;

import dev.assay.model.CheckPolicy;
import dev.assay.model.Panel;

import java.util.List;
import java.util.OptionalDouble;

/// The grade that the scores of several judges amount to.
final class PanelGrade {

    private PanelGrade() {}

    /// The grade; empty where scores are short of the quorum.
    ///
    /// @param judges how many may judge the answer
    /// @param scores in the order in which they came
    static OptionalDouble of(CheckPolicy policy, int judges, List<Double> scores) {
        Panel panel = policy.panel();
        if (scores.size() < panel.needed(judges)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (panel.kind()) {
                    case FIRST -> scores.getFirst();
                    case MEDIAN -> median(scores);
                    case MEAN -> mean(scores);
                    case MAJORITY -> majority(scores, policy.pass());
                });
    }

    private static double mean(List<Double> scores) {
        return scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double median(List<Double> scores) {
        List<Double> sorted = scores.stream().sorted().toList();
        int upper = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(upper)
                : (sorted.get(upper - 1) + sorted.get(upper)) / 2;
    }

    /// The mean on the side of the bar where more scores are: at or above it exactly where more
    /// than half of them are.
    private static double majority(List<Double> scores, double pass) {
        List<Double> passing = scores.stream().filter(score -> score >= pass).toList();
        List<Double> failing = scores.stream().filter(score -> score < pass).toList();
        return mean(passing.size() > failing.size() ? passing : failing);
    }
}
