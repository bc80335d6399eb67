package dev.assay.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.codec.ChatRequests;
import dev.assay.codec.Json;
import dev.assay.config.TopologyFile;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.RecordCoordinates;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;

class LoggedBacktestTest {

    private static final int FOLDS = 5;
    private static final String LARGE = "strategy: fixed, models: [large]";
    private static final double SMALL_USD = 0.001;
    private static final double LARGE_USD = 0.010;

    @Test
    void estimatesWhatAnotherPolicyWouldHaveBroughtOnNineOfTenSeeds() {
        TopologyFile large = BacktestSamples.topology(LARGE, "");
        int seeds = 40;
        int within = 0;
        int costWithin = 0;
        int naiveOff = 0;

        for (int seed = 1; seed <= seeds; seed++) {
            World world = new World(seed, 1_500, 0.1, 1);
            LoggedReport report = LoggedBacktest.run(large, world.logged(), FOLDS, seed);
            LoggedReport.Estimate grade = report.first();
            within += holds(grade.spread(), world.meanLarge()) ? 1 : 0;
            costWithin +=
                    holds(report.firstUsdPer1k().spread(), 1_000 * world.meanLargeUsd()) ? 1 : 0;
            naiveOff += holds(grade.spread(), grade.naive()) ? 0 : 1;
        }

        assertThat(within).isGreaterThanOrEqualTo(36);
        assertThat(costWithin).isGreaterThanOrEqualTo(36);
        assertThat(naiveOff).isGreaterThanOrEqualTo(36);
    }

    @Test
    void holdsWhereOnlySomeOfTheUnexploredAnswersWereGraded() {
        TopologyFile small = BacktestSamples.topology("strategy: fixed, models: [small]", "");
        int within = 0;

        for (int seed = 1; seed <= 20; seed++) {
            World world = new World(seed, 1_500, 0.1, 0.5);
            LoggedReport report = LoggedBacktest.run(small, world.logged(), FOLDS, seed);
            within += holds(report.first().spread(), world.meanSmall()) ? 1 : 0;
        }

        assertThat(within).isGreaterThanOrEqualTo(18);
    }

    @Test
    void theSameSeedGivesTheSameReport() {
        TopologyFile learned =
                BacktestSamples.topology(
                        "strategy: learned, models: [small, large], usd_per_point: 0.002",
                        "judges: [judge], pass: 7");
        Logged logged = new World(3, 400, 0.2, 1).logged();

        String one = LoggedJson.text(LoggedBacktest.run(learned, logged, FOLDS, 7));
        String other = LoggedJson.text(LoggedBacktest.run(learned, logged, FOLDS, 7));

        assertThat(one).isEqualTo(other);
        assertThat(Json.object(one).path("effective_sample_size").doubleValue()).isPositive();
    }

    @Test
    void refusesWhereNothingWasExplored() {
        TopologyFile large = BacktestSamples.topology(LARGE, "");
        Logged logged = new World(1, 100, 0, 1).logged();

        assertThatThrownBy(() -> LoggedBacktest.run(large, logged, FOLDS, 1))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("nothing was explored in the 100 results of test")
                .hasMessageContaining("explore above 0");
    }

    @Test
    void refusesAPolicyOfSeveralModelsAtOnce() {
        TopologyFile votes =
                BacktestSamples.topology(
                        "strategy: ensemble, models: [small, large], n: 2, pick: best",
                        "judges: [judge], pass: 7");
        Logged logged = new World(1, 100, 0.1, 1).logged();

        assertThatThrownBy(() -> LoggedBacktest.run(votes, logged, FOLDS, 1))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("route default asks several models at once");
    }

    @Test
    void countsWhatSaysNothingOfThePolicy() {
        TopologyFile second = BacktestSamples.topology("strategy: fixed, models: [large]", "");
        List<LoggedPrompt> prompts = new ArrayList<>(new World(1, 200, 0.1, 1).logged().prompts());
        prompts.add(certain("certain", "small"));
        Logged logged = new Logged("test", prompts, 3, 2);

        LoggedReport report = LoggedBacktest.run(second, logged, FOLDS, 1);

        assertThat(report.prompts()).isEqualTo(206);
        assertThat(report.covered()).isEqualTo(200);
        assertThat(report.uncovered())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "the prompt is no longer kept", 3,
                                "several models were asked at once", 2,
                                "the policy's model had no chance", 1));
        assertThat(LoggedText.of(report)).contains("uncovered: 2.9 %", "doubly robust estimate");
    }

    @Test
    void saysSoWhereNobodyAskedThePolicysModel() {
        TopologyFile judge = BacktestSamples.topology("strategy: fixed, models: [judge]", "");
        Logged logged = new World(1, 100, 0.1, 1).logged();

        assertThatThrownBy(() -> LoggedBacktest.run(judge, logged, FOLDS, 1))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("on none of the 100 usable prompts");
    }

    private static boolean holds(Bootstrap.Spread spread, double value) {
        return spread.low() <= value && value <= spread.high();
    }

    private static LoggedPrompt certain(String id, String model) {
        return new LoggedPrompt(
                prompt(id, "words"),
                "default",
                model,
                1,
                true,
                OptionalDouble.of(5),
                SMALL_USD,
                OptionalDouble.of(5),
                SMALL_USD);
    }

    private static Prompt prompt(String id, String text) {
        return new Prompt(
                id,
                1,
                ChatRequests.ofUser(text),
                new Labels(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Priority.BULK,
                        Map.of()),
                Constraints.NONE,
                Optional.empty(),
                new Origin(
                        new RecordCoordinates("", 0, 0),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Instant.EPOCH,
                        Instant.EPOCH));
    }

    /// Easy and hard prompts, of which a pipeline sends the hard ones to the large model, mostly.
    /// What every model would have got is known here, and only here.
    private static final class World {

        private final List<LoggedPrompt> prompts = new ArrayList<>();
        private double sumSmall;
        private double sumLarge;
        private double sumLargeUsd;

        /// @param explore the share that goes to the other model
        /// @param sample the share of unexplored answers that are graded
        World(long seed, int size, double explore, double sample) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < size; i++) {
                boolean hard = random.nextBoolean();
                double small = grade(hard ? 3 : 8, random);
                double large = grade(hard ? 6 : 9, random);
                sumSmall += small;
                sumLarge += large;
                boolean explored = random.nextDouble() < explore;
                boolean asksLarge = hard != explored;
                boolean graded = explored || random.nextDouble() < sample;
                String text =
                        (hard ? "prove the theorem " : "name the capital ") + random.nextInt(99);
                OptionalDouble grade =
                        graded
                                ? OptionalDouble.of(asksLarge ? large : small)
                                : OptionalDouble.empty();
                double length = 0.5 + random.nextDouble();
                double usd = length * (asksLarge ? LARGE_USD : SMALL_USD);
                sumLargeUsd += length * LARGE_USD;
                prompts.add(
                        new LoggedPrompt(
                                prompt("p" + i, text),
                                "default",
                                asksLarge ? "large" : "small",
                                explored ? explore : 1 - explore,
                                true,
                                grade,
                                usd,
                                grade,
                                usd));
            }
        }

        private static double grade(double mean, SplittableRandom random) {
            return Math.clamp(Math.rint(mean + 1.5 * random.nextGaussian()), 0, 10);
        }

        Logged logged() {
            return new Logged("test", prompts, 0, 0);
        }

        double meanSmall() {
            return sumSmall / prompts.size();
        }

        double meanLargeUsd() {
            return sumLargeUsd / prompts.size();
        }

        double meanLarge() {
            return sumLarge / prompts.size();
        }
    }
}
