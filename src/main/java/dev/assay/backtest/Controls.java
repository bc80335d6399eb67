package dev.assay.backtest;

import dev.assay.backtest.Bootstrap.Spread;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// The controls of one policy on the same prompts. They pay for answers only: none of them checks
/// anything.
final class Controls {

    private static final double PER_1K = 1_000;

    /// What a mix made to cost as much as the policy may be off by, as a share.
    private static final double ROUNDING = 1e-9;

    private final AnswerTable table;
    private final Outcomes policy;
    private final Bootstrap bootstrap;
    private final long seed;
    private final int cheapest;
    private final int strongest;

    Controls(AnswerTable table, Outcomes policy, long seed) {
        this.table = table;
        this.policy = policy;
        this.bootstrap = new Bootstrap(seed);
        this.seed = seed;
        this.cheapest = table.cheapest();
        this.strongest = table.strongest();
    }

    Control cheapest() {
        return all(cheapest);
    }

    Control strongest() {
        return all(strongest);
    }

    /// Each prompt goes to the strongest model with one chance, else to the cheapest, at the
    /// policy's cost. Where no mix of the two costs as much, the nearest.
    Control randomMatchedCost() {
        double share = matchedShare();
        Control mean =
                control(
                        String.format(
                                Locale.ROOT,
                                "%.1f %% of prompts, drawn at random, to %s, the others to %s",
                                100 * share,
                                table.models().get(strongest),
                                table.models().get(cheapest)),
                        i ->
                                share * table.quality(strongest, i)
                                        + (1 - share) * table.quality(cheapest, i),
                        i -> share * table.usd(strongest, i) + (1 - share) * table.usd(cheapest, i),
                        Optional.of(drawn(share)));
        return mean;
    }

    /// The longest prompts go to the strongest model, as many as the policy's cost allows, the
    /// others to the cheapest.
    Control promptLength() {
        boolean[] strong = longest();
        int count = 0;
        for (boolean one : strong) {
            count += one ? 1 : 0;
        }
        return control(
                String.format(
                        Locale.ROOT,
                        "the longest %.1f %% of prompts to %s, the others to %s",
                        100.0 * count / table.size(),
                        table.models().get(strongest),
                        table.models().get(cheapest)),
                i -> table.quality(strong[i] ? strongest : cheapest, i),
                i -> table.usd(strong[i] ? strongest : cheapest, i),
                Optional.empty());
    }

    /// For each prompt the cheapest of the best answers: what nobody can beat without knowing.
    Control oracle() {
        int[] best = new int[table.size()];
        for (int prompt = 0; prompt < best.length; prompt++) {
            best[prompt] = bestFor(prompt);
        }
        return control(
                "for each prompt the cheapest of the best answers, known beforehand",
                i -> table.quality(best[i], i),
                i -> table.usd(best[i], i),
                Optional.empty());
    }

    /// The best random mix of any two models at the policy's cost, chosen with hindsight. Where
    /// every mix costs more, all prompts to the cheapest model.
    Control bestMix() {
        double usd = policy.meanUsd();
        Mix best = new Mix(cheapest, cheapest, 0);
        for (int lesser = 0; lesser < table.models().size(); lesser++) {
            for (int dearer = 0; dearer < table.models().size(); dearer++) {
                Mix mix = mix(lesser, dearer, usd);
                if (mix.usd() <= usd * (1 + ROUNDING) && mix.quality() > best.quality()) {
                    best = mix;
                }
            }
        }
        Mix chosen = best;
        return control(
                chosen.text(),
                i ->
                        chosen.share * table.quality(chosen.dearer, i)
                                + (1 - chosen.share) * table.quality(chosen.lesser, i),
                i ->
                        chosen.share * table.usd(chosen.dearer, i)
                                + (1 - chosen.share) * table.usd(chosen.lesser, i),
                Optional.empty());
    }

    private Control all(int model) {
        return control(
                "all prompts to " + table.models().get(model),
                i -> table.quality(model, i),
                i -> table.usd(model, i),
                Optional.empty());
    }

    private Control control(
            String what,
            IntToDoubleFunction quality,
            IntToDoubleFunction usd,
            Optional<Spread> chance) {
        double[] qualities = IntStream.range(0, table.size()).mapToDouble(quality).toArray();
        double[] differences =
                IntStream.range(0, table.size())
                        .mapToDouble(i -> policy.quality(i) - qualities[i])
                        .toArray();
        double meanUsd = IntStream.range(0, table.size()).mapToDouble(usd).average().orElse(0);
        return new Control(
                what,
                Bootstrap.mean(qualities),
                PER_1K * meanUsd,
                chance,
                Bootstrap.mean(differences),
                bootstrap.ofMean(differences));
    }

    /// The share of prompts that the strongest model gets in a mix of the policy's cost.
    private double matchedShare() {
        return mix(cheapest, strongest, policy.meanUsd()).share;
    }

    private Mix mix(int lesser, int dearer, double usd) {
        double from = table.meanUsd(lesser);
        double to = table.meanUsd(dearer);
        double share = to > from ? Math.clamp((usd - from) / (to - from), 0.0, 1.0) : 1;
        return new Mix(lesser, dearer, share);
    }

    private Spread drawn(double share) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[Bootstrap.RESAMPLES];
        for (int draw = 0; draw < means.length; draw++) {
            double sum = 0;
            for (int i = 0; i < table.size(); i++) {
                sum += table.quality(random.nextDouble() < share ? strongest : cheapest, i);
            }
            means[draw] = sum / table.size();
        }
        return Bootstrap.spread(means);
    }

    private boolean[] longest() {
        Integer[] order = new Integer[table.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingInt((Integer i) -> -table.prompts().get(i).text().length()));
        double budgetUsd = policy.meanUsd() * table.size();
        double spentUsd = table.meanUsd(cheapest) * table.size();
        boolean[] strong = new boolean[table.size()];
        for (int place : order) {
            double moreUsd = table.usd(strongest, place) - table.usd(cheapest, place);
            if (spentUsd + moreUsd > budgetUsd) {
                break;
            }
            spentUsd += moreUsd;
            strong[place] = true;
        }
        return strong;
    }

    private int bestFor(int prompt) {
        return IntStream.range(0, table.models().size())
                .boxed()
                .max(
                        Comparator.comparingDouble((Integer m) -> table.quality(m, prompt))
                                .thenComparingDouble(m -> -table.usd(m, prompt)))
                .orElseThrow();
    }

    /// A random mix of two models.
    private final class Mix {

        private final int lesser;
        private final int dearer;
        private final double share;

        /// @param share of prompts that go to the second
        Mix(int lesser, int dearer, double share) {
            this.lesser = lesser;
            this.dearer = dearer;
            this.share = share;
        }

        double quality() {
            return share * table.meanQuality(dearer) + (1 - share) * table.meanQuality(lesser);
        }

        double usd() {
            return share * table.meanUsd(dearer) + (1 - share) * table.meanUsd(lesser);
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%.1f %% of prompts, drawn at random, to %s, the others to %s",
                    100 * share,
                    table.models().get(dearer),
                    table.models().get(lesser));
        }
    }
}
