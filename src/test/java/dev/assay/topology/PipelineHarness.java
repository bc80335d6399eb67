package dev.assay.topology;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobEvent;
import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.avro.ScorecardRecord;
import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.StateCodec;
import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.decide.learn.Predictor;
import dev.assay.flight.CallThreads;
import dev.assay.model.PromptState;
import dev.assay.provider.ModelProvider;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// The real topology without a broker: send, advance the time, read.
///
/// Calls run on their own threads as they do in the pipeline; after each step the harness waits
/// until all have landed and lets the stages empty their inboxes, until nothing moves.
final class PipelineHarness implements AutoCloseable {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final AtomicLong SCOPES = new AtomicLong();
    private static final Duration LANDING = Duration.ofSeconds(10);
    private static final Duration TURN = Duration.ofMillis(5);

    private final TopologyFile file;
    private final Map<String, FakeProvider> models = new HashMap<>();
    private final RegistrySerdes serdes;
    private final Topics topics;
    private final Path stateDir;
    private final MeterRegistry meters;
    private Instant now = START;
    private Parts parts;
    private TopologyTestDriver driver;

    /// @param yaml a topology file; its providers are all replaced by fakes
    PipelineHarness(String yaml, Path stateDir) {
        this(yaml, stateDir, new CompositeMeterRegistry());
    }

    /// @param meters where it counts and times
    PipelineHarness(String yaml, Path stateDir, MeterRegistry meters) {
        this.meters = meters;
        this.file = TopologyParser.parse(yaml, Path.of("harness.yaml"), Map.of());
        this.stateDir = stateDir;
        this.serdes =
                new RegistrySerdes(Map.of("url", "mock://harness-" + SCOPES.incrementAndGet()));
        this.topics = new Topics(file.topics().prefix());
        for (ModelConfig model : file.models()) {
            models.put(model.name(), new FakeProvider());
        }
        open();
    }

    FakeProvider model(String name) {
        return Objects.requireNonNull(models.get(name), name);
    }

    /// The smallest valid event.
    static PromptEvent.Builder event(String id, String text) {
        return PromptEvent.newBuilder()
                .setId(id)
                .setPriority(Priority.INTERACTIVE)
                .setMessages(List.of(new Message("user", text)));
    }

    void send(PromptEvent.Builder event) {
        PromptEvent built = event.build();
        sendBytes(built.getId(), encode(built));
    }

    byte[] encode(PromptEvent event) {
        return serdes.promptEvent().serializer().serialize(topics.prompts(), event);
    }

    PromptEvent decode(ByteBuffer event) {
        byte[] bytes = new byte[event.remaining()];
        event.duplicate().get(bytes);
        return serdes.promptEvent().deserializer().deserialize(topics.prompts(), bytes);
    }

    /// A prompt that comes back through the loop topic.
    void sendEscalated(PromptState state) {
        send(
                topics.escalated(),
                new ProducerRecord<>(topics.escalated(), "").headers(),
                state.prompt().id(),
                serdes.promptState()
                        .serializer()
                        .serialize(topics.escalated(), StateCodec.toRecord(state)));
    }

    /// A record as any producer might send it; a null key is none.
    void sendBytes(@Nullable String key, byte @Nullable [] value) {
        send(topics.prompts(), new ProducerRecord<>("prompts", "").headers(), key, value);
    }

    void send(String topic, Headers headers, @Nullable String key, byte @Nullable [] value) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(
                        topic, new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(
                new TestRecord<>(
                        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                        value,
                        headers,
                        now));
        settle();
    }

    /// Time passes, and everything that is due is done.
    void advance(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(TURN)) {
            tick(TURN);
        }
        settle();
    }

    /// Time passes at once; what was due in between is done once.
    void jump(Duration time) {
        tick(time);
        settle();
    }

    List<GradedAnswer> graded() {
        return answers(topics.graded());
    }

    List<GradedAnswer> flagged() {
        return answers(topics.flagged());
    }

    List<TestRecord<String, GradedAnswer>> gradedRecords() {
        return output(topics.graded(), serdes.gradedAnswer().deserializer()).readRecordsToList();
    }

    List<FailedPrompt> failed() {
        return failedRecords().stream().map(TestRecord::value).toList();
    }

    List<TestRecord<String, FailedPrompt>> failedRecords() {
        return output(topics.failed(), serdes.failedPrompt().deserializer()).readRecordsToList();
    }

    void sendFeedback(FeedbackEvent feedback) {
        send(
                topics.feedback(),
                new ProducerRecord<>(topics.feedback(), "").headers(),
                feedback.getId(),
                serdes.feedback().serializer().serialize(topics.feedback(), feedback));
    }

    /// The newest of each key.
    Map<String, ScorecardRecord> scorecards() {
        Map<String, ScorecardRecord> newest = new TreeMap<>();
        output(topics.scorecards(), serdes.scorecard().deserializer())
                .readRecordsToList()
                .forEach(record -> newest.put(record.key(), record.value()));
        return newest;
    }

    /// Predictors that were published since this was last asked.
    List<Predictor> predictors() {
        return output(topics.predictors(), serdes.predictor().deserializer())
                .readValuesToList()
                .stream()
                .map(Learners::predictor)
                .toList();
    }

    void sendJobEvent(JobEvent event) {
        send(
                topics.jobsProgress(),
                new ProducerRecord<>(topics.jobsProgress(), "").headers(),
                event.getJob(),
                serdes.jobEvent().serializer().serialize(topics.jobsProgress(), event));
    }

    /// What was published of jobs since this was last asked; empty for one that is forgotten.
    List<TestRecord<String, byte[]>> publishedJobs() {
        return output(topics.jobs(), new ByteArrayDeserializer()).readRecordsToList();
    }

    /// The jobs this instance knows of.
    Jobs jobs() {
        return parts.jobs();
    }

    Topics topics() {
        return topics;
    }

    @Override
    public void close() {
        driver.close();
        parts.flights().close();
    }

    private void open() {
        Map<String, ModelProvider> providers = new HashMap<>(models);
        parts =
                Parts.of(
                        file,
                        providers,
                        serdes,
                        1,
                        () -> now,
                        new Random(1),
                        CallThreads.virtual(),
                        meters,
                        "harness");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "harness");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(PipelineTopology.build(parts), properties, now);
    }

    /// Until three turns in a row have made no call.
    private void settle() {
        long before = calls();
        for (int quiet = 0; quiet < 3; quiet++) {
            tick(TURN);
            if (calls() != before) {
                before = calls();
                quiet = -1;
            }
        }
    }

    private long calls() {
        return models.values().stream().mapToLong(model -> model.requests().size()).sum();
    }

    private void tick(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
        parts.flights().awaitLanding(LANDING);
    }

    private List<GradedAnswer> answers(String topic) {
        return output(topic, serdes.gradedAnswer().deserializer()).readValuesToList();
    }

    private <T> TestOutputTopic<String, T> output(
            String topic, org.apache.kafka.common.serialization.Deserializer<T> deserializer) {
        return driver.createOutputTopic(topic, new StringDeserializer(), deserializer);
    }
}
