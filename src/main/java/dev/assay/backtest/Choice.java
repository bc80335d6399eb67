package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.CheckPolicy.Agreement;
import dev.assay.model.Result;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Chooses a cascade: which of a route's models answer, in order of cost, and whose agreement is
/// asked. For each fold the choice is made on the others, so the prompts it is scored on had no
/// part in it.
///
/// The goal is that of strategy `learned`: grade less cost / `usd_per_point`. Or, where a model is
/// named that the policy shall be no worse than: the least cost.
final class Choice {

    /// More would take hours.
    static final int MOST_CANDIDATES = 20_000;

    /// Where there are more candidates than are kept, all are tried on so many prompts at first.
    private static final int SAMPLE = 300;

    /// Candidates that each fold keeps, by what they were worth on the others.
    private static final int KEPT = 64;

    /// What sums of grades may be off by.
    private static final double ROUNDING = 1e-9;

    /// The same where the goal is another than what candidates are sifted by.
    private static final int KEPT_FOR_LEAST_COST = 2_048;

    private final TopologyFile file;
    private final Route route;
    private final AnswerTable table;
    private final Quality measure;
    private final BacktestOptions.Choosing choosing;
    private final Folds folds;
    private final int most;
    private final Optional<List<Double>> bar;

    /// @throws UnusableRecords if the topology file leaves nothing to choose, or too much
    Choice(
            TopologyFile file,
            List<Route> routes,
            AnswerTable table,
            Quality measure,
            BacktestOptions options,
            BacktestOptions.Choosing choosing) {
        if (routes.size() != 1 || !(routes.getFirst().strategy() instanceof Strategy.Cascade)) {
            throw new UnusableRecords(
                    "--choose needs prompts that all take one route, and that route to be a cascade; in %s they take %s"
                            .formatted(
                                    file.source(),
                                    routes.stream()
                                            .map(one -> one.name() + ": " + one.strategy().label())
                                            .toList()));
        }
        this.file = file;
        this.route = routes.getFirst();
        this.table = table;
        this.measure = measure;
        this.choosing = choosing;
        this.folds = new Folds(table.size(), options.folds(), options.seed());
        this.most = choosing.atLeast().isPresent() ? KEPT_FOR_LEAST_COST : KEPT;
        this.bar = choosing.atLeast().map(this::gradesOf);
    }

    /// The sum of a model's grades on each fold.
    private List<Double> gradesOf(String model) {
        int index = table.models().indexOf(model);
        if (index < 0) {
            throw new UnusableRecords(
                    "--at-least names %s, which is none of the models in play: %s"
                            .formatted(model, table.models()));
        }
        double[] grades = new double[folds.count()];
        for (int fold = 0; fold < folds.count(); fold++) {
            for (int place : folds.test(fold)) {
                grades[fold] += measure.grade(table.quality(index, place));
            }
        }
        return listed(grades);
    }

    /// What a candidate brought on each fold.
    private record Worth(List<Double> grades, List<Double> usd) {}

    /// A cascade that may be chosen.
    ///
    /// @param models in order
    /// @param agreement who is asked to agree; empty for one model alone
    record Candidate(List<String> models, Optional<String> agreement) {

        Candidate {
            models = List.copyOf(models);
        }

        String text() {
            return String.join(", then ", models)
                    + agreement.map(model -> ", unless " + model + " agrees").orElse("");
        }
    }

    /// What came of the choices.
    ///
    /// @param chosen how often each was chosen, in the order of the folds
    record Chosen(Outcomes outcomes, Map<String, Integer> chosen, int candidates) {}

    /// Chooses for each fold and scores the choice on it.
    Chosen choose() {
        List<Candidate> candidates = candidates();
        boolean sift = candidates.size() > most && table.size() > SAMPLE;
        List<Set<Integer>> kept =
                sift ? kept(worths(candidates, all(candidates), SAMPLE)) : List.of();
        Set<Integer> tried = sift ? union(kept) : all(candidates);
        Map<Integer, Worth> worths = worths(candidates, tried, table.size());
        Outcomes outcomes = new Outcomes(table.size());
        Map<String, Integer> chosen = new LinkedHashMap<>();
        for (int fold = 0; fold < folds.count(); fold++) {
            Candidate best = candidates.get(best(worths, sift ? kept.get(fold) : tried, fold));
            chosen.merge(best.text(), 1, Integer::sum);
            Replay replay = new Replay(with(best));
            for (int place : folds.test(fold)) {
                RecordedPrompt prompt = table.prompts().get(place);
                outcomes.put(place, prompt, replay.play(prompt, Knowledge.NONE), measure);
            }
        }
        return new Chosen(outcomes, chosen, candidates.size());
    }

