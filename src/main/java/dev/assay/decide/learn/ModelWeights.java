package dev.assay.decide.learn;

/// What a predictor knows of one model.
///
/// The weights of single n-grams are kept as bytes: there are many of them, a prompt adds up
/// hundreds, and so the rounding of each evens out.
final class ModelWeights {

    /// What lies further out than so many times the root mean square is cut.
    private static final double CUT = 8;

    private static final int STEPS = 127;

    private final String model;
    private final double mean;
    private final double observations;
    private final double squaredError;
    private final float[] dense;
    private final float[] uncertainty;
    private final byte[] grams;
    private final float gramStep;

    private ModelWeights(
            String model,
            double mean,
            double observations,
            double squaredError,
            float[] dense,
            float[] uncertainty,
            byte[] grams,
            float gramStep) {
        this.model = model;
        this.mean = mean;
        this.observations = observations;
        this.squaredError = squaredError;
        this.dense = dense;
        this.uncertainty = uncertainty;
        this.grams = grams;
        this.gramStep = gramStep;
    }

    /// @param squaredError mean squared error of predictions for this model
    /// @param uncertainty of each weight of `dense`, as a share of the squared error
    static ModelWeights of(
            String model,
            double mean,
            double observations,
            double squaredError,
            float[] dense,
            float[] uncertainty,
            float[] grams) {
        float step = step(grams);
        byte[] rounded = new byte[grams.length];
        for (int i = 0; step > 0 && i < grams.length; i++) {
            rounded[i] = (byte) Math.clamp(Math.round(grams[i] / step), -STEPS, STEPS);
        }
        return new ModelWeights(
                model, mean, observations, squaredError, dense, uncertainty, rounded, step);
    }

    String model() {
        return model;
    }

    double observations() {
        return observations;
    }

    /// The expected grade, which may lie outside of 0 to 10.
    double mean(FeatureVector x) {
        int sum = 0;
        for (int bucket : x.buckets()) {
            sum += grams[bucket];
        }
        return mean + Fit.dot(x.dense(), dense) + sum * gramStep * x.gramScale();
    }

    /// How far off the expected grade may be, each weight's uncertainty taken alone.
    double sd(FeatureVector x) {
        float[] values = x.dense();
        double share = 1 / (observations + 1);
        for (int i = 0; i < values.length; i++) {
            share += values[i] * values[i] * uncertainty[i];
        }
        return Math.sqrt(squaredError * share);
    }

    /// Points that the value of a feature adds.
    double densePoints(FeatureVector x, int at) {
        return x.dense()[at] * dense[at];
    }

    /// Points that an n-gram of this bucket adds.
    double gramPoints(FeatureVector x, int bucket) {
        return grams[bucket] * gramStep * x.gramScale();
    }

    void write(StateWriter out) {
        out.text(model);
        out.real(mean);
        out.real(observations);
        out.real(squaredError);
        out.reals(dense);
        out.reals(uncertainty);
        out.bytes(grams);
        out.real(gramStep);
    }

    static ModelWeights read(StateReader in, LearnSettings settings) {
        String model = in.text();
        double mean = in.realDouble();
        double observations = in.realDouble();
        double squaredError = in.realDouble();
        float[] dense = in.reals(settings.denseDims());
        float[] uncertainty = in.reals(settings.denseDims());
        byte[] grams = in.bytes();
        in.require(grams.length == settings.buckets(), grams.length + " buckets");
        return new ModelWeights(
                model, mean, observations, squaredError, dense, uncertainty, grams, in.real());
    }

    private static float step(float[] grams) {
        double squares = 0;
        int filled = 0;
        double most = 0;
        for (float weight : grams) {
            squares += weight * weight;
            filled += weight == 0 ? 0 : 1;
            most = Math.max(most, Math.abs(weight));
        }
        double cut = Math.min(most, CUT * Math.sqrt(squares / Math.max(1, filled)));
        return (float) (cut / STEPS);
    }
}
