package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Estimates what another topology file would have brought on what a running pipeline recorded.
/// Deterministic: the same file, results and seed give the same report.
///
/// Only the first choice of each prompt is the policy's own. What follows a first answer, its check
/// and any escalation, is taken as the pipeline went on from it.
public final class LoggedBacktest {

    private static final double PER_1K = 1_000;
    private static final String GONE = "the prompt is no longer kept";
    private static final String TOGETHER = "several models were asked at once";
    private static final String REFUSED = "the policy refuses the prompt";
    private static final String NO_CHANCE = "the policy's model had no chance";

    private final LoggedPolicy policy;
    private final Logged logged;
    private final int folds;
    private final long seed;
    private final Map<String, Set<String>> everTried = new HashMap<>();
    private final Map<Stratum, int[]> graded = new HashMap<>();
    private final Map<String, Integer> uncovered = new TreeMap<>();
    private final Map<String, Integer> chosen = new TreeMap<>();
    private final DoublyRobust first;
    private final DoublyRobust firstUsd;
    private final DoublyRobust end;
    private final DoublyRobust totalUsd;
    private int covered;
    private int matched;
    private int clipped;
    private double weights;
    private double squaredWeights;

    /// Prompts whose answers are graded with the same chance: explored ones always are, others by
    /// the route's sample.
    private record Stratum(String route, boolean againstOdds) {
        static Stratum of(LoggedPrompt logged) {
            return new Stratum(
                    logged.route(), logged.propensity() < 1 - Strategy.Learned.MOST_EXPLORED);
        }
    }

    private LoggedBacktest(TopologyFile file, Logged logged, int folds, long seed) {
        this.policy = new LoggedPolicy(file, seed);
        this.logged = logged;
        this.folds = folds;
        this.seed = seed;
        this.first = new DoublyRobust(seed);
        this.firstUsd = new DoublyRobust(seed);
        this.end = new DoublyRobust(seed);
        this.totalUsd = new DoublyRobust(seed);
    }

    /// @param folds the model and the policy learn on all but one and are used on that one
    /// @throws UnusableRecords where nothing was explored, or nothing tells of the policy
    public static LoggedReport run(TopologyFile file, Logged logged, int folds, long seed) {
        return new LoggedBacktest(file, logged, folds, seed).report();
    }

    private LoggedReport report() {
        note(GONE, logged.gone());
        note(TOGETHER, logged.together());
        List<LoggedPrompt> prompts = logged.prompts();
        if (prompts.isEmpty()) {
            throw new UnusableRecords(
                    "%s holds no result that can be used: of %d the prompt is no longer kept, in %d several models were asked at once; let the pipeline do more, or read further back with --last and --since"
                            .formatted(logged.where(), logged.gone(), logged.together()));
        }
        if (prompts.stream().noneMatch(LoggedPrompt::explored)) {
            throw new UnusableRecords(
                    "nothing was explored in the %d results of %s: each model was certain to be asked, so they say nothing of another choice; give a route the strategy learned with explore above 0, and come again after some hundred prompts"
                            .formatted(prompts.size(), logged.where()));
        }
        for (LoggedPrompt one : prompts) {
            if (one.explored()) {
                everTried.computeIfAbsent(one.route(), _ -> new HashSet<>()).add(one.model());
            }
            int[] counts = graded.computeIfAbsent(Stratum.of(one), _ -> new int[2]);
            counts[0]++;
            counts[1] += one.grade().isPresent() ? 1 : 0;
        }
        Folds dealt = new Folds(prompts.size(), folds, seed);
        for (int fold = 0; fold < dealt.count(); fold++) {
            score(
                    IntStream.of(dealt.training(fold)).mapToObj(prompts::get).toList(),
                    IntStream.of(dealt.test(fold)).mapToObj(prompts::get).toList());
        }
        if (matched == 0) {
            throw new UnusableRecords(
                    "on none of the %d usable prompts of %s was the model asked that this policy would ask (%s); nothing can be said of it"
                            .formatted(prompts.size(), logged.where(), policy.described()));
        }
        return new LoggedReport(
                policy.described(),
                logged.where(),
                prompts.size() + logged.gone() + logged.together(),
                covered,
                uncovered,
                matched,
                squaredWeights == 0 ? 0 : weights * weights / squaredWeights,
                clipped,
                first.estimate(1),
                firstUsd.estimate(PER_1K),
                end.estimate(1),
                totalUsd.estimate(PER_1K),
                shares(),
                notes());
    }

