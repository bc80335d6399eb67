package dev.assay.calibrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.bulk.TextTable;
import dev.assay.codec.Json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// Judges combined: each votes for an answer, or not where the order of the answers changed its
/// mind, and its vote weighs the log of its odds to be right. Source: Nitzan and Paroush, "Optimal
/// Decision Rules in Uncertain Dichotomous Choice Situations", 1982, for independent judges.
///
/// The weights are found on one half of each group of pairs and scored on the other, and the other
/// way round, so each pair is scored once by weights it had no part in.
public final class Combination {

    /// No judge is taken to be surer than this, however few pairs it was right on.
    private static final double SUREST = 0.99;

    private static final double EVEN = 1e-9;

    private final Votes votes;
    private final IdentityHashMap<Votes.Line, Boolean> first;
    private final List<Map<String, Double>> weights;

    private Combination(Votes votes, List<Boolean> halves) {
        this.votes = votes;
        this.first = new IdentityHashMap<>();
        for (int i = 0; i < halves.size(); i++) {
            first.put(votes.lines().get(i), halves.get(i));
        }
        this.weights = List.of(weights(half(false)), weights(half(true)));
    }

    /// @param seed of how the pairs are halved
    public static Combination of(Votes votes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < votes.lines().size(); i++) {
            groups.computeIfAbsent(votes.lines().get(i).group(), _ -> new ArrayList<>()).add(i);
        }
        Boolean[] halves = new Boolean[votes.lines().size()];
        for (List<Integer> places : groups.values()) {
            for (int i = places.size() - 1; i >= 0; i--) {
                Collections.swap(places, i, random.nextInt(i + 1));
                halves[places.get(i)] = i % 2 == 0;
            }
        }
        return new Combination(votes, List.of(halves));
    }

    private List<Votes.Line> half(boolean wanted) {
        return votes.lines().stream()
                .filter(line -> first.getOrDefault(line, false) == wanted)
                .toList();
    }

    private Map<String, Double> weights(List<Votes.Line> training) {
        Map<String, Double> found = new LinkedHashMap<>();
        for (String judge : votes.judges()) {
            double right =
                    Math.clamp(
                            mean(byGroup(training, line -> line.right(judge)).values()),
                            1 - SUREST,
                            SUREST);
            found.put(judge, Math.log(right / (1 - right)));
        }
        return found;
    }

    /// How far all judges together are right on a pair: 1, 0, or 0.5 where they are even.
    private double right(Votes.Line line) {
        Map<String, Double> by = weights.get(first.getOrDefault(line, false) ? 0 : 1);
        double sum = 0;
        for (String judge : votes.judges()) {
            sum += by.getOrDefault(judge, 0.0) * (line.right(judge) - Votes.TIE);
        }
        return Math.abs(sum) < EVEN ? Votes.TIE : sum > 0 ? 1 : 0;
    }

    /// Accuracy in both orders, all groups alike.
    public double accuracy() {
        return mean(byGroup(votes.lines(), this::right).values());
    }

    /// That of one judge.
    public double accuracy(String judge) {
        return mean(byGroup(votes.lines(), line -> line.right(judge)).values());
    }

    /// The best judge alone, found with hindsight.
    public double bestAlone() {
        return votes.judges().stream().mapToDouble(this::accuracy).max().orElse(0);
    }

    private static Map<String, Double> byGroup(
            List<Votes.Line> lines, ToDoubleFunction<Votes.Line> figure) {
        Map<String, double[]> sums = new TreeMap<>();
        for (Votes.Line line : lines) {
            double[] sum = sums.computeIfAbsent(line.group(), _ -> new double[2]);
            sum[0] += figure.applyAsDouble(line);
            sum[1]++;
        }
        Map<String, Double> means = new TreeMap<>();
        sums.forEach((group, sum) -> means.put(group, sum[0] / sum[1]));
        return means;
    }

    private static double mean(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /// As a table for people.
    public String text() {
        TextTable table = new TextTable("judge", "right, both orders", "weight", "other half's");
        for (String judge : votes.judges()) {
            table.row(
                    judge,
                    percent(accuracy(judge)),
                    number(weights.getFirst().getOrDefault(judge, 0.0)),
                    number(weights.getLast().getOrDefault(judge, 0.0)));
        }
        table.row("together", percent(accuracy()), "", "");
        return table.render()
                + "%d pairs of %s; each scored by weights found on the other half; the mean over groups of pairs; a flip is a tie%n"
                        .formatted(votes.lines().size(), votes.name());
    }

    /// As one JSON object.
    public String json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("gold", votes.name());
        node.put("lines", votes.lines().size());
        node.put("together", accuracy());
        node.put("best_alone", bestAlone());
        ObjectNode judges = node.putObject("judges");
        votes.judges().forEach(judge -> judges.put(judge, accuracy(judge)));
        return Json.text(node);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%+.2f", value);
    }
}
