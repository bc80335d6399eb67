package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Learns from grades which model suits which prompts of one route.
///
/// All it keeps are sums, to which each grade adds: late grades count like early ones, and the size
/// is bounded by the settings and the number of models, whatever was seen. To be used by one thread
/// at a time. The same grades in the same order give the same predictor, bit by bit.
public final class RouteLearner {

    /// With more models the one that was graded longest ago is forgotten: names change over the
    /// years.
    public static final int MAX_MODELS = 32;

    private static final byte VERSION = 1;
    private static final double MAX_GRADE = 10;

    /// A grade counts at most so often, however unlikely its choice was.
    private static final double MAX_WEIGHT = 100;

    /// The views are judged on what comes after they were solved; they are solved again when there
    /// are so many more grades.
    private static final double SOLVE_GROWTH = 1.25;

    private static final double FIRST_SOLVE = 16;

    /// What each new solving leaves of the earlier judgements on the views, which were worse then.
    private static final double BLEND_KEPT = 0.75;

    private final LearnSettings settings;
    private final Map<String, ModelSums> sums = new LinkedHashMap<>();
    private Blend blend = new Blend();
    private double observed;
    private long ignored;
    private Fit fit;
    private double[] shares;
    private double solvedAt;

    public RouteLearner(LearnSettings settings) {
        this.settings = settings;
        this.fit = Fit.of(sums, settings);
        this.shares = blend.shares(List.of());
    }

    /// Adds a grade that one model's answer got. What is no grade from 0 to 10 or has no weight
    /// above 0 is ignored and counted.
    ///
    /// @param weight how much it counts, usually 1; cut at 100
    public void observe(FeatureVector x, String model, double grade, double weight) {
        observe(x, Map.of(model, grade), weight);
    }

