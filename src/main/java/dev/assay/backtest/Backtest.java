package dev.assay.backtest;

import dev.assay.backtest.BacktestReport.Compared;
import dev.assay.backtest.BacktestReport.CurvePoint;
import dev.assay.backtest.BacktestReport.ModelPoint;
import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Tests a topology file on records. Deterministic: the same file, records and options give the
/// same report.
public final class Backtest {

    private static final double PER_1K = 1_000;

    private final TopologyFile file;
    private final BacktestOptions options;
    private final Records records;
    private final List<Route> routes;
    private final Cast cast;

    private Backtest(
            TopologyFile file, BacktestOptions options, Records records, List<Route> routes) {
        this.file = file;
        this.options = options;
        this.records = records;
        this.routes = routes;
        this.cast = Cast.of(routes);
    }

    /// Reads the records and replays them.
    ///
    /// @throws InputException if the file of records cannot be read
    /// @throws UnusableRecords if it cannot be used with this topology file
    public static BacktestReport run(TopologyFile file, Path path, BacktestOptions options)
            throws InputException {
        Records read = RecordsReader.read(path, wanted(file, options));
        Records records = options.ignoreTask() ? read.withoutTasks() : read;
        return new Backtest(file, options, records, taken(file, records)).report();
    }

    private static Records.Wanted wanted(TopologyFile file, BacktestOptions options) {
        Records.Wanted played = Cast.of(file.routes()).wanted(file.routes());
        return options.learnFrom().judgeName().map(played::withJudge).orElse(played);
    }

    /// The routes that any of the prompts takes, in the file's order.
    private static List<Route> taken(TopologyFile file, Records records) {
        Routes routing = file.routing();
        Set<Route> taken = new LinkedHashSet<>();
        for (RecordedPrompt record : records.prompts()) {
            routing.find(Replay.prompt(record)).ifPresent(taken::add);
        }
        if (taken.isEmpty()) {
            throw new UnusableRecords(
                    "no route of %s matches any prompt of %s; let its last route match anything"
                            .formatted(file.source(), records.name()));
        }
        return file.routes().stream().filter(taken::contains).toList();
    }

    private BacktestReport report() {
        cast.require(records, routes);
        options.learnFrom().judgeName().ifPresent(judge -> Cast.requireJudge(records, judge));
        Quality measure = options.quality().orElseGet(this::measure);
        List<RecordedPrompt> counted =
                records.prompts().stream()
                        .filter(prompt -> prompt.complete(cast.models(), measure))
                        .toList();
        if (counted.isEmpty()) {
            throw new UnusableRecords(
                    "no prompt of %s has the quality (%s) of all of %s; choose models that have, or another --quality"
                            .formatted(records.name(), measure.key(), cast.models()));
        }
        AnswerTable table = new AnswerTable(cast.models(), counted, measure, file.catalog());
        Optional<Choice.Chosen> chosen =
                options.choosing()
                        .map(
                                how ->
                                        new Choice(file, routes, table, measure, options, how)
                                                .choose());
        List<Dial.Turned> turns = chosen.isPresent() ? List.of() : Dial.of(routes).turns(file);
        Replayed replayed = replayed(table, measure, turns);
        Outcomes outcomes = chosen.map(Choice.Chosen::outcomes).orElse(replayed.policy());
        return new BacktestReport(
                policy(),
                counted.size(),
                records.prompts().size() - counted.size(),
                outcomes.failures(),
                measure,
                Bootstrap.mean(outcomes.quality()),
                new Bootstrap(options.seed()).ofMean(outcomes.quality()),
                PER_1K * outcomes.meanAnswerUsd(),
                PER_1K * outcomes.meanCheckUsd(),
                outcomes.escalatedShare(),
                selfScored(counted, measure),
                shares(outcomes),
                points(table, outcomes),
                compared(table, outcomes),
                curve(table, turns, replayed.turned()),
                replayed.gaps().flatMap(gaps -> new Ranking(table, gaps, options.seed()).ranked()),
                notes(chosen));
    }

    /// What came of the policy, of the same with its dial turned, and the predicted gaps by which
    /// two models' prompts are ranked.
    private record Replayed(Outcomes policy, List<Outcomes> turned, Optional<List<Double>> gaps) {}

    private Replayed replayed(AnswerTable table, Quality measure, List<Dial.Turned> turns) {
        List<TopologyFile> variants = new ArrayList<>(List.of(file));
        turns.forEach(turn -> variants.add(turn.file()));
        boolean learns = CrossFit.learns(routes);
        boolean ranks = Ranking.possible(table);
        Optional<CrossFit.Scored> scored =
                learns || ranks
                        ? Optional.of(
                                new CrossFit(file, table, measure, options)
                                        .score(
                                                learns ? variants : List.of(),
                                                table.models().get(table.cheapest()),
                                                table.models().get(table.strongest())))
                        : Optional.empty();
        List<Outcomes> outcomes =
                learns
                        ? scored.orElseThrow().outcomes()
                        : variants.stream()
                                .map(variant -> replay(variant, table.prompts(), measure))
                                .toList();
        return new Replayed(
                outcomes.getFirst(),
                outcomes.subList(1, outcomes.size()),
                ranks ? scored.map(CrossFit.Scored::gaps) : Optional.empty());
    }

