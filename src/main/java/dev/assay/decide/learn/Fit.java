package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/// What the sums of a route say at one moment, before the views are blended. Immutable.
///
/// @param models in the order of the lists
/// @param origin mean grade over the models
/// @param means of each model, drawn to `origin` while it has few grades
/// @param dense weights of the regression, one list a model; the constant's makes up for the mean
/// @param grams weights of the single n-grams, one list a model
/// @param missed weights of the single n-grams that make up for what predictions missed, one list a
///   model
record Fit(
        List<String> models,
        double origin,
        List<Double> means,
        List<float[]> dense,
        List<float[]> grams,
        List<float[]> missed) {

    /// So many grades at `origin` are added to each model's.
    static final double MEAN_PRIOR = 3;

    private static final double UNKNOWN_GRADE = 7;
    private static final double FOLDED_PENALTY = 10;
    private static final double LABEL_PENALTY = 3;
    private static final double CONSTANT_PENALTY = 0.5;
    private static final double GRAM_PRIOR = 3;

    static Fit of(Map<String, ModelSums> sums, LearnSettings settings) {
        List<String> models = List.copyOf(sums.keySet());
        double origin = origin(sums);
        double[] penalties = penalties(settings);
        Map<Design, Cholesky> factorised = new HashMap<>();
        List<Double> means = new ArrayList<>();
        List<float[]> dense = new ArrayList<>();
        List<float[]> grams = new ArrayList<>();
        List<float[]> missed = new ArrayList<>();
        for (ModelSums own : sums.values()) {
            Design design = own.design();
            double mean = (own.grades() + MEAN_PRIOR * origin) / (design.weight() + MEAN_PRIOR);
            means.add(mean);
            Cholesky factor = factorised.computeIfAbsent(design, d -> d.factorised(penalties));
            double[] weights = factor.solve(own.denseGrades(design.sums(penalties.length), origin));
            weights[weights.length - 1] += origin - mean;
            dense.add(floats(weights));
            double gradeMean = design.weight() > 0 ? own.grades() / design.weight() : 0;
            grams.add(grams(design, own::bucketGrades, gradeMean, settings));
            missed.add(corrections(own, settings));
        }
        return new Fit(
                models,
                origin,
                List.copyOf(means),
                List.copyOf(dense),
                List.copyOf(grams),
                List.copyOf(missed));
    }

    static double[] penalties(LearnSettings settings) {
        double[] penalties = new double[settings.denseDims()];
        Arrays.fill(penalties, FOLDED_PENALTY);
        int labels = settings.projectedDims();
        Arrays.fill(penalties, labels, labels + PromptFeatures.LABEL_DIMS, LABEL_PENALTY);
        penalties[penalties.length - 1] = CONSTANT_PENALTY;
        return penalties;
    }

    /// What each view says of a model for this prompt, beyond its mean; see `Blend`.
    ///
    /// @param corrected what the last view says by now, by model
    double[] views(FeatureVector x, int model, double[] corrected) {
        double[] views = new double[Blend.VIEWS];
        for (int m = 0; m < models.size(); m++) {
            double[] said = {grams(x, grams.get(m)), dot(x.dense(), dense.get(m)), corrected[m]};
            for (int view = 0; view < said.length; view++) {
                views[view] += said[view] / models.size();
                views[view + Blend.OWN] += m == model ? said[view] : 0;
            }
        }
        for (int view = 0; view < Blend.OWN; view++) {
            views[view + Blend.OWN] -= views[view];
        }
        return views;
    }

    /// The weights of the regression by which the blended view adds up, one list a model.
    List<float[]> blendedDense(double[] shares) {
        return blended(dense, shares[Blend.FOLDED], shares[Blend.OWN + Blend.FOLDED]);
    }

    /// The weights of single n-grams by which the blended views add up, one list a model.
    List<float[]> blendedGrams(double[] shares) {
        List<float[]> first = blended(grams, shares[Blend.GRAMS], shares[Blend.OWN + Blend.GRAMS]);
        List<float[]> second =
                blended(missed, shares[Blend.MISSED], shares[Blend.OWN + Blend.MISSED]);
        for (int m = 0; m < first.size(); m++) {
            for (int bucket = 0; bucket < first.get(m).length; bucket++) {
                first.get(m)[bucket] += second.get(m)[bucket];
            }
        }
        return first;
    }

    private static List<float[]> blended(List<float[]> weights, double common, double own) {
        if (weights.isEmpty()) {
            return List.of();
        }
        float[] mean = new float[weights.getFirst().length];
        for (float[] each : weights) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += each[i] / weights.size();
            }
        }
        return weights.stream().map(each -> blended(each, mean, common, own)).toList();
    }

    private static float[] blended(float[] each, float[] mean, double common, double own) {
        float[] sum = new float[mean.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (common * mean[i] + own * (each[i] - mean[i]));
        }
        return sum;
    }

    static float dot(float[] a, float[] b) {
        float even = 0;
        float odd = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }
        return i < a.length ? even + odd + a[i] * b[i] : even + odd;
    }

    private static double grams(FeatureVector x, float[] weights) {
        double sum = 0;
        for (int bucket : x.buckets()) {
            sum += weights[bucket];
        }
        return sum * x.gramScale();
    }

    /// Mean difference that an n-gram makes, drawn to 0 where it was seen rarely, times how much it
    /// tells (inverse document frequency).
    private static float[] grams(
            Design design, IntToDoubleFunction sums, double mean, LearnSettings settings) {
        float[] weights = new float[settings.buckets()];
        for (int bucket = 0; bucket < weights.length; bucket++) {
            double seen = design.seen(bucket);
            if (seen > 0) {
                double difference =
                        (sums.applyAsDouble(bucket) - mean * seen) / (seen + GRAM_PRIOR);
                weights[bucket] = (float) (difference * design.rarity(bucket));
            }
        }
        return weights;
    }

    private static float[] corrections(ModelSums own, LearnSettings settings) {
        float[] weights = new float[settings.buckets()];
        for (int bucket = 0; bucket < weights.length; bucket++) {
            weights[bucket] = (float) own.correction(bucket);
        }
        return weights;
    }

    private static double origin(Map<String, ModelSums> sums) {
        double total = UNKNOWN_GRADE;
        double parts = 1;
        for (ModelSums own : sums.values()) {
            double weight = own.design().weight();
            if (weight > 0) {
                double share = weight / (weight + MEAN_PRIOR);
                total += share * own.grades() / weight;
                parts += share;
            }
        }
        return total / parts;
    }

    private static float[] floats(double[] values) {
        float[] narrowed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }
}
