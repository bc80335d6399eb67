package dev.assay.config;

import dev.assay.decide.check.Judges;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.EnsemblePick;
import dev.assay.model.LearnerSize;
import dev.assay.model.ReusePolicy;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Strategy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Reads one entry of `routes`.
final class RouteReader {

    private static final int MOST_ROUNDS = 100;
    private static final double HIGHEST_COST_USD = 1_000_000;
    private static final double SMALLEST_COST_USD = 1e-9;
    private static final double HIGHEST_USD_PER_DAY = 1_000_000_000;
    private static final Duration SHORTEST_KEEPING = Duration.ofSeconds(1);
    private static final Duration LONGEST_KEEPING = Duration.ofDays(7);

    private enum Kind {
        FIXED,
        CHEAPEST,
        CASCADE,
        ENSEMBLE,
        LEARNED
    }

    private static final Map<String, Kind> STRATEGIES =
            Map.of(
                    "fixed",
                    Kind.FIXED,
                    "cheapest",
                    Kind.CHEAPEST,
                    "cascade",
                    Kind.CASCADE,
                    "ensemble",
                    Kind.ENSEMBLE,
                    "learned",
                    Kind.LEARNED);
    private static final List<String> LEARNED_KEYS =
            List.of("explore", "prefix_chars", "buckets", "dimensions");
    private static final double MOST_USD_PER_POINT = 1_000_000;

    private final ModelNames models;
    private final Catalog catalog;
    private final CheckReader checks;
    private Optional<String> catchAll = Optional.empty();

    RouteReader(ModelNames models, Catalog catalog, CheckReader checks) {
        this.models = models;
        this.catalog = catalog;
        this.checks = checks;
    }

    /// Reads the next route; called in the order of the file.
    Route read(Section route) {
        String name = route.required("name", "name: default").flatMap(Field::name).orElse("");
        RouteMatch match = matchOf(name, route);
        Strategy strategy =
                route.required("assign", "assign: {strategy: cascade, models: [small, large]}")
                        .flatMap(Field::section)
                        .map(this::strategy)
                        .orElse(new Strategy.Fixed(List.of()));
        CheckPolicy check = route.section("check").map(checks::read).orElse(CheckPolicy.NONE);
        int rounds = route.integer("rounds", 1, MOST_ROUNDS).orElse(defaultRounds(strategy));
        OptionalDouble maxCostUsd =
                route.number("max_cost_usd", SMALLEST_COST_USD, HIGHEST_COST_USD);
        OptionalDouble usdPerDay = usdPerDay(route);
        Optional<ReusePolicy> reuse = route.section("reuse").map(RouteReader::reuse);
        if (route.problemCount() == 0) {
            refuseWithoutJudge(strategy, check, route);
            refuseWithoutComparison(strategy, check, route);
        }
        route.refuseUnknownKeys();
        return new Route(name, match, strategy, check, rounds, maxCostUsd, usdPerDay, reuse);
    }

    /// The budget of a day, of a route or a tenant.
    static OptionalDouble usdPerDay(Section owner) {
        return owner.number("usd_per_day", SMALLEST_COST_USD, HIGHEST_USD_PER_DAY);
    }

    private static ReusePolicy reuse(Section reuse) {
        ReusePolicy policy =
                new ReusePolicy(
                        reuse.duration("keep_for", SHORTEST_KEEPING, LONGEST_KEEPING),
                        reuse.field("any_temperature").flatMap(Field::flag).orElse(false),
                        reuse.field("across_tenants").flatMap(Field::flag).orElse(false));
        reuse.refuseUnknownKeys();
        return policy;
    }