    /// Adds the grades that several models got for one prompt. Models that always come together
    /// share their sums over prompts.
    ///
    /// @param grades by model
    /// @throws IllegalArgumentException if they are of more than 32 models
    public void observe(FeatureVector x, Map<String, Double> grades, double weight) {
        Map<String, Double> sound = new LinkedHashMap<>();
        grades.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> entry.getValue() >= 0 && entry.getValue() <= MAX_GRADE)
                .forEach(entry -> sound.put(entry.getKey(), entry.getValue()));
        if (!(weight > 0) || sound.isEmpty()) {
            ignored += grades.size();
            return;
        }
        ignored += grades.size() - sound.size();
        float by = (float) Math.min(weight, MAX_WEIGHT);
        judgeViews(x, sound, by);
        add(x, sound, by);
        observed += by * sound.size();
        if (observed >= FIRST_SOLVE && observed >= solvedAt * SOLVE_GROWTH) {
            solve();
            fadeJudgements(BLEND_KEPT);
        }
    }

    /// Lets everything learned so far count less, so that newer grades count more.
    ///
    /// @param factor what remains of each weight, above 0 and at most 1
    public void decay(double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("decay by " + factor + "; it is above 0, at most 1");
        }
        designs().keySet().forEach(design -> design.fade((float) factor));
        sums.values().forEach(own -> own.fade((float) factor));
        fadeJudgements(factor);
        observed *= factor;
        solvedAt *= factor;
    }

    /// Grades that were ignored, since no number from 0 to 10 or without weight.
    public long ignored() {
        return ignored;
    }

    /// What is known by now. Takes tens of milliseconds for each group of models that were graded
    /// on the same prompts.
    public Predictor predictor() {
        solve();
        return Predictor.of(fit, shares, sums, settings);
    }

    /// The sums as bytes.
    public byte[] write() {
        Map<Design, Integer> designs = designs();
        StateWriter out = new StateWriter(VERSION);
        settings.write(out);
        out.number(designs.size());
        designs.keySet().forEach(design -> out.bytes(design.write()));
        out.number(sums.size());
        sums.forEach(
                (model, own) -> {
                    out.text(model);
                    out.number(designs.getOrDefault(own.design(), 0));
                    out.bytes(own.write());
                });
        blend.write(out);
        out.real(observed);
        out.real((double) ignored);
        return out.written();
    }

    /// Reads what `write` wrote.
    ///
    /// @throws IllegalArgumentException if the bytes are no learned state, or one of other settings
    public static RouteLearner read(byte[] bytes, LearnSettings settings) {
        StateReader in = new StateReader("learned state", bytes, VERSION);
        LearnSettings written = LearnSettings.read(in);
        in.require(written.equals(settings), "it is of " + written + ", not of " + settings);
        List<Design> designs = new ArrayList<>();
        int designCount = in.size();
        for (int i = 0; i < designCount; i++) {
            designs.add(Design.read(in.bytes(), settings));
        }
        RouteLearner learner = new RouteLearner(settings);
        int modelCount = in.size();
        for (int i = 0; i < modelCount; i++) {
            String model = in.text();
            int design = in.number();
            in.require(design >= 0 && design < designs.size(), "group " + design);
            ModelSums own = ModelSums.read(in.bytes(), designs.get(design), settings);
            learner.sums.put(model, own);
        }
        learner.blend = Blend.read(in);
        learner.observed = in.realDouble();
        learner.ignored = (long) in.realDouble();
        in.end();
        learner.solve();
        return learner;
    }

    private void judgeViews(FeatureVector x, Map<String, Double> grades, float by) {
        double[] corrected =
                fit.models().stream()
                        .map(model -> Optional.ofNullable(sums.get(model)))
                        .mapToDouble(own -> own.map(known -> known.corrected(x)).orElse(0.0))
                        .toArray();
        grades.forEach(
                (model, grade) -> {
                    int index = fit.models().indexOf(model);
                    if (index >= 0 && sums.containsKey(model)) {
                        Judged judged = known(model).judged();
                        double[] views = fit.views(x, index, corrected);
                        double rest = grade - fit.means().get(index);
                        double unsaid = rest - judged.offset(shares, Fit.MEAN_PRIOR);
                        double correction = 0;
                        for (int i = 0; i < views.length; i++) {
                            boolean corrects = i % Blend.OWN == Blend.MISSED;
                            correction += corrects ? shares[i] * views[i] : 0;
                            unsaid -= corrects ? 0 : shares[i] * views[i];
                        }
                        judged.add(views, rest, unsaid - correction, by);
                        known(model).missed(x, unsaid - corrected[index], by);
                        blend.add(views, rest, by);
                    }
                });
    }

    private void add(FeatureVector x, Map<String, Double> grades, float by) {
        makeRoom(grades.keySet());
        List<String> fresh =
                grades.keySet().stream().filter(model -> !sums.containsKey(model)).toList();
        if (!fresh.isEmpty()) {
            Design together = Design.empty(settings);
            fresh.forEach(model -> sums.put(model, ModelSums.empty(together, settings)));
        }
        Map<Design, Design> grown = new HashMap<>();
        grades.forEach(
                (model, grade) -> {
                    ModelSums own = known(model);
                    own.goesOwnWay(
                            grown.computeIfAbsent(
                                    own.design(), design -> grown(design, x, grades, by)));
                    own.add(x, grade, by);
                });
    }

    /// The design with the prompt added: the same one where all its models were graded, else a copy
    /// for those that were.
    private Design grown(Design design, FeatureVector x, Map<String, Double> grades, float by) {
        boolean allGraded =
                sums.entrySet().stream()
                        .filter(entry -> entry.getValue().design() == design)
                        .allMatch(entry -> grades.containsKey(entry.getKey()));
        Design own = allGraded ? design : design.copy();
        own.add(x, by);
        return own;
    }

    private void fadeJudgements(double factor) {
        blend.fade(factor);
        sums.values().forEach(own -> own.judged().fade(factor));
    }

    private void solve() {
        if (observed != solvedAt) {
            fit = Fit.of(sums, settings);
            solvedAt = observed;
        }
        shares = blend.shares(sums.values().stream().map(ModelSums::judged).toList());
    }

    /// The designs in use, each with its number.
    private Map<Design, Integer> designs() {
        Map<Design, Integer> numbers = new LinkedHashMap<>();
        sums.values().forEach(own -> numbers.putIfAbsent(own.design(), numbers.size()));
        return numbers;
    }

    private ModelSums known(String model) {
        ModelSums own = sums.get(model);
        if (own == null) {
            throw new IllegalStateException("no sums of model " + model);
        }
        return own;
    }

    /// Puts the models that are graded now behind the others, and forgets the first ones where
    /// there would be too many.
    private void makeRoom(Set<String> graded) {
        if (graded.size() > MAX_MODELS) {
            throw new IllegalArgumentException(
                    "a route learns about at most %d models, not %d"
                            .formatted(MAX_MODELS, graded.size()));
        }
        int fresh = graded.size();
        for (String model : graded) {
            Optional<ModelSums> known = Optional.ofNullable(sums.remove(model));
            known.ifPresent(own -> sums.put(model, own));
            fresh -= known.isPresent() ? 1 : 0;
        }
        Iterator<String> eldest = sums.keySet().iterator();
        for (int over = sums.size() + fresh - MAX_MODELS; over > 0; over--) {
            eldest.next();
            eldest.remove();
        }
    }
}
