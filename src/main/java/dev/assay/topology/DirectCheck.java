package dev.assay.topology;

import dev.assay.codec.JsonSchemas;
import dev.assay.codec.JudgeReplies;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.Retries;
import dev.assay.decide.call.Step;
import dev.assay.decide.check.CheckStage;
import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.flight.Lane;
import dev.assay.flight.Lanes;
import dev.assay.model.Call;
import dev.assay.model.CallResult;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.Completion;
import dev.assay.model.Constraints;
import dev.assay.model.ModelCard;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Route;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// Checks answers outside of the stream: with the stage's own decisions, requests and lanes, but
/// with a thread that waits.
///
/// Safe for any thread; made for virtual ones.
public final class DirectCheck {

    private static final Duration LANE_POLL = Duration.ofMillis(10);
    private static final Duration UNBOUNDED = Duration.ofDays(1);

    private final Catalog catalog;
    private final Map<String, ModelProvider> providers;
    private final Lanes lanes;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param providers by model
    /// @param random for jitter; safe for any thread
    public DirectCheck(
            TopologyFile file,
            Map<String, ModelProvider> providers,
            InstantSource clock,
            RandomGenerator random) {
        this.catalog = file.catalog();
        this.providers = Map.copyOf(providers);
        this.lanes = new Lanes(Parts.limits(file), clock);
        this.clock = clock;
        this.random = random;
    }

    /// The prompt with the verdicts on its candidates, and what they cost. Waits for the judges.
    ///
    /// @param answered a prompt with the candidates to check
    /// @param route how they are checked
    public PromptState check(PromptState answered, Route route) throws InterruptedException {
        Routes routes = new Routes(List.of(route), Map.of());
        CheckStage stage = new CheckStage(catalog, routes, new JsonSchemas(), new JudgeReplies());
        CallRequests requests = new CallRequests(catalog, routes, providers);
        Step step = stage.enter(answered, clock.instant());
        while (step instanceof Step.Continue(PromptState state)) {
            Call call = state.calls().getFirst();
            sleepUntil(call.notBefore());
            Instant startedAt = clock.instant();
            CallResult result =
                    fly(
                            call.model(),
                            CallRequests.demand(state, call),
                            requests.prepare(state, call, startedAt).make());
            Instant now = clock.instant();
            Duration took = Duration.between(startedAt, now);
            step = stage.ended(state, call, result, took, now, random.nextDouble());
        }
        return step.state();
    }

    /// Calls in flight by model.
    public Map<String, Integer> inFlight() {
        return lanes.inFlight();
    }

    /// A reply, and what it cost.
    public record Reply(String text, double costUsd) {}

    /// What a model replies to a request, tried again as far as its policy goes; empty where no
    /// reply came.
    public Optional<Reply> ask(String model, ChatRequest request) throws InterruptedException {
        ModelProvider provider = Objects.requireNonNull(providers.get(model), model);
        ModelCard card = catalog.card(model);
        Demand demand = new Demand(request.estimatedInputTokens(), OptionalInt.empty());
        ModelRequest asked = new ModelRequest(request.json(), OptionalInt.empty(), UNBOUNDED);
        Optional<Call> next =
                Optional.of(
                        Call.first(
                                0,
                                Purpose.CHECK,
                                new Plan.Pick(model, 1, "asked"),
                                clock.instant()));
        while (next.isPresent()) {
            Call call = next.get();
            sleepUntil(call.notBefore());
            Instant startedAt = clock.instant();
            CallResult result = fly(model, demand, () -> provider.call(asked));
            Instant now = clock.instant();
            switch (result) {
                case CallResult.Answered answered -> {
                    Completion completion = answered.completion();
                    return Optional.of(
                            new Reply(completion.text(), card.price().costUsd(completion.usage())));
                }
                case CallResult.TryAgain failure ->
                        next =
                                Retries.next(
                                        call,
                                        failure,
                                        card.retry(),
                                        Constraints.NONE,
                                        Duration.between(startedAt, now),
                                        now,
                                        random.nextDouble());
                case CallResult.GiveUpOnModel _, CallResult.GiveUpOnPrompt _ ->
                        next = Optional.empty();
            }
        }
        return Optional.empty();
    }

    private CallResult fly(String model, Demand demand, Callable<CallResult> request)
            throws InterruptedException {
        Lane lane = lanes.lane(model);
        Lane.Waiter waiter = lane.waiter(Lane.Precedence.CHECK);
        Instant giveUpAt = clock.instant().plus(catalog.card(model).retry().maxElapsed());
        while (true) {
            switch (waiter.tryStart(demand)) {
                case Admission.Granted granted -> {
                    Instant startedAt = clock.instant();
                    return lane.ended(granted.grant(), called(lane, request), startedAt);
                }
                case Admission.Full _ -> Thread.sleep(LANE_POLL);
                case Admission.NotBefore notBefore -> sleepUntil(notBefore.at());
                case Admission.Broken broken -> {
                    if (clock.instant().isAfter(giveUpAt)) {
                        return new CallResult.GiveUpOnModel(broken.error());
                    }
                    Thread.sleep(LANE_POLL);
                }
                case Admission.OutOfService out -> {
                    return new CallResult.GiveUpOnModel(out.error());
                }
            }
        }
    }

    private static CallResult called(Lane lane, Callable<CallResult> request)
            throws InterruptedException {
        try {
            return request.call();
        } catch (InterruptedException e) {
            lane.released();
            throw e;
        } catch (Exception e) {
            lane.released();
            throw new IllegalStateException("a provider threw where it returns values", e);
        }
    }

    private void sleepUntil(Instant at) throws InterruptedException {
        Duration wait = Duration.between(clock.instant(), at);
        if (wait.isPositive()) {
            Thread.sleep(wait);
        }
    }
}
