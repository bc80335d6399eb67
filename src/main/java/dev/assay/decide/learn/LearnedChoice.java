package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which model a prompt gets: the one whose road has the highest expected grade at its end less
/// what it costs in points, but for a bounded share of prompts that try another one.
///
/// @param model the chosen one
/// @param explored it is not the best one by what is known
/// @param propensities the chance that each candidate had, by model; they sum up to 1
/// @param why for people, without the features that decided
public record LearnedChoice(
        String model, boolean explored, Map<String, Double> propensities, String why) {

    /// A model that may be chosen.
    ///
    /// @param expected of its own answer
    /// @param endGrade expected of the answer that is returned in the end, by it or by a model that
    ///   takes over
    /// @param usd of its answer and the check of it
    /// @param costUsd what choosing it is expected to cost in the end, checks and escalations
    ///   included
    /// @param mayExplore it may be tried although another is expected to do better: deadline and
    ///   budget bear it
    public record Candidate(
            String model,
            Prediction expected,
            double endGrade,
            double usd,
            double costUsd,
            boolean mayExplore) {

        /// Expected grade in the end less cost, in points.
        public double worth(double usdPerPoint) {
            return endGrade - costUsd / usdPerPoint;
        }

        /// The most that trying it could turn out to be worth.
        public double mostWorth(double usdPerPoint) {
            return BEST_GRADE - usd / usdPerPoint;
        }
    }

    /// A model with fewer grades is worth a try whatever is expected of it.
    public static final double FEW_GRADES = 20;

    /// So much of the exploring is dealt out whatever is expected, so that every model keeps a
    /// known chance; the dearer a model, the less of it.
    private static final double BLIND_SHARE = 0.25;

    private static final double BEST_GRADE = 10;

    /// Models that cost nothing are dealt a share as if they cost this.
    private static final double LEAST_USD = 1e-9;

    private static final double LEAST_SD = 0.1;

    public LearnedChoice {
        propensities = Map.copyOf(propensities);
    }

    /// Chooses.
    ///
    /// @param candidates at least one; among equals the earlier one is taken
    /// @param usdPerPoint what one point of grade is worth, above 0
    /// @param explore share of prompts that may try another model, 0 to 1
    /// @param draw a number in [0, 1), uniform over prompts; see `draw`
    public static LearnedChoice choose(
            List<Candidate> candidates, double usdPerPoint, double explore, double draw) {
        if (candidates.isEmpty() || !(usdPerPoint > 0) || !(explore >= 0 && explore <= 1)) {
            throw new IllegalArgumentException(
                    "%d candidates, %s USD a point, explore %s; there must be a candidate, a worth above 0 and a share from 0 to 1"
                            .formatted(candidates.size(), usdPerPoint, explore));
        }
        Candidate best = best(candidates, usdPerPoint);
        List<Candidate> others =
                candidates.stream().filter(one -> !one.equals(best) && one.mayExplore()).toList();
        double share = others.isEmpty() ? 0 : explore;
        double[] chances = chances(best, others, usdPerPoint);
        Map<String, Double> propensities = new LinkedHashMap<>();
        candidates.forEach(one -> propensities.put(one.model(), 0.0));
        propensities.put(best.model(), 1 - share);
        for (int i = 0; i < chances.length; i++) {
            propensities.merge(others.get(i).model(), share * chances[i], Double::sum);
        }
        Candidate chosen = draw < share ? drawn(others, chances, draw / share) : best;
        String why = why(chosen, best, candidates, usdPerPoint);
        return new LearnedChoice(chosen.model(), !chosen.equals(best), propensities, why);
    }

    /// The chance that the chosen model had.
    public double propensity() {
        return propensity(model);
    }

    /// The chance that a model had; 0 where it was no candidate.
    public double propensity(String candidate) {
        return propensities.getOrDefault(candidate, 0.0);
    }

    /// The reason, with what moved the expected grade most.
    public String why(List<Reason> strongest) {
        if (strongest.isEmpty()) {
            return why;
        }
        List<String> named = new ArrayList<>();
        for (Reason reason : strongest) {
            named.add(String.format(Locale.ROOT, "%s %+.2f", reason.feature(), reason.points()));
        }
        return why + "; strongest features: " + String.join(", ", named);
    }

    /// A number in [0, 1), uniform over ids and the same wherever it is drawn.
    public static double draw(String id) {
        return (Hashes.mix64(Hashes.of(0, id)) >>> 11) * 0x1p-53;
    }

    private static Candidate best(List<Candidate> candidates, double usdPerPoint) {
        Candidate best = candidates.getFirst();
        for (Candidate one : candidates) {
            if (worth(one, usdPerPoint) > worth(best, usdPerPoint)) {
                best = one;
            }
        }
        return best;
    }

    /// How the explored share is dealt out: by how likely each may turn out to be the best.
    private static double[] chances(Candidate best, List<Candidate> others, double usdPerPoint) {
        double[] chances = new double[others.size()];
        double[] blind = new double[others.size()];
        double sum = 0;
        double blindSum = 0;
        for (int i = 0; i < chances.length; i++) {
            chances[i] = promise(best, others.get(i), usdPerPoint);
            sum += chances[i];
            blind[i] = 1 / Math.max(LEAST_USD, others.get(i).usd());
            blindSum += blind[i];
        }
        for (int i = 0; i < chances.length; i++) {
            double unearned = blind[i] / blindSum;
            double earned = sum > 0 ? chances[i] / sum : unearned;
            chances[i] = BLIND_SHARE * unearned + (1 - BLIND_SHARE) * earned;
        }
        return chances;
    }

    private static double promise(Candidate best, Candidate one, double usdPerPoint) {
        if (one.expected().observations() < FEW_GRADES) {
            return one.mostWorth(usdPerPoint) > worth(best, usdPerPoint) ? 1 : 0;
        }
        double sd = Math.hypot(best.expected().sd(), one.expected().sd());
        double behind =
                (worth(best, usdPerPoint) - worth(one, usdPerPoint)) / Math.max(LEAST_SD, sd);
        return Math.exp(-behind * behind / 2);
    }

    private static Candidate drawn(List<Candidate> others, double[] chances, double draw) {
        double passed = 0;
        for (int i = 0; i < chances.length - 1; i++) {
            passed += chances[i];
            if (draw < passed) {
                return others.get(i);
            }
        }
        return others.getLast();
    }

    /// Expected grade less cost, in points.
    private static double worth(Candidate one, double usdPerPoint) {
        return one.worth(usdPerPoint);
    }

    private static String why(
            Candidate chosen, Candidate best, List<Candidate> candidates, double usdPerPoint) {
        if (!chosen.equals(best)) {
            return "tried: %s; best by what is known: %s".formatted(said(chosen), named(best));
        }
        Optional<Candidate> next =
                candidates.stream()
                        .filter(one -> !one.equals(best))
                        .reduce((a, b) -> worth(b, usdPerPoint) > worth(a, usdPerPoint) ? b : a);
        return said(chosen) + next.map(other -> "; next best: " + named(other)).orElse("");
    }

    private static String named(Candidate one) {
        return one.model() + ", " + said(one);
    }

    private static String said(Candidate one) {
        return String.format(
                Locale.ROOT,
                "expected grade %.1f±%.1f, %.1f in the end at %.6f USD",
                one.expected().mean(),
                one.expected().sd(),
                one.endGrade(),
                one.costUsd());
    }
}
