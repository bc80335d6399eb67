package dev.assay.bench;

import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.LearnedChoice;
import dev.assay.decide.learn.LearnedChoice.Candidate;
import dev.assay.decide.learn.Prediction;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.model.LearnerSize;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// What strategy `learned` costs a prompt: features, predictions for ten models and the choice, in
/// microseconds; and what a grade costs the learner. Prompts differ from call to call, as they do on
/// a route, and so the weights do not all lie in the nearest cache.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LearnedPath {

    private static final int MODELS = 10;
    private static final int PROMPTS = 512;
    private static final int VOCABULARY = 5000;
    private static final double USD_PER_POINT = 0.002;
    private static final double EXPLORE = 0.02;
    private static final int REASONS = 3;

    /// Characters of a prompt; the learner looks at no more than the longest.
    @Param({"250", "1000", "8000"})
    private int chars;

    /// Bits of the number of buckets; 16 is the default.
    @Param({"16", "18"})
    private int bucketBits;

    private LearnSettings settings = LearnSettings.DEFAULT;
    private final List<String> models =
            IntStream.range(0, MODELS).mapToObj(i -> "model-" + i).toList();
    private final List<String> texts = new ArrayList<>();
    private final List<FeatureVector> vectors = new ArrayList<>();
    private Predictor predictor = Predictor.untaught(settings);
    private int next;

    @Setup
    public void taught() {
        settings =
                LearnSettings.of(
                        new LearnerSize(
                                LearnerSize.DEFAULT.prefixChars(),
                                1 << bucketBits,
                                LearnerSize.DEFAULT.dimensions()));
        predictor = Predictor.untaught(settings);
        RouteLearner learner = new RouteLearner(settings);
        Random random = new Random(1);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < VOCABULARY; i++) {
            words.add(Integer.toString(random.nextInt(1 << 24), 36));
        }
        for (int i = 0; i < PROMPTS; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < chars) {
                text.append(words.get(random.nextInt(VOCABULARY))).append(' ');
            }
            texts.add(text.substring(0, chars));
            FeatureVector x = features(texts.getLast());
            vectors.add(x);
            Map<String, Double> grades = new HashMap<>();
            models.forEach(model -> grades.put(model, (double) random.nextInt(11)));
            learner.observe(x, grades, 1);
        }
        predictor = learner.predictor();
    }

    @Benchmark
    public FeatureVector features() {
        return features(texts.get(turn()));
    }

    @Benchmark
    public List<Prediction> predictTenModels() {
        return predictor.predict(vectors.get(turn()), models);
    }

    /// All that assign does for one prompt: features, predictions, the choice and what explains it.
    @Benchmark
    public String chooseOfTenModels() {
        String text = texts.get(turn());
        FeatureVector x = features(text);
        List<Prediction> expected = predictor.predict(x, models);
        List<Candidate> candidates = new ArrayList<>(MODELS);
        for (int i = 0; i < MODELS; i++) {
            double usd = i * 0.001;
            Prediction own = expected.get(i);
            candidates.add(new Candidate(models.get(i), own, own.mean(), usd, usd, true));
        }
        double draw = LearnedChoice.draw(models.get(next % MODELS));
        LearnedChoice choice = LearnedChoice.choose(candidates, USD_PER_POINT, EXPLORE, draw);
        return choice.why(predictor.reasons(x, text, choice.model(), REASONS));
    }

    private FeatureVector features(String text) {
        return PromptFeatures.of(text, Optional.of("math"), Optional.empty(), settings);
    }

    private int turn() {
        next = (next + 1) % PROMPTS;
        return next;
    }
}
