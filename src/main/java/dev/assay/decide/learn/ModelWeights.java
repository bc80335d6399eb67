package dev.assay.decide.learn;

/// What a predictor knows of one model, but for the single n-grams. Immutable.
final class ModelWeights {

    private final String model;
    private final double mean;
    private final double observations;
    private final double squaredError;
    private final float[] dense;
    private final float[] uncertainty;

    /// @param mean grade where nothing else is known
    /// @param observations weight of the grades that it rests on
    /// @param squaredError mean squared error of predictions for this model
    /// @param dense weights of folded n-grams, labels, shape and constant
    /// @param uncertainty of each of these weights, as a share of the squared error
    ModelWeights(
            String model,
            double mean,
            double observations,
            double squaredError,
            float[] dense,
            float[] uncertainty) {
        this.model = model;
        this.mean = mean;
        this.observations = observations;
        this.squaredError = squaredError;
        this.dense = dense;
        this.uncertainty = uncertainty;
    }

    String model() {
        return model;
    }

    double observations() {
        return observations;
    }

    /// The expected grade but for what single n-grams add.
    double mean(FeatureVector x) {
        return mean + Fit.dot(x.dense(), dense);
    }

    /// How far off the expected grade may be, each weight's uncertainty taken alone.
    double sd(FeatureVector x) {
        float[] values = x.dense();
        float share = 0;
        for (int i = 0; i < values.length; i++) {
            share += values[i] * values[i] * uncertainty[i];
        }
        return Math.sqrt(squaredError * (share + 1 / (observations + 1)));
    }

    /// Points that the value of a feature adds.
    double points(FeatureVector x, int at) {
        return x.dense()[at] * dense[at];
    }

    void write(StateWriter out) {
        out.text(model);
        out.real(mean);
        out.real(observations);
        out.real(squaredError);
        out.reals(dense);
        out.reals(uncertainty);
    }

    static ModelWeights read(StateReader in, LearnSettings settings) {
        String model = in.text();
        double mean = in.realDouble();
        double observations = in.realDouble();
        double squaredError = in.realDouble();
        float[] dense = in.reals(settings.denseDims());
        return new ModelWeights(
                model, mean, observations, squaredError, dense, in.reals(settings.denseDims()));
    }
}
