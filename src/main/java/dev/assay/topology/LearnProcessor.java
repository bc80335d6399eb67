package dev.assay.topology;

import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.LearnEvent;
import dev.assay.avro.ObservationRecord;
import dev.assay.avro.PredictorRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.codec.LearnCodec;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Verdict;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Adds up what all rounds show of the models, and publishes it.
///
/// Everything lives in memory. The store holds the last observations as they came, and the
/// scorecards as of one of them; what came after is counted again when the task opens.
final class LearnProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(LearnProcessor.class);

    private static final Duration PUBLISH = Duration.ofSeconds(1);

    /// Events after which the scorecards go to the store: as many are counted again at most.
    private static final int KEEP_EVERY = 1_000;

    /// The same for what is learned of single prompts, which is megabytes.
    private static final int KEEP_LEARNERS_EVERY = 10_000;

    private static final String EVENT = "event|";
    private static final String CARD = "card|";

    /// The number of the last event that the kept scorecards hold.
    private static final String KEPT = "kept";

    /// The same of what is learned of single prompts.
    private static final String KEPT_LEARNERS = "kept-learners";

    /// Sorts behind every key of its kind.
    static final String LAST = "\uffff";

    private static final int HEXADECIMAL = 16;
    private static final int MOST_SOURCE_CHARS = 512;

    private final Parts parts;
    private final Deserializer<ObservationRecord> observations;
    private final Deserializer<FeedbackEvent> feedbacks;
    private final Serializer<ScorecardRecord> cards;
    private final Serializer<PredictorRecord> predictors;
    private Scorecards scorecards = new Scorecards();
    private RecentPrompts recent = new RecentPrompts(0);
    private Learners learners;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<String, byte[]> store;
    private Cancellable schedule;
    private long lastEvent;
    private long keptEvent;
    private long keptLearners;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    LearnProcessor(Parts parts) {
        this.parts = parts;
        this.observations = parts.serdes().observation().deserializer();
        this.feedbacks = parts.serdes().feedback().deserializer();
        this.cards = parts.serdes().scorecard().serializer();
        this.predictors = parts.serdes().predictor().serializer();
        this.learners = new Learners(parts.routes()::learning, parts.solver());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(Stores.LEARNED);
        scorecards = new Scorecards();
        recent = new RecentPrompts(parts.engine().recentPrompts());
        learners = new Learners(parts.routes()::learning, parts.solver());
        recall();
        schedule =
                processorContext.schedule(PUBLISH, PunctuationType.WALL_CLOCK_TIME, _ -> publish());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        if (metadata.topic().equals(parts.topics().feedback())) {
            decoded(feedbacks, record, metadata)
                    .filter(feedback -> isGrade(feedback, metadata))
                    .ifPresent(this::graded);
        } else {
            decoded(observations, record, metadata).ifPresent(this::observed);
        }
    }

    private <T> Optional<T> decoded(
            Deserializer<T> deserializer, Record<byte[], byte[]> record, RecordMetadata from) {
        try {
            T value = deserializer.deserialize(from.topic(), record.value());
            if (value != null) {
                return Optional.of(value);
            }
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
        }
        ignored(from, "it has no value of this topic's schema");
        return Optional.empty();
    }

    private boolean isGrade(FeedbackEvent feedback, RecordMetadata from) {
        double score = feedback.getScore();
        if (!(score >= 0 && score <= Verdict.BEST_SCORE)) {
            ignored(from, "its score is not from 0 to 10");
            return false;
        }
        if (feedback.getSource().length() > MOST_SOURCE_CHARS) {
            // It is part of the key and the value of a scorecard, which must fit a record.
            ignored(from, "its source has more than " + MOST_SOURCE_CHARS + " characters");
            return false;
        }
        return true;
    }

    private void ignored(RecordMetadata from, String reason) {
        LOG.warn(
                "record {}-{}-{} is left out: {}",
                from.topic(),
                from.partition(),
                from.offset(),
                reason);
        parts.metrics().feedback("ignored");
    }

    private void observed(ObservationRecord record) {
        Observation observation = LearnCodec.fromRecord(record);
        scorecards.add(observation);
        recent.add(observation, lastEvent + 1);
        learners.add(observation);
        keep(LearnEvent.newBuilder().setObservation(record).build());
    }

    private void graded(FeedbackEvent feedback) {
        Optional<RecentPrompts.Answered> answered = recent.find(feedback.getId());
        answered.ifPresentOrElse(
                found -> {
                    teach(feedback, found);
                    score(feedback, found);
                    keep(LearnEvent.newBuilder().setFeedback(feedback).build());
                },
                () ->
                        LOG.info(
                                "a grade by {} for prompt {} comes too late, or too early: it is none of the last {} that were answered; see engine.recent_prompts",
                                feedback.getSource(),
                                feedback.getId(),
                                parts.engine().recentPrompts()));
        parts.metrics().feedback(answered.isPresent() ? "counted" : "unknown");
    }

    private void teach(FeedbackEvent feedback, RecentPrompts.Answered answered) {
        Optional.ofNullable(store.get(key(answered.event())))
                .map(StoreCodec::decodeLearnEvent)
                .map(LearnEvent::getObservation)
                .map(LearnCodec::fromRecord)
                .ifPresent(seen -> learners.addLate(seen, answered.model(), feedback.getScore()));
    }

    private void score(FeedbackEvent feedback, RecentPrompts.Answered answered) {
        double bar =
                parts.routes()
                        .named(answered.scope().route())
                        .map(route -> route.check().pass())
                        .orElse(CheckPolicy.DEFAULT_PASS);
        scorecards.addLate(
                answered.scope(),
                answered.model(),
                feedback.getSource(),
                answered.round(),
                answered.propensity(),
                feedback.getScore(),
                feedback.getScore() >= bar);
    }

    private void keep(LearnEvent event) {
        lastEvent++;
        store.put(key(lastEvent), StoreCodec.encode(event));
        store.delete(key(lastEvent - parts.engine().recentPrompts()));
        if (lastEvent - keptEvent >= Math.min(KEEP_EVERY, parts.engine().recentPrompts())) {
            keepCards();
        }
        if (lastEvent - keptLearners
                >= Math.min(KEEP_LEARNERS_EVERY, parts.engine().recentPrompts())) {
            learners.keep(store);
            keptLearners = lastEvent;
            store.put(KEPT_LEARNERS, number(keptLearners));
        }
    }

    private void keepCards() {
        for (Scorecard card : scorecards.takeUnkept()) {
            store.put(CARD + card.key().text(), StoreCodec.encode(card));
        }
        keptEvent = lastEvent;
        store.put(KEPT, number(keptEvent));
    }

    private void publish() {
        for (Scorecard card : scorecards.takeUnpublished()) {
            byte[] key = card.key().text().getBytes(StandardCharsets.UTF_8);
            byte[] value = cards.serialize(parts.topics().scorecards(), LearnCodec.toRecord(card));
            context.forward(new Record<>(key, value, parts.clock().millis()), Nodes.SCORED);
        }
        learners.take(parts.clock().instant()).forEach(this::publish);
    }

    private void publish(Scope scope, Predictor predictor) {
        byte[] key = scope.key().getBytes(StandardCharsets.UTF_8);
        byte[] value =
                predictors.serialize(
                        parts.topics().predictors(), Learners.record(scope, predictor));
        if (value.length > parts.engine().maxRecordBytes()) {
            LOG.error(
                    "what route {} has learned of single prompts takes {} bytes, more than engine.max_record_bytes ({}), and is not used; set fewer assign.buckets",
                    scope.route(),
                    value.length,
                    parts.engine().maxRecordBytes());
            return;
        }
        context.forward(new Record<>(key, value, parts.clock().millis()), Nodes.PREDICTED);
    }

    /// Back to where the task was when it was closed.
    private void recall() {
        try (KeyValueIterator<String, byte[]> kept = store.range(CARD, CARD + LAST)) {
            kept.forEachRemaining(card -> scorecards.put(StoreCodec.decodeScorecard(card.value)));
        }
        learners.recall(store, scorecards.scopes());
        keptEvent = number(KEPT);
        keptLearners = number(KEPT_LEARNERS);
        lastEvent = keptEvent;
        try (KeyValueIterator<String, byte[]> events = store.range(EVENT, EVENT + LAST)) {
            while (events.hasNext()) {
                KeyValue<String, byte[]> event = events.next();
                lastEvent = Long.parseLong(event.key.substring(EVENT.length()), HEXADECIMAL);
                recall(StoreCodec.decodeLearnEvent(event.value));
            }
        }
    }

    /// What the kept cards and sums hold already only tells again who answered.
    private void recall(LearnEvent event) {
        boolean counts = lastEvent > keptEvent;
        ObservationRecord record = event.getObservation();
        FeedbackEvent feedback = event.getFeedback();
        if (record != null) {
            Observation observation = LearnCodec.fromRecord(record);
            recent.add(observation, lastEvent);
            if (counts) {
                scorecards.add(observation);
            }
            if (lastEvent > keptLearners) {
                learners.add(observation);
            }
        }
        if (feedback != null) {
            Optional<RecentPrompts.Answered> answered = recent.find(feedback.getId());
            answered.filter(_ -> lastEvent > keptLearners)
                    .ifPresent(found -> teach(feedback, found));
            answered.filter(_ -> counts).ifPresent(found -> score(feedback, found));
        }
    }

    private static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }

    private long number(String key) {
        byte[] value = store.get(key);
        return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    }

    private static String key(long event) {
        return EVENT + "%016x".formatted(event);
    }
}
