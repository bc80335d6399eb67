package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private Predictor(LearnSettings settings, double origin, List<ModelWeights> models) {
        this.settings = settings;
        this.origin = origin;
        this.models = List.copyOf(models);
    }

    /// Knows nothing yet.
    public static Predictor untaught(LearnSettings settings) {
        return new RouteLearner(settings).predictor();
    }

    static Predictor of(
            Fit fit, double[] shares, Map<String, ModelSums> sums, LearnSettings settings) {
        List<float[]> dense =
                Fit.blended(fit.dense(), shares[Blend.FOLDED], shares[Blend.OWN_FOLDED]);
        List<float[]> grams =
                Fit.blended(fit.grams(), shares[Blend.GRAMS], shares[Blend.OWN_GRAMS]);
        double[] penalties = Fit.penalties(settings);
        List<ModelWeights> models = new ArrayList<>();
        sums.forEach(
                (model, own) -> {
                    int at = fit.models().indexOf(model);
                    models.add(
                            ModelWeights.of(
                                    model,
                                    fit.means().get(at)
                                            + own.judged().offset(shares, Fit.MEAN_PRIOR),
                                    own.design().weight(),
                                    own.judged().squaredError(USUAL_SQUARED_ERROR, ERROR_PRIOR),
                                    dense.get(at),
                                    own.design().uncertainty(penalties),
                                    grams.get(at)));
                });
        return new Predictor(settings, fit.origin(), models);
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
        return weights(model)
                .map(own -> new Prediction(clamp(own.mean(x)), own.sd(x), own.observations()))
                .orElseGet(() -> new Prediction(clamp(meanOfAll(x)), UNKNOWN_SD, 0));
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
        Optional<ModelWeights> weights = weights(model);
        if (weights.isEmpty()) {
            return List.of();
        }
        ModelWeights own = weights.get();
        List<Reason> reasons = new ArrayList<>();
        PromptFeatures.words(text, settings)
                .forEach(
                        (word, bucket) ->
                                reasons.add(
                                        new Reason("\"" + word + "\"", own.gramPoints(x, bucket))));
        int named = settings.projectedDims();
        for (int i = 0; i < PromptFeatures.LABEL_DIMS + TextShape.NAMES.size(); i++) {
            reasons.add(new Reason(PromptFeatures.name(i), own.densePoints(x, named + i)));
        }
        return reasons.stream()
                .filter(reason -> reason.points() != 0)
                .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.points())))
                .limit(most)
                .toList();
    }

    /// The predictor as bytes, compressed.
    public byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        settings.write(out);
        out.real(origin);
        out.number(models.size());
        models.forEach(own -> own.write(out));
        return Deflated.bytes(out.written());
    }

    /// Reads what `write` wrote.
    ///
    /// @throws IllegalArgumentException if the bytes are no predictor
    public static Predictor read(byte[] bytes) {
        StateReader in =
                new StateReader("predictor", Deflated.inflated("predictor", bytes), VERSION);
        LearnSettings settings = LearnSettings.read(in);
        double origin = in.realDouble();
        int size = in.size();
        List<ModelWeights> models = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            models.add(ModelWeights.read(in, settings));
        }
        in.end();
        return new Predictor(settings, origin, models);
    }

    private double mean(FeatureVector x, String model) {
        return weights(model).map(own -> own.mean(x)).orElseGet(() -> meanOfAll(x));
    }

    private double meanOfAll(FeatureVector x) {
        return models.stream().mapToDouble(own -> own.mean(x)).average().orElse(origin);
    }

    private Optional<ModelWeights> weights(String model) {
        for (ModelWeights own : models) {
            if (own.model().equals(model)) {
                return Optional.of(own);
            }
        }
        return Optional.empty();
    }

    private static double clamp(double grade) {
        return Math.clamp(grade, LOWEST, HIGHEST);
    }
}
