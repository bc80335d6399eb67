package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.ObservationRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.avro.TryRecord;
import dev.assay.codec.RegistrySerdes;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.LearnedChoice;
import dev.assay.decide.learn.Predictor;
import dev.assay.model.CheckPolicy;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Samples;
import dev.assay.provider.ModelRequest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

class LearnProcessorTest {

    private static final String CHEAPEST =
            """
            name: harness
            models:
              - {name: small, provider: simulated, price: {input: 1, output: 2}}
              - {name: large, provider: simulated, price: {input: 10, output: 20}}
              - {name: other, provider: simulated, price: {input: 1, output: 1}}
            routes:
              - name: default
                assign: {strategy: cheapest, models: [small, large]}
                check: {judges: [other], pass: 7}
            tenants: {acme: {share_learning: false}}
            """;

    private static final Duration PUBLISHED = Duration.ofSeconds(2);

    @TempDir private Path stateDir;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private PipelineHarness pipeline;

    @BeforeEach
    void start() {
        pipeline = new PipelineHarness(CHEAPEST, stateDir, meters);
        pipeline.model("other").scores(8);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void everyRoundOfEveryPromptIsOnTheScorecards() {
        pipeline.send(event("a", "one"));
        pipeline.send(event("b", "two"));
        pipeline.advance(PUBLISHED);

        ScorecardRecord card = card("default|small|other|" + rubric());
        assertThat(card.getFirst().getTries()).isCloseTo(2, within(0.01));
        assertThat(card.getFirst().getMeanGrade()).isEqualTo(8);
        assertThat(card.getFirst().getPassShare()).isEqualTo(1);
        assertThat(card.getFirst().getAnswerUsd()).isCloseTo(0.002, within(1e-9));
        assertThat(card.getFirst().getCheckUsd()).isCloseTo(0.0015, within(1e-9));
    }

    @Test
    void escalationsAreKeptApartFromFirstRounds() {
        pipeline.model("other").scores(3);
        pipeline.send(event("a", "one"));
        pipeline.advance(PUBLISHED);

        Map<String, ScorecardRecord> cards = pipeline.scorecards();
        assertThat(card(cards, "default|small|other|" + rubric()).getFirst().getTries())
                .isEqualTo(1);
        assertThat(card(cards, "default|large|other|" + rubric()).getFirst().getTries())
                .isEqualTo(0);
        assertThat(card(cards, "default|large|other|" + rubric()).getLater().getTries())
                .isEqualTo(1);
    }

    @Test
    void noMoreIsObservedInASecondThanTells() {
        Parts parts = PartsSample.parts(new RegistrySerdes(Map.of("url", "mock://pace")));
        MockProcessorContext<String, Object> context = new MockProcessorContext<>();
        ObservationWriter writer = new ObservationWriter(parts);
        PromptState asked =
                new PromptSample()
                        .admitted()
                        .assigned(parts.routes().routes().getFirst(), Samples.plan("", "only"))
                        .plusAttempt(Samples.attempt(1, "only", "answered"));

        for (int i = 0; i < 3 * ObservationWriter.MOST_A_SECOND; i++) {
            writer.write(asked, new Record<>("p", asked, 0), context);
        }

        assertThat(context.forwarded()).hasSize(ObservationWriter.MOST_A_SECOND);
        parts.flights().close();
    }

    @Test
    void modelThatGivesNoAnswerIsHeldToItsAccount() {
        pipeline.model("small").does(_ -> FakeProvider.badRequest());
        pipeline.model("large").does(_ -> FakeProvider.badRequest());
        pipeline.send(event("a", "one"));
        pipeline.advance(PUBLISHED);

        assertThat(pipeline.failed()).hasSize(1);
        assertThat(card("default|small||" + rubric()).getFirst())
                .satisfies(
                        tally -> {
                            assertThat(tally.getFailureShare()).isEqualTo(1);
                            assertThat(tally.getMeanGrade()).isNull();
                        });
    }

    @Test
    void assignGoesByWhatWasLearned() {
        pipeline.model("small").says("weak");
        pipeline.model("other")
                .does(
                        request ->
                                request.chatJson().contains("weak")
                                        ? FakeProvider.answer(
                                                "{\"reason\": \"weak\", \"score\": 1}")
                                        : FakeProvider.answer(
                                                "{\"reason\": \"good\", \"score\": 9}"));
        for (int i = 0; i < 60; i++) {
            pipeline.send(event("p-" + i, "the same"));
        }
        pipeline.advance(PUBLISHED);
        int before = pipeline.model("small").requests().size();

        pipeline.send(event("late", "the same"));

        assertThat(pipeline.model("small").requests()).hasSize(before);
    }

    /// Small is good at sums, large at everything, which is worth its price for poems alone. There
    /// is one round, so who is asked first answers.
    @Test
    void learnedTellsPromptsApartAfterEnoughGrades() {
        pipeline.close();
        pipeline =
                new PipelineHarness(
                        CHEAPEST.replace(
                                        "strategy: cheapest,",
                                        "strategy: learned, usd_per_point: 0.005, explore: 0.3, buckets: 4096, dimensions: 64,")
                                .replace("pass: 7}", "pass: 7}\n    rounds: 1"),
                        stateDir,
                        meters);
        pipeline.model("small").does(request -> FakeProvider.answer(skill(request, "weak")));
        pipeline.model("large").does(request -> FakeProvider.answer(skill(request, "fine")));
        pipeline.model("other")
                .does(
                        request ->
                                FakeProvider.answer(
                                        request.chatJson().contains("weak")
                                                ? "{\"reason\": \"weak\", \"score\": 1}"
                                                : "{\"reason\": \"good\", \"score\": 9}"));
        for (int i = 0; i < 150; i++) {
            pipeline.send(event("sum-" + i, "add " + i + " and 4"));
            pipeline.send(event("poem-" + i, "write a poem of " + i + " lines"));
        }
        List<Predictor> predictors = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            pipeline.advance(PUBLISHED);
                            return predictors.addAll(pipeline.predictors());
                        });

