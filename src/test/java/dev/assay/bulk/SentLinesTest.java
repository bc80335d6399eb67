package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

class SentLinesTest {

    private static final TopicPartition PROMPTS = new TopicPartition("prompts", 0);

    @Test
    void findsTheLinesOfThisRunUpToTheEnd() {
        MockConsumer<byte[], byte[]> consumer = consumer(3);
        consumer.schedulePollTask(
                () -> {
                    consumer.addRecord(sent("mine", 4, 0));
                    consumer.addRecord(sent("another", 5, 1));
                    consumer.addRecord(sent("mine", 7, 2));
                });

        BitSet lines = read(consumer, () -> false);

        assertThat(lines.stream()).containsExactly(4, 7);
    }

    @Test
    void readsNothingMoreOnceTheRunIsToldToStop() {
        MockConsumer<byte[], byte[]> consumer = consumer(3);
        consumer.schedulePollTask(() -> consumer.addRecord(sent("mine", 4, 0)));
        int[] asked = {0};

        BitSet lines = read(consumer, () -> asked[0]++ > 0);

        assertThat(lines.stream()).containsExactly(4);
    }

    @Test
    void brokerThatSendsNoRecordsIsGivenUp() {
        assertThatThrownBy(() -> read(consumer(3), () -> false))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("has not answered for 60 s");
    }

    @Test
    void brokerThatAnswersNoQuestionIsGivenUp() {
        MockConsumer<byte[], byte[]> silent =
                new MockConsumer<>("earliest") {
                    @Override
                    public synchronized List<PartitionInfo> partitionsFor(
                            String topic, Duration timeout) {
                        throw new TimeoutException("no answer");
                    }
                };

        assertThatThrownBy(() -> read(silent, () -> false)).isInstanceOf(RunException.class);
    }

    private static BitSet read(MockConsumer<byte[], byte[]> consumer, BooleanSupplier stopped) {
        return new SentLines(consumer, List.of("prompts"), stopped, everSecondLater()).read("mine");
    }

    private static InstantSource everSecondLater() {
        Instant[] now = {Instant.EPOCH};
        return () -> now[0] = now[0].plusSeconds(1);
    }

    private static MockConsumer<byte[], byte[]> consumer(long end) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        Node[] none = {};
        consumer.updatePartitions(
                "prompts", List.of(new PartitionInfo("prompts", 0, Node.noNode(), none, none)));
        consumer.updateBeginningOffsets(Map.of(PROMPTS, 0L));
        consumer.updateEndOffsets(Map.of(PROMPTS, end));
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> sent(String runId, long line, long offset) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("prompts", 0, offset, new byte[0], new byte[0]);
        RunMarks.set(record.headers(), runId, line);
        return record;
    }
}
