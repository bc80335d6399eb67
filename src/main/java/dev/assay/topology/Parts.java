package dev.assay.topology;

import dev.assay.codec.ChatRequests;
import dev.assay.codec.JsonSchemas;
import dev.assay.codec.JudgeReplies;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.EngineConfig;
import dev.assay.config.ModelConfig;
import dev.assay.config.TenantConfig;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.AnswerStage;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.check.CheckStage;
import dev.assay.decide.grade.Grader;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.place.Incarnation;
import dev.assay.flight.CallThreads;
import dev.assay.flight.Flights;
import dev.assay.flight.Hedges;
import dev.assay.flight.Lanes;
import dev.assay.flight.RequestMemory;
import dev.assay.model.Catalog;
import dev.assay.model.HedgePolicy;
import dev.assay.model.Route;
import dev.assay.provider.ModelProvider;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// What the processors of one instance share. All of it is immutable or safe for any thread.
///
/// @param tenantOfTopic the tenant that each tenant's own topic stands for
/// @param places what the ledger knows of each model whose places it lets
/// @param steady a clock that never jumps, and has no date
/// @param random for jitter, and for what tells instances apart
record Parts(
        Topics topics,
        EngineConfig engine,
        Map<String, String> tenantOfTopic,
        Routes routes,
        Assigner assigner,
        Grader grader,
        StageLogic answering,
        StageLogic checking,
        CallRequests requests,
        Lanes lanes,
        Map<String, PlaceLedger.Terms> places,
        Flights flights,
        Hedges hedges,
        ReusableCalls reusable,
        Backpressure backpressure,
        Ownership ownership,
        Deliveries deliveries,
        CommitPace commits,
        KnowledgeView knowledge,
        Jobs jobs,
        Budgets budgets,
        ExecutorService solver,
        RegistrySerdes serdes,
        PipelineMetrics metrics,
        InstantSource clock,
        InstantSource steady,
        RandomGenerator random) {

    /// Puts an instance together.
    ///
    /// @param providers by model
    /// @param partitions of the topic of prompts
    static Parts of(
            TopologyFile file,
            Map<String, ModelProvider> providers,
            RegistrySerdes serdes,
            int partitions,
            InstantSource clock,
            RandomGenerator random) {
        return of(
                file,
                providers,
                serdes,
                partitions,
                clock,
                random,
                CallThreads.virtual(),
                new CompositeMeterRegistry(),
                "");
    }

    /// The same with calls on other threads than virtual ones of their own.
    ///
    /// @param home what is the same for all starts of this instance
    static Parts of(
            TopologyFile file,
            Map<String, ModelProvider> providers,
            RegistrySerdes serdes,
            int partitions,
            InstantSource clock,
            RandomGenerator random,
            CallThreads threads,
            MeterRegistry meters,
            String home) {
        Catalog catalog = file.catalog();
        Topics topics = new Topics(file.topics().prefix());
        Map<String, String> tenantOfTopic = tenantOfTopic(file);
        Routes routes = file.routing();
        Assigner assigner = new Assigner(catalog, routes, ChatRequests::lastQuestion);
        Hedges hedges = new Hedges(hedges(file));
        InstantSource steady = () -> Instant.EPOCH.plusNanos(threads.ticker().getAsLong());
        Map<String, LaneSettings> limits = limits(file);
        Lanes lanes = new Lanes(limits, clock, leasing(limits, partitions, steady, home, random));
        Deliveries deliveries = Deliveries.of(file);
        Map<String, Backpressure.Inlet> inlets = new HashMap<>();
        tenantOfTopic.keySet().forEach(topic -> inlets.put(topic, Backpressure.Inlet.PROMPTS));
        inlets.put(topics.prompts(), Backpressure.Inlet.PROMPTS);
        inlets.put(topics.bulk(), Backpressure.Inlet.BULK);
        return new Parts(
                topics,
                file.engine(),
                tenantOfTopic,
                routes,
                assigner,
                new Grader(routes, assigner),
                new AnswerStage(catalog, routes),
                new CheckStage(catalog, routes, new JsonSchemas(), new JudgeReplies()),
                new CallRequests(catalog, routes, providers),
                lanes,
                places(file),
                new Flights(
                        clock,
                        hedges,
                        requestMemory(file),
                        file.engine().keptAnswersBytes(),
                        threads),
                hedges,
                new ReusableCalls(file, routes),
                new Backpressure(file.engine().waitingPerTask(), inlets),
                new Ownership(lanes, partitions),
                deliveries,
                new CommitPace(deliveries.transactional(), clock),
                new KnowledgeView(),
                new Jobs(),
                new Budgets(meters),
                newSolver(),
                serdes,
                metrics(file, catalog, lanes, meters),
                clock,
                steady,
                random);
    }

    /// Partitions cannot carry fewer places than they are, so those are let by the ledger.
    private static Lanes.Leasing leasing(
            Map<String, LaneSettings> limits,
            int partitions,
            InstantSource steady,
            String home,
            RandomGenerator random) {
        Set<String> small =
                limits.entrySet().stream()
                        .filter(model -> model.getValue().maxInFlight() < partitions)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
        return small.isEmpty()
                ? Lanes.Leasing.NONE
                : new Lanes.Leasing(small, Incarnation.of(home, random.nextLong()), steady);
    }

    private static RequestMemory requestMemory(TopologyFile file) {
        OptionalInt bytes = file.engine().requestMemoryBytes();
        return new RequestMemory(bytes.isPresent() ? bytes.getAsInt() : RequestMemory.usualBytes());
    }

    /// One thread, for what would hold up a stream thread.
    private static ExecutorService newSolver() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("assay-learn").factory());
    }

    private static PipelineMetrics metrics(
            TopologyFile file, Catalog catalog, Lanes lanes, MeterRegistry meters) {
        Map<String, String> providers = new HashMap<>();
        for (ModelConfig model : file.models()) {
            providers.put(model.name(), model.provider().name().toLowerCase(Locale.ROOT));
        }
        Set<String> routes = file.routes().stream().map(Route::name).collect(Collectors.toSet());
        PipelineMetrics metrics = new PipelineMetrics(meters, catalog, routes, providers);
        metrics.watch(lanes);
        return metrics;
    }

    StageLogic logic(Stage stage) {
        return switch (stage) {
            case ANSWER -> answering;
            case CHECK -> checking;
        };
    }

    static Map<String, String> tenantOfTopic(TopologyFile file) {
        Topics topics = new Topics(file.topics().prefix());
        Map<String, String> tenants = new LinkedHashMap<>();
        for (TenantConfig tenant : file.tenants()) {
            tenant.topic().ifPresent(topic -> tenants.put(topics.ofTenant(topic), tenant.name()));
        }
        return tenants;
    }

    private static Map<String, HedgePolicy> hedges(TopologyFile file) {
        Map<String, HedgePolicy> hedges = new HashMap<>();
        for (ModelConfig model : file.models()) {
            model.hedge().ifPresent(policy -> hedges.put(model.name(), policy));
        }
        return hedges;
    }

    private static Map<String, PlaceLedger.Terms> places(TopologyFile file) {
        return file.models().stream()
                .collect(
                        Collectors.toMap(
                                ModelConfig::name,
                                model ->
                                        new PlaceLedger.Terms(
                                                file.inFlight(model), model.timeout())));
    }

    static Map<String, LaneSettings> limits(TopologyFile file) {
        Map<String, LaneSettings> limits = new LinkedHashMap<>();
        for (ModelConfig model : file.models()) {
            limits.put(
                    model.name(),
                    new LaneSettings(
                            file.inFlight(model),
                            model.limits().requestsPerMinute(),
                            model.limits().tokensPerMinute()));
        }
        return limits;
    }
}
