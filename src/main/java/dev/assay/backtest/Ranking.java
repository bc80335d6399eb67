package dev.assay.backtest;

import dev.assay.backtest.BacktestReport.Ranked;
import dev.assay.backtest.Bootstrap.Spread;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Ranks all prompts between two models by the gap that a learner predicts which never saw them.
final class Ranking {

    private final AnswerTable table;
    private final List<Double> gaps;
    private final long seed;

    /// @param gaps predicted, by prompt, of learners that never saw it
    Ranking(AnswerTable table, List<Double> gaps, long seed) {
        this.table = table;
        this.gaps = List.copyOf(gaps);
        this.seed = seed;
    }

    /// True where there are two models, of which the dearer is better.
    static boolean possible(AnswerTable table) {
        return table.models().size() == 2 && table.cheapest() != table.strongest();
    }

    /// The ranking; empty where there are not two models of which one is better and dearer.
    Optional<Ranked> ranked() {
        if (!possible(table)) {
            return Optional.empty();
        }
        RankCurve curve = curve(gaps.stream().mapToDouble(gap -> gap).toArray());
        RankCurve length = curve(lengths());
        OptionalDouble apgr = curve.apgr();
        OptionalDouble lengthApgr = length.apgr();
        if (apgr.isEmpty() || lengthApgr.isEmpty()) {
            return Optional.empty();
        }
        Bootstrap bootstrap = new Bootstrap(seed);
        Spread lead = curve.lead(length, bootstrap);
        return Optional.of(
                new Ranked(
                        curve,
                        apgr.getAsDouble(),
                        curve.spread(bootstrap).sd(),
                        length,
                        lengthApgr.getAsDouble(),
                        lead));
    }

    private RankCurve curve(double[] rank) {
        double[] weak = new double[table.size()];
        double[] strong = new double[table.size()];
        for (int i = 0; i < table.size(); i++) {
            weak[i] = table.quality(table.cheapest(), i);
            strong[i] = table.quality(table.strongest(), i);
        }
        return new RankCurve(rank, weak, strong);
    }

    private double[] lengths() {
        return table.prompts().stream().mapToDouble(prompt -> prompt.text().length()).toArray();
    }
}
