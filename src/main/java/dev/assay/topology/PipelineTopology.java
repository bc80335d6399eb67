package dev.assay.topology;

import dev.assay.avro.JobRecord;
import dev.assay.avro.PredictorRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.codec.JobCodec;
import dev.assay.codec.LearnCodec;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The road of a prompt as one sub-topology of Kafka Streams, what is learned on it as another.
///
/// ```
/// prompts ─▶ admit ─▶ dedup ─▶ assign ─▶ answer ─▶ check ─▶ grade ─▶ finish ─▶ answers.graded
///                       ▲        ▲                            │         ├────▶ answers.flagged
///                       └ return ┘◀─ prompts.escalated ◀─ escalate      └────▶ prompts.failed
///
/// grade, finish ─▶ observations ─▶ learn ─▶ scorecards ─▶ know, in every instance ┄▶ assign
///                     feedback ─────┘
/// finish ─▶ jobs.progress ─▶ jobs ─▶ jobs ─▶ know-jobs, in every instance
/// purse ─▶ ledger.requests ─▶ ledger ─▶ ledger.grants ─▶ purse ┄▶ answer, check
/// ```
///
/// Prompts come by `prompts.bulk` and the topics of tenants too. A record of the loop topic may
/// cancel a prompt: cancel tells the stage that it is in. Whatever ends a prompt early goes from
/// any station to finish. Sinks take bytes: values are encoded, and made to fit, before anything is
/// written.
final class PipelineTopology {

    private static final int MIB = 1024 * 1024;
    private static final int CHANGELOG_SEGMENT_MIB = 64;

    private PipelineTopology() {}

