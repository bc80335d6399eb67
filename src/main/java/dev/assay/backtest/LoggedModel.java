package dev.assay.backtest;

import dev.assay.codec.ChatRequests;
import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.model.Labels;
import dev.assay.model.Prompt;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Predicts what it brings to ask a model first, from what was recorded of other prompts: grades by
/// the learner of strategy `learned` with few features, costs by a line over the prompt's length.
final class LoggedModel {

    /// Few features: what is predicted is corrected by what was seen, so quick beats exact.
    private static final LearnSettings SETTINGS = new LearnSettings(1000, 12, 64, true, true);

    private static final double UNGRADED = 5;

    private final Map<String, Predictor> grades;
    private final Map<String, Line> costs;
    private final Line anyCost;

    private LoggedModel(Map<String, Predictor> grades, Map<String, Line> costs, Line anyCost) {
        this.grades = grades;
        this.costs = costs;
        this.anyCost = anyCost;
    }

    /// Learns from these.
    static LoggedModel of(
            Iterable<LoggedPrompt> training,
            Function<LoggedPrompt, OptionalDouble> grade,
            ToDoubleFunction<LoggedPrompt> usd) {
        Map<String, RouteLearner> learners = new HashMap<>();
        Map<String, Line> costs = new HashMap<>();
        Line any = new Line();
        for (LoggedPrompt logged : training) {
            grade.apply(logged)
                    .ifPresent(
                            value ->
                                    learners.computeIfAbsent(
                                                    logged.route(), _ -> new RouteLearner(SETTINGS))
                                            .observe(
                                                    features(logged.prompt()),
                                                    logged.model(),
                                                    value,
                                                    1));
            double chars = logged.prompt().request().chars();
            costs.computeIfAbsent(logged.model(), _ -> new Line())
                    .add(chars, usd.applyAsDouble(logged));
            any.add(chars, usd.applyAsDouble(logged));
        }
        Map<String, Predictor> solved = new HashMap<>();
        learners.forEach((route, learner) -> solved.put(route, learner.predictor()));
        return new LoggedModel(solved, costs, any);
    }

    double grade(LoggedPrompt logged, String model) {
        return Optional.ofNullable(grades.get(logged.route()))
                .map(known -> known.predict(features(logged.prompt()), model).mean())
                .orElse(UNGRADED);
    }

    double usd(LoggedPrompt logged, String model) {
        return costs.getOrDefault(model, anyCost).at(logged.prompt().request().chars());
    }

    private static FeatureVector features(Prompt prompt) {
        Labels labels = prompt.labels();
        return PromptFeatures.of(
                ChatRequests.lastQuestion(prompt.request()),
                labels.task(),
                labels.tenant(),
                SETTINGS);
    }

    /// A straight line through points, by least squares.
    private static final class Line {

        private double count;
        private double sumX;
        private double sumY;
        private double sumXx;
        private double sumXy;

        void add(double x, double y) {
            count++;
            sumX += x;
            sumY += y;
            sumXx += x * x;
            sumXy += x * y;
        }

        double at(double x) {
            if (count == 0) {
                return 0;
            }
            double meanX = sumX / count;
            double spread = sumXx - sumX * meanX;
            double slope = spread > 1 ? (sumXy - meanX * sumY) / spread : 0;
            return sumY / count + slope * (x - meanX);
        }
    }
}
