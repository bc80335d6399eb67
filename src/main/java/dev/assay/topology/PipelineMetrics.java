package dev.assay.topology;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.assay.decide.limit.Service;
import dev.assay.flight.Landed;
import dev.assay.flight.Lane;
import dev.assay.flight.Lanes;
import dev.assay.model.Call;
import dev.assay.model.CallResult;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.FailureCode;
import dev.assay.model.Priority;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Result;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/// What the pipeline counts and times. Names and labels are part of the outward interface.
///
/// Labels take names of the topology file and of enums only, so their number is bounded: no id, no
/// tenant, no text. Counts are of this process since its start; work done again after a crash
/// counts again. Safe for any thread.
final class PipelineMetrics {

    /// For a name that the topology file does not have any more.
    private static final String OTHER = "other";

    /// Prompts whose time with models is kept until they end.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final int MOST_TIMED = 100_000;

    private static final Duration[] PROMPT_BUCKETS =
            seconds(
                    0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600,
                    14_400);

    private static final Duration[] OVERHEAD_BUCKETS =
            seconds(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30, 300);

    /// As the conventions of OpenTelemetry for generative AI advise.
    private static final Duration[] CALL_BUCKETS =
            seconds(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                    81.92);

    /// As the conventions of OpenTelemetry for generative AI advise.
    private static final double[] TOKEN_BUCKETS = {
        1,
        4,
        16,
        64,
        256,
        1_024,
        4_096,
        16_384,
        65_536,
        262_144,
        1_048_576,
        4_194_304,
        16_777_216,
        67_108_864
    };

    private static final double[] GRADES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private record Ended(String route, String outcome) {}

    private record Timed(String route, Priority priority) {}

    private record Made(String model, Purpose purpose, String status) {}

    private record Used(String model, Purpose purpose) {}

    private record Graded(String model, String route) {}

    private record Judged(String judge, Verdict.State state) {}

    private final MeterRegistry registry;
    private final Catalog catalog;
    private final Set<String> routes;
    private final Map<String, String> providers;
    private final Counter duplicates;
    private final Timer overhead;
    private final Map<Ended, Counter> prompts = new ConcurrentHashMap<>();
    private final Map<Timed, Timer> promptTimes = new ConcurrentHashMap<>();
    private final Map<Made, Counter> calls = new ConcurrentHashMap<>();
    private final Map<Used, CallMeters> used = new ConcurrentHashMap<>();
    private final Map<Graded, DistributionSummary> grades = new ConcurrentHashMap<>();
    private final Map<Judged, Counter> verdicts = new ConcurrentHashMap<>();
    private final JudgeDrift drift = new JudgeDrift();
    private final Cache<String, Duration> withModels =
            Caffeine.newBuilder().maximumSize(MOST_TIMED).executor(Runnable::run).build();

    /// @param routes names of all routes
    /// @param providers the kind of provider of each model
    PipelineMetrics(
            MeterRegistry registry,
            Catalog catalog,
            Set<String> routes,
            Map<String, String> providers) {
        this.registry = registry;
        this.catalog = catalog;
        this.routes = Set.copyOf(routes);
        this.providers = Map.copyOf(providers);
        this.duplicates =
                Counter.builder("assay.duplicates")
                        .description("Prompts whose id was seen before, for which nothing is done")
                        .register(registry);
        this.overhead =
                Timer.builder("assay.overhead")
                        .description("From the event to the result, less the time with models")
                        .serviceLevelObjectives(OVERHEAD_BUCKETS)
                        .register(registry);
    }

    /// Registers what lanes show of themselves.
    void watch(Lanes lanes) {
        for (String model : catalog.models().keySet()) {
            Lane lane = lanes.lane(model);
            gauge("assay.in.flight", "Calls in the air", Tags.of("model", model), lane::inFlight);
            gauge(
                    "assay.in.flight.limit",
                    "Calls that the lane allows in the air now",
                    Tags.of("model", model),
                    lane::allowedInFlight);
            gauge(
                    "assay.breaker.state",
                    "0 serving, 1 failing and tried again now and then, 2 out of service",
                    Tags.of("model", model),
                    () -> breakerState(lane.service()));
            for (Priority priority : Priority.values()) {
                gauge(
                        "assay.waiting",
                        "Calls that wait for room",
                        Tags.of("model", model, "priority", lower(priority)),
                        () -> lane.waiting(priority));
            }
        }
    }

