package dev.assay.backtest;

import dev.assay.backtest.BacktestReport.Ranked;
import dev.assay.backtest.Bootstrap.Spread;
import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Ranks all prompts between two models by the gap that a learner predicts which never saw them.
final class Ranking {

    private final AnswerTable table;
    private final Quality measure;
    private final BacktestOptions options;

    Ranking(AnswerTable table, Quality measure, BacktestOptions options) {
        this.table = table;
        this.measure = measure;
        this.options = options;
    }

    /// The ranking; empty where there are not two models of which one is better and dearer.
    Optional<Ranked> ranked() {
        int weak = table.cheapest();
        int strong = table.strongest();
        if (table.models().size() != 2 || weak == strong) {
            return Optional.empty();
        }
        RankCurve curve = curve(gaps(table.models().get(weak), table.models().get(strong)));
        RankCurve length = curve(lengths());
        OptionalDouble apgr = curve.apgr();
        OptionalDouble lengthApgr = length.apgr();
        if (apgr.isEmpty() || lengthApgr.isEmpty()) {
            return Optional.empty();
        }
        Bootstrap bootstrap = new Bootstrap(options.seed());
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

    private double[] gaps(String weak, String strong) {
        Folds folds = new Folds(table.size(), options.folds(), options.seed());
        double[] gaps = new double[table.size()];
        for (int fold = 0; fold < folds.count(); fold++) {
            Predictor predictor = taught(folds.training(fold));
            for (int place : folds.test(fold)) {
                gaps[place] = predictor.gap(features(table.prompts().get(place)), weak, strong);
            }
        }
        return gaps;
    }

    private Predictor taught(int[] training) {
        RouteLearner learner = new RouteLearner(LearnSettings.DEFAULT);
        for (int place : training) {
            RecordedPrompt prompt = table.prompts().get(place);
            Map<String, Double> grades = new HashMap<>();
            for (String model : table.models()) {
                options.learnFrom()
                        .grade(prompt, model, measure)
                        .ifPresent(grade -> grades.put(model, grade));
            }
            if (!grades.isEmpty()) {
                learner.observe(features(prompt), grades, 1);
            }
        }
        return learner.predictor();
    }

    private static FeatureVector features(RecordedPrompt prompt) {
        return PromptFeatures.of(
                prompt.text(), prompt.task(), Optional.empty(), LearnSettings.DEFAULT);
    }
}