    private void score(List<LoggedPrompt> training, List<LoggedPrompt> test) {
        Knowledge knowledge = policy.taught(training);
        LoggedModel firsts = LoggedModel.of(training, LoggedPrompt::grade, LoggedPrompt::answerUsd);
        LoggedModel ends = LoggedModel.of(training, LoggedPrompt::endGrade, LoggedPrompt::totalUsd);
        for (LoggedPrompt one : test) {
            Optional<String> model = policy.first(one.prompt(), knowledge);
            if (model.isEmpty()) {
                note(REFUSED, 1);
            } else if (!hadChance(one, model.get())) {
                note(NO_CHANCE, 1);
            } else {
                count(one, model.get(), firsts, ends);
            }
        }
    }

    /// Where another model might have been asked, any that ever was so on this route had a chance.
    private boolean hadChance(LoggedPrompt one, String model) {
        return one.model().equals(model)
                || (one.explored()
                        && everTried.getOrDefault(one.route(), Set.of()).contains(model));
    }

    private void count(LoggedPrompt one, String model, LoggedModel firsts, LoggedModel ends) {
        boolean same = one.model().equals(model);
        double weight = Math.min(DoublyRobust.HEAVIEST, 1 / one.propensity());
        covered++;
        chosen.merge(model, 1, Integer::sum);
        if (same) {
            matched++;
            weights += weight;
            squaredWeights += weight * weight;
            clipped += 1 / one.propensity() > DoublyRobust.HEAVIEST ? 1 : 0;
        }
        int[] counts = graded.getOrDefault(Stratum.of(one), new int[] {1, 1});
        double seen = (double) counts[0] / Math.max(1, counts[1]);
        grade(first, one, model, firsts, weight, seen, one.grade());
        grade(end, one, model, ends, weight, seen, one.endGrade());
        firstUsd.known(
                firsts.usd(one, model),
                firsts.usd(one, one.model()),
                weight,
                1,
                one.answerUsd(),
                same);
        totalUsd.known(
                ends.usd(one, model), ends.usd(one, one.model()), weight, 1, one.totalUsd(), same);
    }

    private static void grade(
            DoublyRobust estimate,
            LoggedPrompt one,
            String model,
            LoggedModel predicted,
            double weight,
            double seen,
            OptionalDouble grade) {
        double ofPolicy = predicted.grade(one, model);
        double ofRecorded = predicted.grade(one, one.model());
        if (grade.isPresent()) {
            estimate.known(
                    ofPolicy,
                    ofRecorded,
                    weight,
                    seen,
                    grade.getAsDouble(),
                    one.model().equals(model));
        } else {
            estimate.unknown(ofPolicy, ofRecorded);
        }
    }

    private void note(String reason, int prompts) {
        if (prompts > 0) {
            uncovered.merge(reason, prompts, Integer::sum);
        }
    }

    private Map<String, Double> shares() {
        Map<String, Double> shares = new TreeMap<>();
        chosen.forEach((model, count) -> shares.put(model, (double) count / covered));
        return shares;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(
                "of the policy is only whom it asks first; checks, bars and escalations are those of the pipeline as it ran");
        notes.add("prompts that got no answer at all are not in it");
        int ungraded = graded.values().stream().mapToInt(counts -> counts[0] - counts[1]).sum();
        if (ungraded > 0) {
            notes.add(
                    "%d first answers have no grade; the others of their route stand for them"
                            .formatted(ungraded));
        }
        if (policy.learns()) {
            notes.add(
                    "the policy learned from the recorded grades, each prompt on the other %d of %d folds"
                            .formatted(folds - 1, folds));
        }
        return notes;
    }
}