    /// A route whose every answer would be flagged for want of a judge is a mistake. Asked only of
    /// a file that is sound so far.
    private void refuseWithoutJudge(Strategy strategy, CheckPolicy check, Section route) {
        boolean judged =
                check.judges().isEmpty()
                        || strategy.authors().stream()
                                .anyMatch(
                                        model -> !Judges.eligible(check, model, catalog).isEmpty());
        if (!judged) {
            route.section("check")
                    .flatMap(section -> section.field("judges"))
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "no judge may grade an answer of this route, as no"
                                                    + " model grades itself; name another model, or"
                                                    + " set allow_self: true"));
        }
    }

    private boolean comparesAny(Strategy.Ensemble several, CheckPolicy check) {
        List<String> authors = several.authors();
        boolean samples = several.members() > authors.size();
        return IntStream.range(0, authors.size())
                .anyMatch(
                        one ->
                                IntStream.range(samples ? one : one + 1, authors.size())
                                        .anyMatch(
                                                other ->
                                                        mayCompare(
                                                                check,
                                                                authors.get(one),
                                                                authors.get(other))));
    }

    private boolean mayCompare(CheckPolicy check, String one, String other) {
        return Judges.eligible(check, one, catalog).stream()
                .map(Judges.Judge::model)
                .anyMatch(
                        judge ->
                                Judges.eligible(check, other, catalog).stream()
                                        .anyMatch(of -> of.model().equals(judge)));
    }

    /// Where grades decide there must be some, and where answers are compared, some with others.
    /// Asked only of a file that is sound so far.
    private void refuseWithoutComparison(Strategy strategy, CheckPolicy check, Section route) {
        boolean byGrade =
                strategy instanceof Strategy.Ensemble several
                        && several.pick() instanceof EnsemblePick.Best;
        boolean inPairs =
                strategy instanceof Strategy.Ensemble several
                        && several.pick() instanceof EnsemblePick.Pairwise;
        if (inPairs && !comparesAny((Strategy.Ensemble) strategy, check)) {
            route.section("assign")
                    .ifPresent(
                            assign ->
                                    assign.problem(
                                            "compares answers in pairs, and no judge of the route may"
                                                    + " judge two of them, as no model judges itself;"
                                                    + " name one more under check, or set pick: vote"));
        }
        if (byGrade && check.judges().isEmpty()) {
            route.section("assign")
                    .ifPresent(
                            assign ->
                                    assign.problem(
                                            "picks the answer of the best grade, and the route has"
                                                    + " no judges; name some under check, or set"
                                                    + " pick: vote"));
        }
        boolean comparable =
                check.agreement().isEmpty()
                        || !check.judges().isEmpty()
                        || strategy.authors().stream()
                                .noneMatch(
                                        author ->
                                                Judges.wrote(
                                                        check.agreement().get().model(),
                                                        author,
                                                        catalog));
        if (!comparable) {
            route.section("check")
                    .flatMap(section -> section.field("agreement"))
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "answers on this route itself, and would agree with"
                                                    + " itself; name another model, or judges for"
                                                    + " its answers"));
        }
    }

    /// The match, and a problem where an earlier route leaves nothing for it.
    private RouteMatch matchOf(String name, Section route) {
        catchAll.ifPresent(earlier -> route.problem(unreachable(earlier)));
        int problemsBefore = route.problemCount();
        RouteMatch match =
                route.section("match").map(RouteReader::match).orElse(RouteMatch.ANYTHING);
        boolean sound = route.problemCount() == problemsBefore;
        if (catchAll.isEmpty() && sound && matchesEverything(match)) {
            catchAll = Optional.of(name);
        }
        return match;
    }

    private static String unreachable(String earlier) {
        return ("is never reached, as route %s before it matches every prompt; move it up, or give"
                        + " that one a match")
                .formatted(Wording.quoted(earlier));
    }

    private static boolean matchesEverything(RouteMatch match) {
        return match.tasks().isEmpty()
                && match.tenants().isEmpty()
                && match.minChars().orElse(0) == 0
                && match.maxChars().isEmpty();
    }

    private static RouteMatch match(Section match) {
        OptionalInt minChars = match.integer("min_chars", 0, Integer.MAX_VALUE);
        OptionalInt maxChars = match.integer("max_chars", 0, Integer.MAX_VALUE);
        if (minChars.isPresent()
                && maxChars.isPresent()
                && minChars.getAsInt() > maxChars.getAsInt()) {
            match.problem("matches nothing, as min_chars is more than max_chars; swap them");
        }
        RouteMatch read =
                new RouteMatch(
                        match.filledNames("task"), match.filledNames("tenant"), minChars, maxChars);
        match.refuseUnknownKeys();
        return read;
    }

    private Strategy strategy(Section assign) {
        Kind kind =
                assign.required("strategy", "strategy: cascade")
                        .flatMap(field -> field.choice(STRATEGIES, Map.of()))
                        .orElse(Kind.FIXED);
        List<String> chosen =
                assign.required("models", "models: [small, large]")
                        .map(Field::filledItems)
                        .map(models::read)
                        .orElse(List.of());
        if (kind != Kind.ENSEMBLE) {
            EnsembleReader.KEYS.forEach(
                    key -> assign.misplaced(key, "belongs to strategy ensemble; leave it out"));
        }
        if (kind != Kind.LEARNED) {
            LEARNED_KEYS.forEach(
                    key -> assign.misplaced(key, "belongs to strategy learned; leave it out"));
        }
        if (kind != Kind.LEARNED && kind != Kind.CASCADE) {
            assign.misplaced(
                    "usd_per_point", "belongs to strategies learned and cascade; leave it out");
        }
        Strategy strategy =
                switch (kind) {
                    case FIXED -> new Strategy.Fixed(chosen);
                    case CHEAPEST -> new Strategy.Cheapest(chosen);
                    case CASCADE ->
                            new Strategy.Cascade(
                                    chosen,
                                    assign.number(
                                            "usd_per_point",
                                            SMALLEST_COST_USD,
                                            MOST_USD_PER_POINT));
                    case ENSEMBLE -> new EnsembleReader(models).read(assign, chosen);
                    case LEARNED -> learned(assign, chosen);
                };
        assign.refuseUnknownKeys();
        return strategy;
    }

    private static Strategy learned(Section assign, List<String> chosen) {
        double usdPerPoint =
                assign.required("usd_per_point", "usd_per_point: 0.002, what a point is worth")
                        .flatMap(
                                field ->
                                        field.number(SMALLEST_COST_USD, MOST_USD_PER_POINT).stream()
                                                .boxed()
                                                .findFirst())
                        .orElse(1.0);
        double explore =
                assign.number("explore", 0, Strategy.Learned.MOST_EXPLORED)
                        .orElse(Strategy.Learned.DEFAULT_EXPLORE);
        return new Strategy.Learned(chosen, usdPerPoint, explore, size(assign, chosen.size()));
    }

    private static LearnerSize size(Section assign, int models) {
        LearnerSize usual = LearnerSize.DEFAULT;
        int problemsBefore = assign.problemCount();
        int prefixChars =
                assign.integer("prefix_chars", 1, LearnerSize.MOST_PREFIX_CHARS)
                        .orElse(usual.prefixChars());
        int buckets =
                powerOfTwo(assign, "buckets", LearnerSize.LEAST_BUCKETS, LearnerSize.MOST_BUCKETS)
                        .orElse(usual.buckets());
        int dimensions =
                powerOfTwo(
                                assign,
                                "dimensions",
                                LearnerSize.LEAST_DIMENSIONS,
                                LearnerSize.MOST_DIMENSIONS)
                        .orElse(usual.dimensions());
        if (assign.problemCount() > problemsBefore) {
            return usual;
        }
        if ((long) buckets * models > LearnerSize.MOST_WEIGHTS) {
            assign.field("buckets")
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "times %d models is more than the %d that one record holds; set fewer"
                                                    .formatted(models, LearnerSize.MOST_WEIGHTS)));
        }
        return new LearnerSize(prefixChars, buckets, dimensions);
    }

    private static OptionalInt powerOfTwo(Section section, String key, int least, int most) {
        OptionalInt value = section.integer(key, least, most);
        boolean sound = value.isEmpty() || LearnerSize.isPowerOfTwo(value.getAsInt());
        if (!sound) {
            int below = Integer.highestOneBit(value.getAsInt());
            section.field(key)
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "is no power of two; the nearest are %d and %d"
                                                    .formatted(below, 2 * below)));
        }
        return value;
    }

    private static int defaultRounds(Strategy strategy) {
        return switch (strategy) {
            case Strategy.Fixed _, Strategy.Ensemble _ -> 1;
            case Strategy.Cheapest cheapest -> Math.max(1, cheapest.models().size());
            case Strategy.Cascade cascade -> Math.max(1, cascade.models().size());
            case Strategy.Learned learned -> Math.max(1, learned.models().size());
        };
    }
}
