package dev.assay.topology;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.codec.RegistrySerdes;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.PromptSample;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class DedupProcessorTest {

    private static final Duration WINDOW = Duration.ofHours(24);

    private Instant now = NOW;
    private final Parts parts =
            PartsSample.parts(
                    new RegistrySerdes(Map.of("url", "mock://dedup")),
                    new FakeProvider(),
                    () -> now);
    private final MockProcessorContext<String, Waypoint> context = new MockProcessorContext<>();
    private final KeyValueStore<String, byte[]> seen =
            org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(
                                    Stores.SEEN),
                            Serdes.String(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
    private final DedupProcessor dedup = new DedupProcessor(parts);

    @BeforeEach
    void open() {
        seen.init(context.getStateStoreContext(), seen);
        context.addStateStore(seen);
        dedup.init(context);
    }

    @AfterEach
    void close() {
        parts.flights().close();
        seen.close();
    }

    @Test
    void idIsLetThroughOncePerWindow() {
        process("p1");
        now = now.plus(WINDOW);
        process("p1");
        assertThat(context.forwarded()).hasSize(1);

        now = now.plusMillis(1);
        process("p1");
        assertThat(context.forwarded()).hasSize(2);
    }

    @Test
    void idsAreForgottenAsFastAsTheyCome() {
        for (int i = 0; i < 3_000; i++) {
            process("p" + i);
        }
        now = now.plus(WINDOW).plusSeconds(1);

        second();

        assertThat(seen.approximateNumEntries()).isZero();
    }

    @Test
    void cleaningGetsRoundTheStoreAndSparesWhatIsInTheWindow() {
        for (int i = 0; i < 3_000; i++) {
            process("old" + i);
        }
        second();
        now = now.plus(WINDOW).plusSeconds(1);
        process("new");

        for (int i = 0; i < 5; i++) {
            second();
        }

        assertThat(seen.approximateNumEntries()).isEqualTo(1);
        assertThat(seen.get("new")).isNotNull();
    }

    @Test
    void sameRecordIsADuplicateWithinTransactions() {
        process("p1", 7);
        process("p1", 7);

        assertThat(context.forwarded()).hasSize(1);
    }

    /// The id came through a crash, and nobody knows whether its prompt did.
    @Test
    void sameRecordIsNoDuplicateWithoutTransactions() {
        DedupProcessor atLeastOnce = atLeastOnce();
        atLeastOnce.process(at("p1", 7));

        atLeastOnce.process(at("p1", 8));
        assertThat(context.forwarded()).as("another record").hasSize(1);

        atLeastOnce.process(at("p1", 7));
        assertThat(context.forwarded()).as("the same record").hasSize(2);
    }

    /// What is refused once more is a further record of its id, as what is answered is.
    @Test
    void whatIsSentAgainAndRefusedIsOfTheNextGeneration() {
        process("p1", 7);

        dedup.process(sentAgain("p1", 8, 0));
        dedup.process(sentAgain("p1", 9, 0));

        assertThat(generations()).containsExactly(1, 2);
    }

    /// The pipeline may have forgotten the id, the failure has not.
    @Test
    void generationGoesOnFromThatOfTheFailure() {
        Record<String, Waypoint> record = at("p1", 8);
        RedriveMark.set(record.headers(), "prompts.failed", 0, 5, 3);

        dedup.process(record);

        assertThat(generations()).containsExactly(4);
    }

    @Test
    void failureThatLetItsPromptInDoesNotDoSoAgainWhenItsWindowIsOver() {
        process("p1", 7);
        dedup.process(sentAgain("p1", 8, 0));
        now = now.plus(WINDOW).plusSeconds(1);

        dedup.process(sentAgain("p1", 9, 0));

        assertThat(generations()).containsExactly(1, 2);
    }

    @Test
    void whatIsDeliveredAgainWithoutTransactionsKeepsItsGeneration() {
        DedupProcessor atLeastOnce = atLeastOnce();
        atLeastOnce.process(at("p1", 7));
        atLeastOnce.process(sentAgain("p1", 8, 0));

        atLeastOnce.process(sentAgain("p1", 8, 0));

        assertThat(generations()).containsExactly(1, 2, 2);
    }

    @Test
    void closedTaskLeavesNoScheduleBehind() {
        dedup.close();

        assertThat(context.scheduledPunctuators())
                .hasSize(1)
                .allMatch(CapturedPunctuator::cancelled);
    }

    private DedupProcessor atLeastOnce() {
        DedupProcessor atLeastOnce =
                new DedupProcessor(
                        PartsSample.parts(
                                new RegistrySerdes(Map.of("url", "mock://dedup")),
                                new FakeProvider(),
                                () -> now,
                                "kafka: {processing.guarantee: at_least_once}"));
        atLeastOnce.init(context);
        return atLeastOnce;
    }

    private List<Integer> generations() {
        return context.forwarded().stream()
                .map(forwarded -> ((Result.Rejected) forwarded.record().value()).generation())
                .toList();
    }

    private static Record<String, Waypoint> sentAgain(String id, long offset, long failedOffset) {
        Record<String, Waypoint> record = at(id, offset);
        RedriveMark.set(record.headers(), "prompts.failed", 0, failedOffset, 1);
        return record;
    }

    private void process(String id) {
        dedup.process(new Record<>(id, new PromptSample().admitted(), 0));
    }

    private void process(String id, long offset) {
        dedup.process(at(id, offset));
    }

    private static Record<String, Waypoint> at(String id, long offset) {
        RecordCoordinates coordinates = new RecordCoordinates("prompts", 0, offset);
        return new Record<>(
                id,
                new Result.Rejected(
                        id,
                        new Failure(FailureCode.INVALID_INPUT, "for a test"),
                        ByteBuffer.allocate(0),
                        Labels.NONE,
                        Origin.of(coordinates, NOW)),
                0);
    }

    private void second() {
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(0);
    }
}
