package dev.assay.topology;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.avro.ObservationRecord;
import dev.assay.avro.PredictorRecord;
import dev.assay.avro.PromptEvent;
import dev.assay.avro.PromptStateRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.decide.learn.Scorecard;
import dev.assay.flight.CallThreads;
import dev.assay.provider.Providers;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A running instance of the pipeline.
public final class Pipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /// Stream threads look at what came back every few milliseconds.
    private static final Duration TAKING_TIMEOUT = Duration.ofSeconds(1);

    /// The ledger hears of it within two commits.
    private static final Duration PLACES_TIMEOUT = Duration.ofSeconds(1);

    /// Prompts leave the stores at the commit after the one that took them on.
    private static final Duration DEPARTING_TIMEOUT = Duration.ofSeconds(2);

    /// A start that takes longer is worth a word.
    private static final Duration LONG_START = Duration.ofSeconds(60);

    private final TopologyFile file;
    private final Parts parts;
    private final Providers providers;
    private final RocksMemory.Shared memory;
    private final Admin admin;
    private final KafkaStreams streams;
    private final ThreadFailures failures;
    private final TopicPurge purge;
    private final HealthCheck health;
    private final KafkaStreamsMetrics streamsMetrics;
    private final PromptQueries queries;
    private volatile boolean closing;

    /// Starts an instance and waits until it works: topics and schemas are there, state is
    /// restored.
    ///
    /// @param stateDir where the stores lie; an instance that comes back to it restores less
    /// @throws PipelineException if it cannot run; the message says why and what to do
    public static Pipeline start(TopologyFile file, Path stateDir) {
        return start(file, stateDir, new CompositeMeterRegistry());
    }

    /// The same, counting and timing what it does.
    public static Pipeline start(TopologyFile file, Path stateDir, MeterRegistry meters) {
        return start(file, stateDir, meters, Optional.empty());
    }

    /// The same, telling other instances where it serves HTTP.
    public static Pipeline start(
            TopologyFile file, Path stateDir, MeterRegistry meters, Optional<HostInfo> address) {
        Admin admin = admin(file);
        try {
            int partitions = prepareTopics(file, admin);
            RegistrySerdes serdes = prepareSchemas(file);
            Pipeline pipeline =
                    new Pipeline(file, stateDir, admin, serdes, partitions, meters, address);
            pipeline.run();
            return pipeline;
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    private Pipeline(
            TopologyFile file,
            Path stateDir,
            Admin admin,
            RegistrySerdes serdes,
            int partitions,
            MeterRegistry meters,
            Optional<HostInfo> address) {
        this.file = file;
        this.admin = admin;
        this.providers = Providers.of(file);
        this.parts =
                Parts.of(
                        file,
                        providers.byModel(),
                        serdes,
                        partitions,
                        InstantSource.system(),
                        // The JDK's default generator is for one thread only.
                        () -> ThreadLocalRandom.current().nextLong(),
                        CallThreads.virtual(),
                        meters,
                        InstanceId.in(stateDir));
        this.memory = new RocksMemory.Shared();
        this.streams =
                new KafkaStreams(
                        PipelineTopology.build(parts),
                        StreamsSettings.of(file, stateDir, memory, address),
                        new PausingClientSupplier(
                                parts.backpressure(), parts.deliveries(), parts.commits()));
        this.queries = new PromptQueries(streams, address);
        this.failures = new ThreadFailures();
        this.health =
                new HealthCheck(
                        file,
                        admin,
                        serdes,
                        parts.lanes(),
                        streams::state,
                        failures::last,
                        InstantSource.system());
        this.streamsMetrics = new KafkaStreamsMetrics(streams);
        streamsMetrics.bindTo(meters);
        String loop = parts.topics().escalated();
        this.purge = new TopicPurge(admin, loop, () -> committed(admin, file.name(), loop));
    }

    /// True while prompts are worked on.
    public boolean healthy() {
        return streams.state().isRunningOrRebalancing();
    }

    /// How it is, for probes.
    public Health health() {
        return closing ? Health.stopping() : health.now();
    }

    /// What is wrong, for people; empty while nothing is.
    public Optional<String> trouble() {
        return healthy()
                ? Optional.empty()
                : Optional.of(
                        "Kafka Streams is "
                                + streams.state()
                                + failures.last().map(last -> ": " + last).orElse(""));
    }

    /// The bulk jobs that this instance knows of.
    public Jobs jobs() {
        return parts.jobs();
    }

    /// How the models do, as far as this instance knows.
    public List<Scorecard> scorecards() {
        return parts.knowledge().cards();
    }

    /// Looks up prompts that are under way.
    public PromptQueries queries() {
        return queries;
    }

    /// Calls in flight by model.
    public Map<String, Integer> inFlight() {
        return parts.lanes().inFlight();
    }

    /// Stops in order: starts no call, waits for those in the air as long as `engine.drain_timeout`
    /// allows and commits what came back. What is still in the air then is called again by whoever
    /// takes over. Its partitions are kept for it for as long as `session.timeout.ms` says.
    @Override
    public void close() {
        close(GroupMembershipOperation.REMAIN_IN_GROUP);
    }

    /// The same, and gives its partitions to the other instances at once.
    public void leave() {
        close(GroupMembershipOperation.LEAVE_GROUP);
    }

    private void close(GroupMembershipOperation membership) {
        closing = true;
        parts.lanes().stop();
        parts.flights().awaitLanding(file.engine().drainTimeout());
        parts.flights().awaitTaking(TAKING_TIMEOUT);
        parts.lanes().awaitPlacesBack(PLACES_TIMEOUT);
        if (!parts.deliveries().awaitDepartures(DEPARTING_TIMEOUT)) {
            LOG.warn("some prompts may end twice: what they went on as is not on the broker yet");
        }
        purge.close();
        streamsMetrics.close();
        streams.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(membership));
        parts.flights().close();
        parts.solver().shutdownNow();
        providers.close();
        memory.close();
        admin.close(Duration.ofSeconds(1));
    }

    /// What of a topic the group is done with.
    private static Map<Integer, Long> committed(Admin admin, String group, String topic)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<Integer, Long> done = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TopicPurge.TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .forEach(
                        (partition, offset) -> {
                            if (partition.topic().equals(topic) && offset != null) {
                                done.put(partition.partition(), offset.offset());
                            }
                        });
        return done;
    }

    private void run() {
        CountDownLatch decided = new CountDownLatch(1);
        streams.setStateListener(
                (state, _) -> {
                    if (state == State.RUNNING
                            || state == State.ERROR
                            || state == State.NOT_RUNNING) {
                        decided.countDown();
                    }
                });
        streams.setUncaughtExceptionHandler(failures);
        streams.start();
        try {
            while (!decided.await(LONG_START.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn(
                        "the pipeline is still starting: Kafka Streams is {}; it restores its state, or waits for a transaction that a broker left open (see kafka-transactions.sh find-hanging)",
                        streams.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new PipelineException("interrupted while starting", e);
        }
        if (!healthy()) {
            String reason = trouble().orElse("it stopped");
            close();
            throw new PipelineException("the pipeline did not start: " + reason);
        }
        purge.start();
    }

    private static Admin admin(TopologyFile file) {
        Map<String, Object> settings = new HashMap<>(file.kafka());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) BROKER_TIMEOUT.toMillis());
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) BROKER_TIMEOUT.toMillis());
        return Admin.create(settings);
    }

    private static int prepareTopics(TopologyFile file, Admin admin) {
        String servers =
                file.kafka().getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
        try {
            admin.describeCluster()
                    .clusterId()
                    .get(BROKER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException("interrupted while looking for Kafka", e);
        } catch (Exception e) {
            throw new PipelineException(
                    "Kafka does not answer at %s; start it, or set kafka.bootstrap.servers in %s"
                            .formatted(servers, file.source()),
                    e);
        }
        Topics topics = new Topics(file.topics().prefix());
        List<String> inputs = new ArrayList<>(List.of(topics.prompts(), topics.bulk()));
        inputs.addAll(Parts.tenantOfTopic(file).keySet());
        return new TopicSetup(
                        admin,
                        file.topics(),
                        file.engine().maxRecordBytes(),
                        BROKER_TIMEOUT.toMillis())
                .prepare(topics, inputs, PipelineTopology.changelogs(file.name()));
    }

    private static RegistrySerdes prepareSchemas(TopologyFile file) {
        Topics topics = new Topics(file.topics().prefix());
        SequencedMap<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
        types.put(topics.prompts(), PromptEvent.class);
        types.put(topics.graded(), GradedAnswer.class);
        types.put(topics.flagged(), GradedAnswer.class);
        types.put(topics.failed(), FailedPrompt.class);
        types.put(topics.escalated(), PromptStateRecord.class);
        types.put(topics.bulk(), PromptEvent.class);
        Parts.tenantOfTopic(file).keySet().forEach(topic -> types.put(topic, PromptEvent.class));
        types.put(topics.observations(), ObservationRecord.class);
        types.put(topics.feedback(), FeedbackEvent.class);
        types.put(topics.scorecards(), ScorecardRecord.class);
        types.put(topics.predictors(), PredictorRecord.class);
        types.put(topics.jobsLines(), PromptEvent.class);
        types.put(topics.jobsProgress(), JobEvent.class);
        types.put(topics.jobs(), JobRecord.class);
        types.put(topics.ledgerRequests(), LedgerClaim.class);
        types.put(topics.ledgerGrants(), LedgerGrant.class);
        RegistrySerdes serdes = new RegistrySerdes(file.schemaRegistry());
        try {
            serdes.register(types);
        } catch (IOException e) {
            throw new PipelineException(
                    "the schema registry at %s cannot be used: %s; start it, or set schema_registry.url in %s"
                            .formatted(
                                    file.schemaRegistry().get("url"),
                                    e.getMessage(),
                                    file.source()),
                    e);
        }
        return serdes;
    }
}
