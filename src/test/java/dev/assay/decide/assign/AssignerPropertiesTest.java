package dev.assay.decide.assign;

import static dev.assay.model.Samples.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.assign.Assignment.Assigned;
import dev.assay.decide.assign.Assignment.Refused;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.Price;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Strategy;
import dev.assay.model.Usage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What holds of every assignment, over topologies and prompts drawn at random.
class AssignerPropertiesTest {

    private static final int WORLDS_PER_SEED = 2_000;
    private static final List<String> TAGS = List.of("eu", "local", "cheap");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void planNamesOnlyModelsThatMayBeCalledAndARefusalMeansThereAreNone(long seed) {
        Random random = new Random(seed);
        Set<FailureCode> refusals = EnumSet.noneOf(FailureCode.class);

        for (int run = 0; run < WORLDS_PER_SEED; run++) {
            World world = World.random(random);
            PromptState state = world.randomPrompt(random);

            int rounds = 0;
            for (Assignment next = world.assign(state);
                    next instanceof Assigned(Route route, Plan plan);
                    next = world.assign(state)) {
                assertThat(++rounds).isLessThanOrEqualTo(route.rounds());
                assertThat(models(plan)).doesNotHaveDuplicates();
                assertThat(models(plan)).containsExactlyInAnyOrderElementsOf(world.able(state));
                state = play(state.assigned(route, plan), random);
            }

            Refused refused = (Refused) world.assign(state);
            boolean mayGoOn = state.round() < world.rounds() && !world.isFixed();
            if (state.round() == 0 || mayGoOn) {
                assertThat(world.able(state)).isEmpty();
            }
            assertThat(refused.failure().message()).isNotBlank();
            refusals.add(refused.failure().code());
        }

        assertThat(refusals)
                .contains(
                        FailureCode.NO_MODEL,
                        FailureCode.REFUSED_BY_POLICY,
                        FailureCode.CONTEXT_TOO_LONG,
                        FailureCode.OVER_BUDGET);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sameStateIsAssignedTheSame(long seed) {
        Random random = new Random(seed);
        Random again = new Random(seed);

        for (int run = 0; run < WORLDS_PER_SEED; run++) {
            World world = World.random(random);
            PromptState state = world.randomPrompt(random);
            World twin = World.random(again);
            PromptState twinState = twin.randomPrompt(again);

            assertThat(world.assign(state))
                    .isEqualTo(world.assign(state))
                    .isEqualTo(twin.assign(twinState));
        }
    }

    /// The picks, and sometimes a fallback, are tried and cost something.
    private static PromptState play(PromptState state, Random random) {
        PromptState played = state;
        Plan plan = state.plan().orElseThrow();
        int tried = plan.picks().size() + random.nextInt(1 + plan.fallbacks().size());
        for (String model : models(plan).subList(0, tried)) {
            played = played.plusAttempt(attempt(state.round(), model));
        }
        double usd = random.nextInt(4) * 0.005;
        return played.withSpend(played.spend().plus(Purpose.ANSWER, usd, Usage.NONE));
    }

    private static List<String> models(Plan plan) {
        return Stream.concat(plan.picks().stream().map(Plan.Pick::model), plan.fallbacks().stream())
                .toList();
    }

    /// A topology with one route, and what the assigner must find out about it, told naively.
    private record World(Catalog catalog, Routes routes, TenantPolicy acme) {

        static World random(Random random) {
            List<ModelCard> cards =
                    IntStream.range(0, 1 + random.nextInt(5))
                            .mapToObj(i -> randomCard("m" + i, random))
                            .toList();
            List<String> names = cards.stream().map(ModelCard::name).toList();
            TenantPolicy acme =
                    new TenantPolicy(some(TAGS, 0.2, random), some(names, 0.5, random), true);
            Route route =
                    new Route(
                            "only",
                            RouteMatch.ANYTHING,
                            randomStrategy(names, random),
                            CheckPolicy.NONE,
                            1 + random.nextInt(4),
                            maybe(0.3, random)
                                    ? OptionalDouble.of(random.nextInt(8) * 0.01)
                                    : OptionalDouble.empty(),
                            Optional.empty());
            return new World(
                    Catalog.of(cards), new Routes(List.of(route), Map.of("acme", acme)), acme);
        }

        private static ModelCard randomCard(String name, Random random) {
            return new ModelCard(
                    name,
                    name,
                    Optional.empty(),
                    new Price(random.nextInt(9), random.nextInt(9), 0, random.nextInt(3) * 0.01),
                    maybe(0.5, random)
                            ? OptionalInt.of(50 << random.nextInt(6))
                            : OptionalInt.empty(),
                    maybe(0.3, random)
                            ? OptionalInt.of(1 + random.nextInt(800))
                            : OptionalInt.empty(),
                    Set.copyOf(some(TAGS, 0.7, random)),
                    RetryPolicy.DEFAULT,
                    false);
        }

        private static Strategy randomStrategy(List<String> names, Random random) {
            List<String> shuffled = new ArrayList<>(names);
            Collections.shuffle(shuffled, random);
            List<String> models = shuffled.subList(0, 1 + random.nextInt(shuffled.size()));
            return switch (random.nextInt(3)) {
                case 0 -> new Strategy.Fixed(models);
                case 1 -> new Strategy.Cascade(models);
                default -> new Strategy.Cheapest(models);
            };
        }

        PromptState randomPrompt(Random random) {
            PromptSample sample = new PromptSample().chars(1 + random.nextInt(4_000));
            sample.requiredTags(some(TAGS, 0.2, random).toArray(String[]::new));
            if (maybe(0.3, random)) {
                sample.maxOutputTokens(1 + random.nextInt(1_000));
            }
            if (maybe(0.3, random)) {
                sample.maxCostUsd(random.nextInt(8) * 0.01);
            }
            if (maybe(0.3, random)) {
                sample.tenant(maybe(0.5, random) ? "acme" : "other");
            }
            return sample.admitted();
        }

        Assignment assign(PromptState state) {
            return new Assigner(catalog, routes, ChatRequest::json).assign(state, Knowledge.NONE);
        }

        int rounds() {
            return routes.routes().getFirst().rounds();
        }

        boolean isFixed() {
            return routes.routes().getFirst().strategy() instanceof Strategy.Fixed;
        }

        /// The models of the route that are permitted, large enough, affordable and untried.
        List<String> able(PromptState state) {
            return routes.routes().getFirst().strategy().models().stream()
                    .filter(model -> able(state, catalog.card(model)))
                    .toList();
        }

        private boolean able(PromptState state, ModelCard card) {
            List<String> tags = new ArrayList<>(state.prompt().constraints().requiredTags());
            boolean isAcme = state.prompt().labels().tenant().filter("acme"::equals).isPresent();
            if (isAcme) {
                tags.addAll(acme.requiredTags());
            }
            int inputTokens = (state.prompt().request().chars() + 3) / 4;
            int asked = state.prompt().request().maxOutputTokens().orElse(0);
            int limit = asked > 0 ? asked : card.maxOutputTokens().orElse(2_048);
            int bytes = state.prompt().request().json().getBytes(StandardCharsets.UTF_8).length;
            double usd =
                    card.price().callUsd()
                            + (256 + bytes) * card.price().inputUsdPerMillion() / 1e6
                            + limit * card.price().outputUsdPerMillion() / 1e6;
            double budget =
                    Math.min(
                            state.prompt().constraints().maxCostUsd().orElse(1e9),
                            routes.routes().getFirst().maxCostUsd().orElse(1e9));
            return card.tags().containsAll(tags)
                    && (!isAcme || acme.models().isEmpty() || acme.models().contains(card.name()))
                    && inputTokens + asked <= card.contextTokens().orElse(Integer.MAX_VALUE)
                    && state.spend().totalUsd() + usd <= budget + 1e-9
                    && state.attempts().stream().noneMatch(a -> a.model().equals(card.name()));
        }

        private static boolean maybe(double chance, Random random) {
            return random.nextDouble() < chance;
        }

        private static List<String> some(List<String> all, double chance, Random random) {
            return all.stream().filter(_ -> maybe(chance, random)).toList();
        }
    }
}
