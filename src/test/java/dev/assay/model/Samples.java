package dev.assay.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Values that tests start from.
public final class Samples {

    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private Samples() {}

    /// A model that costs nothing and takes everything.
    public static ModelCard card(String name, String... tags) {
        return card(name, Price.FREE, OptionalInt.empty(), tags);
    }

    /// A model whose calls cost so much each, whatever their tokens.
    public static ModelCard priced(String name, double callUsd) {
        return card(name, new Price(0, 0, 0, callUsd), OptionalInt.empty());
    }

    public static ModelCard card(
            String name, Price price, OptionalInt contextTokens, String... tags) {
        return new ModelCard(
                name,
                name,
                Optional.empty(),
                price,
                contextTokens,
                OptionalInt.empty(),
                Set.of(tags),
                RetryPolicy.DEFAULT,
                false);
    }

    public static Catalog catalog(ModelCard... cards) {
        return Catalog.of(List.of(cards));
    }

    /// A route of two rounds for every prompt, without checks.
    public static Route route(String name, Strategy strategy) {
        return route(name, strategy, CheckPolicy.NONE);
    }

    public static Route route(String name, Strategy strategy, CheckPolicy check) {
        return new Route(
                name,
                RouteMatch.ANYTHING,
                strategy,
                check,
                3,
                OptionalDouble.empty(),
                Optional.empty());
    }

    public static Strategy cascade(String... models) {
        return new Strategy.Cascade(List.of(models));
    }

    /// Judges see all, and 7 passes.
    public static CheckPolicy judges(String... judges) {
        return CheckPolicy.NONE.withJudges(List.of(judges));
    }

    public static Completion completion(String text) {
        return completion(text, Usage.NONE);
    }

    public static Completion completion(String text, Usage usage) {
        return new Completion(
                text,
                "{\"role\":\"assistant\"}",
                FinishReason.STOP,
                "stop",
                Optional.empty(),
                false,
                usage,
                Optional.empty(),
                Optional.empty(),
                "{}");
    }

    /// An answer of the attempt with that index.
    public static Candidate candidate(String model, int attempt, Verdict... verdicts) {
        return new Candidate(
                new Answer(model, attempt, completion("text"), 0, Duration.ofMillis(200)),
                List.of(verdicts),
                true);
    }

    /// An attempt that answered.
    public static Attempt attempt(int round, String model) {
        return attempt(round, model, Attempt.ANSWERED);
    }

    public static Attempt attempt(int round, String model, String status) {
        return new Attempt(
                round,
                model,
                status,
                OptionalDouble.empty(),
                Duration.ofMillis(200),
                1,
                Usage.NONE,
                0,
                1,
                "");
    }

    /// A plan that calls the first and keeps the others as fallbacks.
    public static Plan plan(String model, String... fallbacks) {
        return new Plan(List.of(new Plan.Pick(model, 1, "first")), List.of(fallbacks));
    }

    /// A plan that calls all of them at once.
    public static Plan scatter(List<String> models, String... fallbacks) {
        return new Plan(
                models.stream().map(model -> new Plan.Pick(model, 1, "one of many")).toList(),
                Arrays.asList(fallbacks));
    }

    public static Origin origin() {
        return new Origin(
                new RecordCoordinates("prompts", 3, 42),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                NOW,
                NOW);
    }
}
