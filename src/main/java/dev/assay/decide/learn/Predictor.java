package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Predicts the grade that each model of a route will get for a prompt. Immutable, quick, and small
/// enough to be sent to every instance; any thread may use it.
public final class Predictor {

    private static final byte VERSION = 1;
    private static final double LOWEST = 0;
    private static final double HIGHEST = 10;

    /// What predictions are off by, squared, where nobody knows yet, and how many grades that
    /// counts for.
    private static final double USUAL_SQUARED_ERROR = 6;

    private static final double ERROR_PRIOR = 10;

    /// How far a model without grades may be from the mean of the others.
    private static final double UNKNOWN_SD = 2.5;

    private final LearnSettings settings;
    private final double origin;
    private final List<ModelWeights> models;
    private final GramWeights grams;

    private Predictor(
            LearnSettings settings, double origin, List<ModelWeights> models, GramWeights grams) {
        this.settings = settings;
        this.origin = origin;
        this.models = List.copyOf(models);
        this.grams = grams;
    }

    /// Knows nothing yet.
    public static Predictor untaught(LearnSettings settings) {
        return new RouteLearner(settings).predictor();
    }

    static Predictor of(
            Fit fit, double[] shares, Map<String, ModelSums> sums, LearnSettings settings) {
        List<float[]> dense = fit.blendedDense(shares);
        double[] penalties = Fit.penalties(settings);
        List<ModelWeights> models = new ArrayList<>();
        sums.forEach(
                (model, own) -> {
                    int at = fit.models().indexOf(model);
                    double offset = own.judged().offset(shares, Fit.MEAN_PRIOR);
                    models.add(
                            new ModelWeights(
                                    model,
                                    fit.means().get(at) + offset,
                                    own.design().weight(),
                                    own.judged().squaredError(USUAL_SQUARED_ERROR, ERROR_PRIOR),
                                    dense.get(at),
                                    own.design().uncertainty(penalties)));
                });
        GramWeights grams = GramWeights.of(fit.blendedGrams(shares), settings);
        return new Predictor(settings, fit.origin(), models, grams);
    }

    /// What vectors must be made with.
    public LearnSettings settings() {
        return settings;
    }

    /// The models that have grades.
    public List<String> models() {
        return models.stream().map(ModelWeights::model).toList();
    }

    /// The grade to expect of a model. One without grades is expected to do like the mean of the
    /// others, with much uncertainty.
    public Prediction predict(FeatureVector x, String model) {
        int at = at(model);
        return at < 0 ? unknown(x) : prediction(x, at, grams.points(x, at));
    }

    /// The grades to expect of several models, in their order; quicker than one by one.
    public List<Prediction> predict(FeatureVector x, List<String> asked) {
        float[] points = grams.points(x);
        List<Prediction> predictions = new ArrayList<>(asked.size());
        for (String model : asked) {
            int at = at(model);
            predictions.add(at < 0 ? unknown(x) : prediction(x, at, points[at]));
        }
        return predictions;
    }

    /// The weight of all grades it rests on.
    public double observations() {
        return models.stream().mapToDouble(ModelWeights::observations).sum();
    }

    /// The difference of two models' expected grades, not cut to the range of grades: what prompts
    /// are ranked by when one model shall take over from another.
    public double gap(FeatureVector x, String weak, String strong) {
        return mean(x, strong) - mean(x, weak);
    }

    /// What moves the expected grade of a model most for this prompt, the strongest first: named
    /// features, and words of the prompt itself.
    ///
    /// @param text that `x` was made of
    public List<Reason> reasons(FeatureVector x, String text, String model, int most) {
        int at = at(model);
        if (at < 0) {
            return List.of();
        }
        Strongest strongest = new Strongest(most);
        int named = settings.projectedDims();
        for (int i = 0; i < PromptFeatures.LABEL_DIMS + TextShape.NAMES.size(); i++) {
            String name = PromptFeatures.name(i);
            strongest.add(settings.buckets() + i, models.get(at).points(x, named + i), () -> name);
        }
        PromptFeatures.words(
                text,
                settings,
                (bucket, from, to) ->
                        strongest.add(
                                bucket,
                                grams.points(x, at, bucket),
                                () -> '"' + text.substring(from, to) + '"'));
        return strongest.reasons();
    }

    /// The predictor as bytes, compressed.
    public byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        settings.write(out);
        out.real(origin);
        out.number(models.size());
        models.forEach(own -> own.write(out));
        grams.write(out);
        return Deflated.bytes(out.written());
    }

    /// Reads what `write` wrote.
    ///
    /// @throws IllegalArgumentException if the bytes are no predictor
    public static Predictor read(byte[] bytes) {
        byte[] inflated = Deflated.inflated("predictor", bytes);
        StateReader in = new StateReader("predictor", inflated, VERSION);
        LearnSettings settings = LearnSettings.read(in);
        double origin = in.realDouble();
        int size = in.size();
        List<ModelWeights> models = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            models.add(ModelWeights.read(in, settings));
        }
        GramWeights grams = GramWeights.read(in, size, settings);
        in.end();
        return new Predictor(settings, origin, models, grams);
    }

    private Prediction prediction(FeatureVector x, int at, float gramPoints) {
        ModelWeights own = models.get(at);
        return new Prediction(clamp(own.mean(x) + gramPoints), own.sd(x), own.observations());
    }

    private Prediction unknown(FeatureVector x) {
        return new Prediction(clamp(meanOfAll(x)), UNKNOWN_SD, 0);
    }

    private double mean(FeatureVector x, String model) {
        int at = at(model);
        return at < 0 ? meanOfAll(x) : models.get(at).mean(x) + grams.points(x, at);
    }

    private double meanOfAll(FeatureVector x) {
        return IntStream.range(0, models.size())
                .mapToDouble(at -> models.get(at).mean(x) + grams.points(x, at))
                .average()
                .orElse(origin);
    }

    /// Where a model stands in the lists; -1 if nowhere.
    private int at(String model) {
        for (int at = 0; at < models.size(); at++) {
            if (models.get(at).model().equals(model)) {
                return at;
            }
        }
        return -1;
    }

    private static double clamp(double grade) {
        return Math.clamp(grade, LOWEST, HIGHEST);
    }
}