    private static Set<Integer> all(List<Candidate> candidates) {
        return IntStream.range(0, candidates.size())
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> union(List<Set<Integer>> sets) {
        Set<Integer> union = new TreeSet<>();
        sets.forEach(union::addAll);
        return union;
    }

    /// For each fold the candidates of the most worth on the others.
    private List<Set<Integer>> kept(Map<Integer, Worth> worths) {
        List<Set<Integer>> kept = new ArrayList<>();
        for (int fold = 0; fold < folds.count(); fold++) {
            int scored = fold;
            kept.add(
                    worths.entrySet().stream()
                            .sorted(
                                    Comparator.comparingDouble(
                                            (Map.Entry<Integer, Worth> one) ->
                                                    -worth(one.getValue(), scored)))
                            .limit(most)
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return kept;
    }

    /// What each of these candidates is worth on each fold, by the first so many prompts.
    private Map<Integer, Worth> worths(
            List<Candidate> candidates, Set<Integer> tried, int prompts) {
        return tried.parallelStream()
                .map(i -> Map.entry(i, worthByFold(candidates.get(i), prompts)))
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                Map.Entry::getValue,
                                (one, _) -> one,
                                TreeMap::new));
    }

    private Worth worthByFold(Candidate candidate, int prompts) {
        Replay replay = new Replay(with(candidate));
        Outcomes outcomes = new Outcomes(table.size());
        double[] grades = new double[folds.count()];
        double[] usd = new double[folds.count()];
        for (int fold = 0; fold < folds.count(); fold++) {
            for (int place : folds.test(fold)) {
                if (place < prompts) {
                    RecordedPrompt prompt = table.prompts().get(place);
                    Result result = replay.play(prompt, Knowledge.NONE);
                    outcomes.put(place, prompt, result, measure);
                    grades[fold] += measure.grade(outcomes.quality(place));
                    usd[fold] += outcomes.totalUsd(place);
                }
            }
        }
        return new Worth(listed(grades), listed(usd));
    }

    private static List<Double> listed(double[] byFold) {
        return Arrays.stream(byFold).boxed().toList();
    }

    /// The best candidate by all folds but this one; of equals the first.
    private int best(Map<Integer, Worth> worths, Set<Integer> among, int fold) {
        int best = -1;
        double highest = Double.NEGATIVE_INFINITY;
        for (Map.Entry<Integer, Worth> one : worths.entrySet()) {
            double goal = goal(one.getValue(), fold);
            if (among.contains(one.getKey()) && (best < 0 || goal > highest)) {
                highest = goal;
                best = one.getKey();
            }
        }
        return best;
    }

    /// The more the better.
    private double goal(Worth worth, int fold) {
        return bar.map(
                        grades ->
                                besides(worth.grades(), fold) >= besides(grades, fold) - ROUNDING
                                        ? -besides(worth.usd(), fold)
                                        : Double.NEGATIVE_INFINITY)
                .orElseGet(() -> worth(worth, fold));
    }

    /// Grade less cost in points on all folds but this one.
    private double worth(Worth worth, int fold) {
        return besides(worth.grades(), fold) - besides(worth.usd(), fold) / choosing.usdPerPoint();
    }

    private static double besides(List<Double> byFold, int fold) {
        double sum = 0;
        for (int other = 0; other < byFold.size(); other++) {
            sum += other == fold ? 0 : byFold.get(other);
        }
        return sum;
    }

    private TopologyFile with(Candidate candidate) {
        Optional<Agreement> agreement =
                candidate
                        .agreement()
                        .map(
                                model ->
                                        new Agreement(
                                                model,
                                                route.check().agreement().flatMap(Agreement::by)));
        Route chosen =
                route.withStrategy(new Strategy.Cascade(candidate.models()))
                        .withCheck(route.check().withAgreement(agreement));
        return file.withRoutes(List.of(chosen.withRounds(candidate.models().size())));
    }

    /// Every model alone, and every cascade of two and more models, from cheap to dear, with every
    /// other model to agree.
    private List<Candidate> candidates() {
        List<String> byCost = byCost();
        List<Candidate> candidates = new ArrayList<>();
        for (String model : byCost) {
            candidates.add(new Candidate(List.of(model), Optional.empty()));
        }
        for (List<String> models : subsets(byCost)) {
            for (String agreement : byCost) {
                if (!models.contains(agreement)) {
                    candidates.add(new Candidate(models, Optional.of(agreement)));
                }
            }
            if (candidates.size() > MOST_CANDIDATES) {
                throw new UnusableRecords(
                        "--choose %d of %d models is more than %d cascades; choose fewer, or name fewer models"
                                .formatted(choosing.most(), byCost.size(), MOST_CANDIDATES));
            }
        }
        return candidates;
    }

    private List<String> byCost() {
        Map<String, Double> usd = new HashMap<>();
        for (int model = 0; model < table.models().size(); model++) {
            usd.put(table.models().get(model), table.meanUsd(model));
        }
        return table.models().stream()
                .sorted(Comparator.comparingDouble(model -> usd.getOrDefault(model, 0.0)))
                .toList();
    }

    /// Selections of two models up to the most, each in the given order.
    private List<List<String>> subsets(List<String> models) {
        List<List<String>> subsets = new ArrayList<>();
        List<List<String>> grown = List.of(List.of());
        for (int size = 1; size <= choosing.most(); size++) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> subset : grown) {
                int from = subset.isEmpty() ? 0 : models.indexOf(subset.getLast()) + 1;
                for (String model : models.subList(from, models.size())) {
                    List<String> more = new ArrayList<>(subset);
                    more.add(model);
                    longer.add(more);
                }
            }
            if (size > 1) {
                subsets.addAll(longer);
            }
            grown = longer;
        }
        return subsets;
    }
}