        String sum = unexplored("sum");
        String poem = unexplored("poem");
        pipeline.send(event(sum, "add 1 and 4"));
        pipeline.send(event(poem, "write a poem of 7 lines"));

        Map<String, String> models = new HashMap<>();
        pipeline.graded().forEach(answer -> models.put(answer.getId(), answer.getModel()));
        pipeline.flagged().forEach(answer -> models.put(answer.getId(), answer.getModel()));
        assertThat(models).containsEntry(sum, "small").containsEntry(poem, "large");
        assertThat(predictors.getLast().settings())
                .isEqualTo(new LearnSettings(1000, 12, 64, true, true));
    }

    /// An id whose prompt is none of those that explore, however many do.
    private static String unexplored(String what) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "a-" + what + "-" + i)
                .filter(id -> LearnedChoice.draw(id) > 0.5)
                .findFirst()
                .orElseThrow();
    }

    private static String skill(ModelRequest request, String otherwise) {
        return request.chatJson().contains("add ") ? "fine" : otherwise;
    }

    @Test
    void gradeFromOutsideCountsForWhoAnswered() {
        pipeline.send(event("a", "one"));
        pipeline.sendFeedback(new FeedbackEvent("a", 2.0, "human"));
        pipeline.advance(PUBLISHED);

        assertThat(card("default|small|feedback:human|").getFirst())
                .satisfies(
                        tally -> {
                            assertThat(tally.getMeanGrade()).isEqualTo(2);
                            assertThat(tally.getPassShare()).isEqualTo(0);
                            assertThat(tally.getTries()).isEqualTo(0);
                        });
        assertThat(feedbacks("counted")).isEqualTo(1);
    }

    @Test
    void gradeThatIsNoneOrOfNobodyIsCountedAndLeftOut() {
        pipeline.sendFeedback(new FeedbackEvent("nobody", 2.0, "human"));
        pipeline.send(event("a", "one"));
        pipeline.sendFeedback(new FeedbackEvent("a", Double.NaN, "human"));
        pipeline.sendFeedback(new FeedbackEvent("a", 11.0, "human"));
        pipeline.send(
                pipeline.topics().feedback(),
                new RecordHeaders(),
                "a",
                "garbage".getBytes(StandardCharsets.UTF_8));
        pipeline.advance(PUBLISHED);

        assertThat(pipeline.scorecards()).doesNotContainKey("default|small|feedback:human|");
        assertThat(feedbacks("unknown")).isEqualTo(1);
        assertThat(feedbacks("ignored")).isEqualTo(3);
    }

    @Test
    void tenantThatSharesNothingHasScorecardsOfItsOwn() {
        pipeline.send(event("a", "one").setTenant("acme"));
        pipeline.advance(PUBLISHED);

        assertThat(pipeline.scorecards().keySet())
                .containsExactly("7:default/acme|small|other|" + rubric());
    }

    @Test
    void whatWasLearnedOutlivesAStop() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://learn"));
        Parts parts = PartsSample.parts(serdes);
        KeyValueStore<String, byte[]> store = PartsSample.store(Stores.LEARNED);
        LearnProcessor before = opened(parts, store, new MockProcessorContext<>());
        for (int i = 0; i < 1_500; i++) {
            before.process(observation(serdes, "p-" + i));
        }
        before.close();

        MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
        LearnProcessor after = opened(parts, store, context);
        after.process(observation(serdes, "last"));
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(0);

        byte[] card = context.forwarded().getLast().record().value();
        double decayed = (1 - Math.pow(1 - 1.0 / 5_000, 1_501)) * 5_000;
        assertThat(serdes.scorecard().deserializer().deserialize("scorecards", card).getFirst())
                .satisfies(tally -> assertThat(tally.getTries()).isCloseTo(decayed, within(1e-6)));
        parts.flights().close();
    }

    private static LearnProcessor opened(
            Parts parts,
            KeyValueStore<String, byte[]> store,
            MockProcessorContext<byte[], byte[]> context) {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        context.setRecordMetadata("observations", 0, 0);
        LearnProcessor processor = new LearnProcessor(parts);
        processor.init(context);
        return processor;
    }

    private static Record<byte[], byte[]> observation(RegistrySerdes serdes, String id) {
        ObservationRecord observation =
                ObservationRecord.newBuilder()
                        .setId(id)
                        .setRoute("default")
                        .setTries(
                                List.of(TryRecord.newBuilder().setModel("m").setGrade(5.0).build()))
                        .build();
        byte[] value = serdes.observation().serializer().serialize("observations", observation);
        return new Record<>(new byte[0], value, 0);
    }

    private ScorecardRecord card(String key) {
        return card(pipeline.scorecards(), key);
    }

    private static ScorecardRecord card(Map<String, ScorecardRecord> cards, String key) {
        return Objects.requireNonNull(cards.get(key), key);
    }

    private double feedbacks(String outcome) {
        return meters.counter("assay.feedback", "outcome", outcome).count();
    }

    private String rubric() {
        return CheckPolicy.NONE.rubricKey();
    }
}
