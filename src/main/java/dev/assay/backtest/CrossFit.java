package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Predictor;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Route;
import dev.assay.model.Rule;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Lets a policy learn on all folds but one and scores it on that one, for each fold.
final class CrossFit {

    private final TopologyFile file;
    private final AnswerTable table;
    private final Quality measure;
    private final BacktestOptions options;
    private final Folds folds;

    CrossFit(TopologyFile file, AnswerTable table, Quality measure, BacktestOptions options) {
        this.file = file;
        this.table = table;
        this.measure = measure;
        this.options = options;
        this.folds = new Folds(table.size(), options.folds(), options.seed());
    }

    /// True where what these routes do depends on what grades have taught.
    static boolean learns(List<Route> routes) {
        return routes.stream()
                .map(Route::strategy)
                .anyMatch(
                        strategy ->
                                switch (strategy) {
                                    case Strategy.Cheapest _, Strategy.Learned _ -> true;
                                    case Strategy.Cascade cascade ->
                                            cascade.usdPerPoint().isPresent();
                                    case Strategy.Fixed _, Strategy.Ensemble _ -> false;
                                });
    }

    /// What came of the scored prompts.
    ///
    /// @param outcomes of each variant
    /// @param gaps by which prompts are ranked between two models
    record Scored(List<Outcomes> outcomes, List<Double> gaps) {}

    /// Learns by the topology file and scores variants of it on what was learned.
    ///
    /// @param variants that differ in nothing that learning depends on
    /// @param weak the model that prompts are ranked for going away from
    /// @param strong the model that they are ranked for going to
    Scored score(List<TopologyFile> variants, String weak, String strong) {
        List<Outcomes> outcomes = new ArrayList<>();
        variants.forEach(_ -> outcomes.add(new Outcomes(table.size())));
        double[] gaps = new double[table.size()];
        List<Replay> replays = variants.stream().map(Replay::new).toList();
        for (int fold = 0; fold < folds.count(); fold++) {
            Knowledge knowledge = taught(folds.training(fold), fold);
            for (int place : folds.test(fold)) {
                RecordedPrompt record = table.prompts().get(place);
                for (int variant = 0; variant < replays.size(); variant++) {
                    Result result = replays.get(variant).play(record, knowledge);
                    outcomes.get(variant).put(place, record, result, measure);
                }
                gaps[place] = gap(record, knowledge, weak, strong);
            }
        }
        return new Scored(outcomes, Arrays.stream(gaps).boxed().toList());
    }

    private double gap(RecordedPrompt record, Knowledge knowledge, String weak, String strong) {
        Routes routes = file.routing();
        Prompt prompt = Replay.prompt(record);
        Optional<Predictor> predictor =
                routes.find(prompt)
                        .flatMap(route -> knowledge.predictor(routes.scope(route.name(), prompt)));
        return predictor
                .map(known -> known.gap(Teaching.features(record, known.settings()), weak, strong))
                .orElse(0.0);
    }

    private Knowledge taught(int[] training, int fold) {
        Teaching teaching = new Teaching(file, table, measure, options.learnFrom());
        switch (options.feedback()) {
            case FULL -> {
                for (int place : training) {
                    teaching.full(place);
                }
            }
            case BANDIT -> {
                Replay replay = new Replay(checkedAnyhow());
                for (int place : shuffled(training, fold)) {
                    RecordedPrompt record = table.prompts().get(place);
                    state(replay.play(record, teaching.soon()))
                            .ifPresent(state -> teaching.called(place, state));
                }
            }
        }
        return teaching.all();
    }

    private static Optional<PromptState> state(Result result) {
        return switch (result) {
            case Result.Answered answered -> Optional.of(answered.state());
            case Result.Failed failed -> Optional.of(failed.state());
            case Result.Rejected _ -> Optional.empty();
        };
    }

    /// A route explores only where answers are checked, since nothing is learned of others. In
    /// training they all have labels, so a route without a check gets one that costs nothing and
    /// that every answer passes.
    private TopologyFile checkedAnyhow() {
        List<Route> checked = new ArrayList<>();
        for (Route route : file.routes()) {
            CheckPolicy check = route.check();
            List<Rule> passed = List.of(new Rule.MaxChars(Integer.MAX_VALUE));
            checked.add(check.isNone() ? route.withCheck(check.withRules(passed)) : route);
        }
        return file.withRoutes(checked);
    }

    private int[] shuffled(int[] places, int fold) {
        int[] order = places.clone();
        SplittableRandom random = new SplittableRandom(options.seed() * 1_000 + fold);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