    void duplicate() {
        duplicates.increment();
    }

    /// A grade came from outside.
    ///
    /// @param outcome `counted`, `unknown` (of no prompt that is remembered) or `ignored` (no
    ///   grade)
    void feedback(String outcome) {
        Counter.builder("assay.feedback")
                .description("Grades that came from outside")
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    /// A call came back that its prompt still wanted.
    void called(Call call, Landed landed, String promptId) {
        String model = model(call.model());
        CallResult result = landed.result();
        calls.computeIfAbsent(
                        new Made(model, call.purpose().account(), status(result)), this::calls)
                .increment();
        withModels.asMap().merge(promptId, landed.took(), Duration::plus);
        if (result instanceof CallResult.Answered answered && !answered.shared()) {
            Usage usage = answered.completion().usage();
            CallMeters meters =
                    used.computeIfAbsent(
                            new Used(model, call.purpose().account()), this::callMeters);
            meters.usd.increment(
                    catalog.has(call.model())
                            ? catalog.card(call.model()).price().costUsd(usage)
                            : 0);
            meters.input.increment((double) usage.inputTokens());
            meters.output.increment((double) usage.outputTokens());
            meters.inputs.record((double) usage.inputTokens());
            meters.outputs.record((double) usage.outputTokens());
            meters.took.record(landed.took());
        }
    }

    /// A round was checked.
    void checked(PromptState state) {
        for (Candidate candidate : state.candidates()) {
            for (Verdict verdict : candidate.verdicts()) {
                if (verdict.kind() == Verdict.Kind.JUDGE) {
                    verdicts.computeIfAbsent(
                                    new Judged(model(verdict.by()), verdict.state()),
                                    this::verdicts)
                            .increment();
                    verdict.score().ifPresent(score -> drift.scored(model(verdict.by()), score));
                }
            }
        }
    }

    /// A prompt ended.
    void ended(Result result, Instant now) {
        switch (result) {
            case Result.Answered answered -> {
                PromptState state = answered.state();
                ended(state, answered.outcome().name().toLowerCase(Locale.ROOT), now);
                answered.grade()
                        .value()
                        .ifPresent(
                                grade ->
                                        grades.computeIfAbsent(
                                                        new Graded(
                                                                model(
                                                                        answered.returned()
                                                                                .answer()
                                                                                .model()),
                                                                route(state)),
                                                        this::grades)
                                                .record(grade));
            }
            case Result.Failed failed -> ended(failed.state(), "failed", now);
            case Result.Rejected _ -> count(OTHER, "failed");
        }
    }

    private void ended(PromptState state, String outcome, Instant now) {
        String route = route(state);
        count(route, outcome);
        Duration took = measurable(Duration.between(state.prompt().origin().createdAt(), now));
        promptTimes
                .computeIfAbsent(
                        new Timed(route, state.prompt().labels().priority()), this::promptTimes)
                .record(took);
        Duration models = withModels.asMap().remove(state.prompt().id());
        if (models != null) {
            overhead.record(measurable(took.minus(models)));
        }
    }

    private void count(String route, String outcome) {
        prompts.computeIfAbsent(new Ended(route, outcome), this::prompts).increment();
    }

    private String model(String name) {
        return catalog.has(name) ? name : OTHER;
    }

    private String route(PromptState state) {
        return routes.contains(state.route()) ? state.route() : OTHER;
    }

    private static String status(CallResult result) {
        return switch (result) {
            case CallResult.Answered answered -> answered.shared() ? "shared" : "answered";
            case CallResult.TryAgain failure -> code(failure.error().code());
            case CallResult.GiveUpOnModel failure -> code(failure.error().code());
            case CallResult.GiveUpOnPrompt failure -> code(failure.error().code());
        };
    }

    private static String code(FailureCode code) {
        return code.code();
    }

    private static int breakerState(Service service) {
        return switch (service) {
            case Service.Serving _ -> 0;
            case Service.Broken _ -> 1;
            case Service.Shut _ -> 2;
        };
    }

    private Counter prompts(Ended key) {
        return Counter.builder("assay.prompts")
                .description("Prompts that ended")
                .tags("route", key.route(), "outcome", key.outcome())
                .register(registry);
    }

    private Timer promptTimes(Timed key) {
        return Timer.builder("assay.prompt")
                .description("From the event to the result")
                .tags("route", key.route(), "priority", lower(key.priority()))
                .serviceLevelObjectives(PROMPT_BUCKETS)
                .register(registry);
    }

    private Counter calls(Made key) {
        return Counter.builder("assay.calls")
                .description("Calls that came back, by what came of them")
                .tags("model", key.model(), "purpose", lower(key.purpose()), "status", key.status())
                .register(registry);
    }

    private CallMeters callMeters(Used key) {
        String purpose = lower(key.purpose());
        return new CallMeters(
                Counter.builder("assay.cost.usd")
                        .description("USD of answered calls, by the prices of the topology file")
                        .tags("model", key.model(), "purpose", purpose)
                        .register(registry),
                tokens(key.model(), "input"),
                tokens(key.model(), "output"),
                tokenUsage(key.model(), "input"),
                tokenUsage(key.model(), "output"),
                Timer.builder("gen_ai.client.operation.duration")
                        .description("Calls that were answered")
                        .tags(
                                "gen_ai.operation.name",
                                "chat",
                                "gen_ai.provider.name",
                                providers.getOrDefault(key.model(), OTHER),
                                "gen_ai.request.model",
                                key.model())
                        .serviceLevelObjectives(CALL_BUCKETS)
                        .register(registry));
    }

    private Counter tokens(String model, String direction) {
        return Counter.builder("assay.tokens")
                .description("Tokens of answered calls")
                .tags("model", model, "direction", direction)
                .register(registry);
    }

    private DistributionSummary tokenUsage(String model, String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens of a call")
                .tags(
                        "gen_ai.operation.name",
                        "chat",
                        "gen_ai.provider.name",
                        providers.getOrDefault(model, OTHER),
                        "gen_ai.request.model",
                        model,
                        "gen_ai.token.type",
                        type)
                .serviceLevelObjectives(TOKEN_BUCKETS)
                .register(registry);
    }

    private DistributionSummary grades(Graded key) {
        return DistributionSummary.builder("assay.grade")
                .description("Grades of returned answers, 0 to 10")
                .tags("model", key.model(), "route", key.route())
                .serviceLevelObjectives(GRADES)
                .register(registry);
    }

    private Counter verdicts(Judged key) {
        if (key.state() == Verdict.State.SCORED) {
            gauge(
                    "assay.judge.drift",
                    "Mean of a judge's last scores less the mean of those before",
                    Tags.of("judge", key.judge()),
                    () -> drift.of(key.judge()));
        }
        return Counter.builder("assay.verdicts")
                .description("What judges were asked for, by what came of it")
                .tags("judge", key.judge(), "state", lower(key.state()))
                .register(registry);
    }

    private void gauge(String name, String description, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// Events come with any time at all, the zero of some languages among them, and a timer counts
    /// nanoseconds, which reach 292 years.
    private static Duration measurable(Duration time) {
        if (time.isNegative()) {
            return Duration.ZERO;
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    private static Duration[] seconds(double... seconds) {
        return DoubleStream.of(seconds)
                .mapToObj(each -> Duration.ofMillis(Math.round(each * 1_000)))
                .toArray(Duration[]::new);
    }

    private record CallMeters(
            Counter usd,
            Counter input,
            Counter output,
            DistributionSummary inputs,
            DistributionSummary outputs,
            Timer took) {}
}
