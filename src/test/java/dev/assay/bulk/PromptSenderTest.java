package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assay.avro.PromptEvent;
import dev.assay.bulk.InputReader.Bounds;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

class PromptSenderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir private Path folder;
    private final List<PromptEvent> events = new ArrayList<>();
    private MockProducer<String, byte[]> producer = producer(true);

    @Test
    void sendsEachLineWithItsRunAndPlace() throws Exception {
        PromptSender sender = sender("{\"id\":\"a\",\"prompt\":\"x\"}\n{\"prompt\":\"y\"}\n", 10);

        sender.run();

        assertThat(sender.end().state()).isEqualTo(Future.State.SUCCESS);
        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly("a", "line-2");
        assertThat(events).extracting(PromptEvent::getJobId).containsOnly("run");
        assertThat(events).extracting(PromptEvent::getJobLine).containsExactly(1L, 2L);
        assertThat(events).extracting(PromptEvent::getCreatedAt).containsOnly(NOW);
        assertThat(RunMarks.line(producer.history().getLast().headers(), "run")).hasValue(2);
        assertThat(RunMarks.line(producer.history().getLast().headers(), "other")).isEmpty();
    }

    @Test
    void leavesOutWhatIsDoneOrWasSentEarlier() throws Exception {
        PromptSender sender = sender("one\ntwo\nthree\n", 10, bits(1), bits(3));

        sender.run();

        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly("line-2");
        assertThat(sender.linesRead()).isEqualTo(3);
    }

    @Test
    void staysNoFurtherAheadOfResultsThanAllowed() throws Exception {
        PromptSender sender = sender("one\ntwo\nthree\n", 2);
        Thread sending = Thread.ofVirtual().start(sender);

        await().until(() -> sending.getState() == Thread.State.WAITING);
        assertThat(producer.history()).hasSize(2);
        sender.resultCame();
        sending.join();

        assertThat(producer.history()).hasSize(3);
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        PromptSender sender = sender("one\ntwo\n", 1);
        Thread sending = Thread.ofVirtual().start(sender);

        sending.interrupt();
        sending.join();

        assertThat(sender.end().isCancelled()).isTrue();
    }

    @Test
    void aRecordTooLargeForKafkaIsThatLinesFailure() throws Exception {
        producer = producer(false);
        PromptSender sender = sender("one\ntwo\n", 1);
        Thread sending = Thread.ofVirtual().start(sender);
        await().until(() -> sending.getState() == Thread.State.WAITING);

        producer.errorNext(new RecordTooLargeException("too large"));
        ResultRow failure = sender.nextFailure().orElseThrow();
        sender.resultCame();
        sending.join();

        assertThat(failure.error().orElseThrow().code()).isEqualTo("too_large");
        assertThat(failure.line()).isEqualTo(1);
        assertThat(sender.end().state()).isEqualTo(Future.State.SUCCESS);
    }

    @Test
    void aBadLineIsAFailureWithoutBeingSent() throws Exception {
        PromptSender sender = sender("{\"prompt\":\"x\"}\n{}\n", 10);

        sender.run();

        assertThat(sender.nextFailure().orElseThrow().line()).isEqualTo(2);
        assertThat(sender.nextFailure()).isEmpty();
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void aBrokerThatTakesNothingEndsIt() throws Exception {
        PromptSender sender = sender("one\n", 10);
        producer.sendException = new TimeoutException("nobody there");

        sender.run();

        assertThat(sender.end().state()).isEqualTo(Future.State.FAILED);
    }

    private PromptSender sender(String text, int maxAhead) throws IOException, InputException {
        return sender(text, maxAhead, new BitSet(), new BitSet());
    }

    private PromptSender sender(String text, int maxAhead, BitSet done, BitSet sent)
            throws IOException, InputException {
        Path file = Files.writeString(folder.resolve("in"), text);
        InputReader input = InputReader.open(file, "in", Optional.empty(), new Bounds(1_000, 100));
        return new PromptSender(
                new PromptSender.Settings("run", _ -> "prompts", done, sent, maxAhead),
                input,
                producer,
                (_, event) -> {
                    events.add(event);
                    return new byte[0];
                },
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static MockProducer<String, byte[]> producer(boolean completes) {
        return new MockProducer<>(
                completes, null, new StringSerializer(), new ByteArraySerializer());
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
