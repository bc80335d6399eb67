package dev.assay.decide.learn;

import java.util.List;

/// The weights of single n-grams, of all models of a route. Immutable.
///
/// They are kept as bytes, rounded to an eighth of their root mean square: there are many of them,
/// a prompt adds up hundreds, and so the rounding of each evens out. Those of one n-gram lie side
/// by side, since a prompt is compared over all models.
final class GramWeights {

    private static final float STEPS_PER_SPREAD = 8;

    /// With more weights than this they are rounded to a half, so that a record holds them.
    private static final int MANY = 1 << 20;

    private static final float FEW_STEPS_PER_SPREAD = 2;
    private static final int MOST = 127;

    private final byte[] rounded;
    private final float[] steps;

    private GramWeights(byte[] rounded, float[] steps) {
        this.rounded = rounded;
        this.steps = steps;
    }

    /// @param weights by bucket, one list a model
    static GramWeights of(List<float[]> weights, LearnSettings settings) {
        int models = weights.size();
        byte[] rounded = new byte[models * settings.buckets()];
        float[] steps = new float[models];
        float perSpread = rounded.length > MANY ? FEW_STEPS_PER_SPREAD : STEPS_PER_SPREAD;
        for (int m = 0; m < models; m++) {
            float[] own = weights.get(m);
            steps[m] = spread(own) / perSpread;
            for (int bucket = 0; steps[m] > 0 && bucket < own.length; bucket++) {
                int nearest = Math.round(own[bucket] / steps[m]);
                rounded[bucket * models + m] = (byte) Math.clamp(nearest, -MOST, MOST);
            }
        }
        return new GramWeights(rounded, steps);
    }

    /// Points that the n-grams of a prompt add, for each model.
    float[] points(FeatureVector x) {
        int models = steps.length;
        int[] sums = new int[models];
        for (int bucket : x.buckets()) {
            int first = bucket * models;
            for (int m = 0; m < models; m++) {
                sums[m] += rounded[first + m];
            }
        }
        float[] points = new float[models];
        for (int m = 0; m < models; m++) {
            points[m] = sums[m] * steps[m] * x.gramScale();
        }
        return points;
    }

    /// Points that the n-grams of a prompt add for one model.
    float points(FeatureVector x, int model) {
        int sum = 0;
        for (int bucket : x.buckets()) {
            sum += rounded[bucket * steps.length + model];
        }
        return sum * steps[model] * x.gramScale();
    }

    /// Points that one n-gram adds for one model.
    float points(FeatureVector x, int model, int bucket) {
        return rounded[bucket * steps.length + model] * steps[model] * x.gramScale();
    }

    void write(StateWriter out) {
        out.reals(steps);
        out.bytes(rounded);
    }

    static GramWeights read(StateReader in, int models, LearnSettings settings) {
        float[] steps = in.reals(models);
        byte[] rounded = in.bytes();
        in.require(rounded.length == models * settings.buckets(), rounded.length + " weights");
        return new GramWeights(rounded, steps);
    }

    /// Root mean square of those that are not 0.
    private static float spread(float[] weights) {
        double squares = 0;
        int filled = 0;
        for (float weight : weights) {
            squares += weight * weight;
            filled += weight == 0 ? 0 : 1;
        }
        return (float) Math.sqrt(squares / Math.max(1, filled));
    }
}