    static Topology build(Parts parts) {
        Topics topics = parts.topics();
        String[] prompts =
                Stream.concat(
                                Stream.of(topics.prompts()),
                                parts.tenantOfTopic().keySet().stream().sorted())
                        .toArray(String[]::new);
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.PROMPTS,
                        new PromptTimestamps(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        prompts)
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.BULK,
                        new BulkTimestamps(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.bulk())
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.LOOP,
                        new LoopTimestamps(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.escalated())
                .addProcessor(
                        Nodes.ADMIT, () -> new AdmitProcessor(parts), Nodes.PROMPTS, Nodes.BULK)
                .addProcessor(Nodes.RETURN, () -> new ReturnProcessor(parts), Nodes.LOOP)
                .addProcessor(Nodes.CANCEL, () -> new CancelProcessor(parts), Nodes.LOOP)
                .addProcessor(
                        Nodes.DEDUP, () -> new DedupProcessor(parts), Nodes.ADMIT, Nodes.RETURN)
                .addProcessor(
                        Nodes.ASSIGN, () -> new AssignProcessor(parts), Nodes.DEDUP, Nodes.RETURN)
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.GRANTS,
                        new LoopTimestamps(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.ledgerGrants())
                // It forwards nothing to answer: that makes them one task, which shares its purses.
                .addProcessor(Nodes.PURSE, () -> new PurseProcessor(parts), Nodes.GRANTS)
                .addProcessor(
                        Nodes.ANSWER,
                        () -> stage(parts, Stage.ANSWER, Nodes.CHECK),
                        Nodes.ASSIGN,
                        Nodes.CANCEL,
                        Nodes.PURSE)
                .addProcessor(
                        Nodes.CHECK,
                        () -> stage(parts, Stage.CHECK, Nodes.GRADE),
                        Nodes.ANSWER,
                        Nodes.CANCEL)
                .addProcessor(Nodes.GRADE, () -> new GradeProcessor(parts), Nodes.CHECK)
                .addProcessor(
                        Nodes.ESCALATE,
                        () -> new EscalateProcessor(parts),
                        Nodes.ADMIT,
                        Nodes.GRADE)
                .addProcessor(
                        Nodes.FINISH,
                        () -> new FinishProcessor(parts),
                        Nodes.ADMIT,
                        Nodes.RETURN,
                        Nodes.DEDUP,
                        Nodes.ASSIGN,
                        Nodes.ANSWER,
                        Nodes.CHECK,
                        Nodes.GRADE,
                        Nodes.ESCALATE)
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.OBSERVED,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.observations())
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.FEEDBACK,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.feedback())
                .addProcessor(
                        Nodes.LEARN,
                        () -> new LearnProcessor(parts),
                        Nodes.OBSERVED,
                        Nodes.FEEDBACK)
                .addStateStore(store(parts, Stores.LEARNED), Nodes.LEARN)
                .addGlobalStore(
                        inMemory(Stores.SCORECARDS),
                        Nodes.SCORECARDS,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.scorecards(),
                        Nodes.KNOW,
                        () -> knownScorecards(parts))
                .addGlobalStore(
                        inMemory(Stores.PREDICTORS),
                        Nodes.PREDICTORS,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.predictors(),
                        Nodes.KNOW_PREDICTORS,
                        () -> knownPredictors(parts))
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.JOB_EVENTS,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.jobsProgress())
                .addProcessor(Nodes.JOBS, () -> new JobsProcessor(parts), Nodes.JOB_EVENTS)
                .addStateStore(store(parts, Stores.JOBS), Nodes.JOBS)
                .addGlobalStore(
                        inMemory(Stores.PUBLISHED_JOBS),
                        Nodes.PUBLISHED_JOBS,
                        new StringDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.jobs(),
                        Nodes.KNOW_JOBS,
                        () -> knownJobs(parts))
                .addStateStore(store(parts, Stores.SEEN), Nodes.DEDUP, Nodes.RETURN, Nodes.CANCEL)
                .addStateStore(
                        store(parts, Stores.pending(Stage.ANSWER)), Nodes.ANSWER, Nodes.CANCEL)
                .addStateStore(store(parts, Stores.pending(Stage.CHECK)), Nodes.CHECK, Nodes.CANCEL)
                .addSink(
                        Nodes.ESCALATED,
                        topics.escalated(),
                        loopKeys(),
                        new ByteArraySerializer(),
                        loopPartitions(),
                        Nodes.ESCALATE)
                .addSink(
                        Nodes.GRADED,
                        topics.graded(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.FINISH)
                .addSink(
                        Nodes.FLAGGED,
                        topics.flagged(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.FINISH)
                .addSink(
                        Nodes.FAILED,
                        topics.failed(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.FINISH)
                .addSink(
                        Nodes.OBSERVATIONS,
                        topics.observations(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.GRADE,
                        Nodes.FINISH)
                .addSink(
                        Nodes.SCORED,
                        topics.scorecards(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        Nodes.LEARN)
                .addSink(
                        Nodes.PREDICTED,
                        topics.predictors(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        Nodes.LEARN)
                .addSink(
                        Nodes.LINES_ENDED,
                        topics.jobsProgress(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.FINISH)
                .addSink(
                        Nodes.JOBS_SINK,
                        topics.jobs(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        Nodes.JOBS)
                .addSink(
                        Nodes.CLAIMS,
                        topics.ledgerRequests(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        Nodes.PURSE)
                .addSource(
                        AutoOffsetReset.earliest(),
                        Nodes.CLAIMED,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.ledgerRequests())
                .addProcessor(Nodes.LEDGER, () -> new LedgerProcessor(parts), Nodes.CLAIMED)
                .addStateStore(store(parts, Stores.LEDGER), Nodes.LEDGER)
                .addSink(
                        Nodes.GRANTED,
                        topics.ledgerGrants(),
                        new IntegerSerializer(),
                        new ByteArraySerializer(),
                        toHolders(),
                        Nodes.LEDGER);
    }

    /// The changelog topics of an application's stores.
    static List<String> changelogs(String applicationId) {
        return Stream.of(Stores.SEEN, Stores.pending(Stage.ANSWER), Stores.pending(Stage.CHECK))
                .map(store -> applicationId + "-" + store + "-changelog")
                .toList();
    }

    private static FollowProcessor<ScorecardRecord> knownScorecards(Parts parts) {
        return new FollowProcessor<>(
                parts.topics().scorecards(),
                Stores.SCORECARDS,
                parts.serdes().scorecard().deserializer(),
                card -> parts.knowledge().put(LearnCodec.fromRecord(card)),
                _ -> {});
    }

    private static FollowProcessor<PredictorRecord> knownPredictors(Parts parts) {
        return new FollowProcessor<>(
                parts.topics().predictors(),
                Stores.PREDICTORS,
                parts.serdes().predictor().deserializer(),
                taught -> parts.knowledge().put(Learners.scope(taught), Learners.predictor(taught)),
                _ -> {});
    }

    private static FollowProcessor<JobRecord> knownJobs(Parts parts) {
        return new FollowProcessor<>(
                parts.topics().jobs(),
                Stores.PUBLISHED_JOBS,
                parts.serdes().job().deserializer(),
                job -> parts.jobs().published(JobCodec.fromRecord(job)),
                parts.jobs()::forgotten);
    }

    /// Small, and read from the topic at each start.
    private static StoreBuilder<KeyValueStore<String, byte[]>> inMemory(String name) {
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                        org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingDisabled();
    }

    private static CallStageProcessor stage(Parts parts, Stage stage, String nextNode) {
        return new CallStageProcessor(parts, stage, parts.logic(stage), nextNode);
    }

    /// Small segments and early compaction: what a crash replays stays close to what is alive.
    private static StoreBuilder<KeyValueStore<String, byte[]>> store(Parts parts, String name) {
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                        org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(
                        Map.of(
                                "segment.bytes", Integer.toString(CHANGELOG_SEGMENT_MIB * MIB),
                                "min.cleanable.dirty.ratio", "0.1",
                                "max.message.bytes",
                                        Integer.toString(parts.engine().maxRecordBytes() + MIB)));
    }

    private static Serializer<LoopKey> loopKeys() {
        StringSerializer ids = new StringSerializer();
        return (topic, key) -> ids.serialize(topic, key.id());
    }

    /// A grant goes to the partition whose purse it is for.
    private static StreamPartitioner<Integer, byte[]> toHolders() {
        return (_, holder, _, _) -> Optional.of(Set.of(holder));
    }

    /// Empty leaves the choice to Kafka, which goes by the id.
    private static StreamPartitioner<LoopKey, byte[]> loopPartitions() {
        return (_, key, _, _) ->
                key.partition().isPresent()
                        ? Optional.of(Set.of(key.partition().getAsInt()))
                        : Optional.empty();
    }
}