    private static Outcomes replay(
            TopologyFile file, List<RecordedPrompt> prompts, Quality measure) {
        Replay replay = new Replay(file);
        Outcomes outcomes = new Outcomes(prompts.size());
        for (int place = 0; place < prompts.size(); place++) {
            RecordedPrompt record = prompts.get(place);
            outcomes.put(place, record, replay.play(record, Knowledge.NONE), measure);
        }
        return outcomes;
    }

    /// Right or wrong where that is known of every answer in play, else the score.
    private Quality measure() {
        boolean complete =
                records.prompts().stream()
                        .allMatch(prompt -> prompt.complete(cast.models(), Quality.CORRECT));
        return complete ? Quality.CORRECT : Quality.SCORE;
    }

    private String policy() {
        return routes.stream()
                .map(
                        route ->
                                route.name()
                                        + ": "
                                        + route.strategy().label()
                                        + " of "
                                        + String.join(", ", route.strategy().models()))
                .collect(Collectors.joining("; "));
    }

    /// True where what a judge said of every answer is the very score that quality is.
    private boolean selfScored(Collection<RecordedPrompt> prompts, Quality measure) {
        return measure == Quality.SCORE
                && cast.judges().stream()
                        .anyMatch(
                                judge ->
                                        prompts.stream()
                                                .allMatch(prompt -> isScore(prompt, judge)));
    }

    private static boolean isScore(RecordedPrompt prompt, String judge) {
        RecordedGrades grades = prompt.grades().get(judge);
        return grades != null
                && grades.scores().entrySet().stream()
                        .allMatch(
                                grade -> {
                                    RecordedAnswer answer = prompt.answers().get(grade.getKey());
                                    return answer == null
                                            || answer.score().isEmpty()
                                            || answer.score().getAsDouble() == grade.getValue();
                                });
    }

    private List<String> notes(Optional<Choice.Chosen> chosen) {
        List<String> notes = new ArrayList<>(cast.notes(file, records));
        if (CrossFit.learns(routes)) {
            notes.add(
                    "learned from %s with %s feedback, each prompt on the other %d of %d folds"
                            .formatted(
                                    options.learnFrom().text(),
                                    options.feedback().name().toLowerCase(Locale.ROOT),
                                    options.folds() - 1,
                                    options.folds()));
        }
        chosen.ifPresent(
                choice ->
                        choice.chosen()
                                .forEach(
                                        (cascade, folds) ->
                                                notes.add(
                                                        "chosen of %d in %d of %d folds: %s"
                                                                .formatted(
                                                                        choice.candidates(),
                                                                        folds,
                                                                        options.folds(),
                                                                        cascade))));
        return notes;
    }

    private static Map<String, Double> shares(Outcomes outcomes) {
        Map<String, Double> shares = new TreeMap<>();
        outcomes.answeredBy()
                .forEach((model, count) -> shares.put(model, (double) count / outcomes.size()));
        return shares;
    }

    private List<ModelPoint> points(AnswerTable table, Outcomes outcomes) {
        List<ModelPoint> points = new ArrayList<>();
        Bootstrap bootstrap = new Bootstrap(options.seed());
        for (int model = 0; model < table.models().size(); model++) {
            double[] better = new double[table.size()];
            double[] dearer = new double[table.size()];
            for (int i = 0; i < better.length; i++) {
                better[i] = outcomes.quality(i) - table.quality(model, i);
                dearer[i] = PER_1K * (outcomes.totalUsd(i) - table.usd(model, i));
            }
            points.add(
                    new ModelPoint(
                            table.models().get(model),
                            table.meanQuality(model),
                            PER_1K * table.meanUsd(model),
                            Bootstrap.mean(better),
                            bootstrap.ofMean(better),
                            Bootstrap.mean(dearer),
                            bootstrap.ofMean(dearer)));
        }
        return points;
    }

    private Compared compared(AnswerTable table, Outcomes outcomes) {
        Controls controls = new Controls(table, outcomes, options.seed());
        return new Compared(
                controls.cheapest(),
                controls.strongest(),
                controls.randomMatchedCost(),
                controls.promptLength(),
                controls.bestMix(),
                controls.oracle());
    }

    /// The policy at each place of its dial.
    private static List<CurvePoint> curve(
            AnswerTable table, List<Dial.Turned> turns, List<Outcomes> turned) {
        String strongest = table.models().get(table.strongest());
        List<CurvePoint> curve = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            Outcomes outcomes = turned.get(i);
            curve.add(
                    new CurvePoint(
                            turns.get(i).setting(),
                            shares(outcomes).getOrDefault(strongest, 0.0),
                            Bootstrap.mean(outcomes.quality()),
                            PER_1K * outcomes.meanUsd()));
        }
        return curve;
    }
}
