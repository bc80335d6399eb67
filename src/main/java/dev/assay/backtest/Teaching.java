package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Judges;
import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Attempt;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// What training prompts teach: scorecards of the models and, where the strategy learns of single
/// prompts, a predictor. The same sums as on the live road.
final class Teaching {

    /// The predictor is worked out anew when there are so many times as many labels as the last
    /// time: as often as the live road does while labels are few, and seldom enough for thousands.
    private static final double GROWTH = 1.3;

    private static final int FIRST_LABELS = 50;

    private final Routes routes;
    private final AnswerTable table;
    private final Quality measure;
    private final LearnFrom learnFrom;
    private final Scorecards cards = new Scorecards();
    private final Map<Scope, RouteLearner> learners = new HashMap<>();
    private Map<Scope, Predictor> predictors = Map.of();
    private int labels;
    private int solveAt = FIRST_LABELS;

    Teaching(TopologyFile file, AnswerTable table, Quality measure, LearnFrom learnFrom) {
        this.routes = file.routing();
        this.table = table;
        this.measure = measure;
        this.learnFrom = learnFrom;
    }

    /// Teaches what every model would have done with this prompt.
    void full(int place) {
        List<Observation.Try> tries = new ArrayList<>();
        RecordedPrompt record = table.prompts().get(place);
        Prompt prompt = Replay.prompt(record);
        Optional<Route> route = routes.find(prompt);
        if (route.isEmpty()) {
            return;
        }
        for (int model = 0; model < table.models().size(); model++) {
            String name = table.models().get(model);
            tries.add(
                    tried(
                            route.get(),
                            record,
                            name,
                            1,
                            table.usd(model, place),
                            OptionalDouble.empty()));
        }
        observe(route.get(), prompt, record, 1, tries, true);
    }

    /// Teaches what came of the models that were called, by what this prompt's result says.
    void called(int place, PromptState state) {
        RecordedPrompt record = table.prompts().get(place);
        Optional<Route> route = routes.of(state);
        if (route.isEmpty()) {
            return;
        }
        double paid = state.spend().checkUsd();
        boolean judged = paid > 0 || Judges.sampled(route.get().check(), state.prompt().id());
        OptionalDouble checkUsd =
                judged ? OptionalDouble.of(paid / state.round()) : OptionalDouble.empty();
        for (int round = 1; round <= state.round(); round++) {
            List<Observation.Try> tries = new ArrayList<>();
            for (Attempt attempt : state.attempts()) {
                if (attempt.round() == round && attempt.status().equals(Attempt.ANSWERED)) {
                    tries.add(
                            tried(
                                    route.get(),
                                    record,
                                    attempt.model(),
                                    attempt.propensity(),
                                    attempt.costUsd(),
                                    checkUsd));
                }
            }
            observe(route.get(), state.prompt(), record, round, tries, false);
        }
    }

    private Observation.Try tried(
            Route route,
            RecordedPrompt record,
            String model,
            double propensity,
            double usd,
            OptionalDouble checkUsd) {
        OptionalDouble grade = learnFrom.grade(record, model, measure);
        return new Observation.Try(
                model,
                propensity,
                true,
                grade,
                grade.isPresent()
                        ? Optional.of(grade.getAsDouble() >= route.check().pass())
                        : Optional.empty(),
                learnFrom.judgeName().orElse(LearnFrom.TRUTH),
                ScoreKey.FROM_OUTSIDE,
                0,
                0,
                usd,
                checkUsd,
                0);
    }

    private void observe(
            Route route,
            Prompt prompt,
            RecordedPrompt record,
            int round,
            List<Observation.Try> tries,
            boolean together) {
        Scope scope = routes.scope(route.name(), prompt);
        cards.add(
                new Observation(
                        prompt.id(),
                        scope,
                        record.task(),
                        Optional.empty(),
                        record.text(),
                        round,
                        tries));
        Map<String, Double> grades = new HashMap<>();
        for (Observation.Try one : tries) {
            one.grade().ifPresent(grade -> grades.put(one.model(), grade));
        }
        if (grades.isEmpty() || round > 1) {
            return; // a later round is of prompts that others failed on, which no feature tells
        }
        labels += grades.size();
        RouteLearner learner =
                learners.computeIfAbsent(
                        scope, _ -> new RouteLearner(routes.learning(route.name())));
        FeatureVector x = features(record, routes.learning(route.name()));
        if (together) {
            learner.observe(x, grades, 1);
        } else {
            grades.forEach((model, grade) -> learner.observe(x, model, grade, 1));
        }
    }

    static FeatureVector features(RecordedPrompt record, LearnSettings settings) {
        return PromptFeatures.of(record.text(), record.task(), Optional.empty(), settings);
    }

    /// What is known by now; what single prompts teach may lag behind a little.
    Knowledge soon() {
        if (labels >= solveAt) {
            solve();
            solveAt = (int) Math.ceil(labels * GROWTH);
        }
        return Knowledge.of(cards.all(), predictors);
    }

    /// Everything that is known by now.
    Knowledge all() {
        solve();
        return Knowledge.of(cards.all(), predictors);
    }

    private void solve() {
        Map<Scope, Predictor> solved = new HashMap<>();
        learners.forEach((scope, learner) -> solved.put(scope, learner.predictor()));
        predictors = solved;
    }
}
