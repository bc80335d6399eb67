package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class CommittedOffsetsTest {

    private static final TopicPartition FIRST = new TopicPartition("prompts", 0);
    private static final TopicPartition SECOND = new TopicPartition("prompts", 1);

    private final CommittedOffsets offsets = new CommittedOffsets();

    @Test
    void transactionWithOffsetsCommitsThose() {
        offsets.read(at(FIRST, 7));

        assertThat(offsets.toSend(at(SECOND, 3))).isEqualTo(at(SECOND, 3));
    }

    @Test
    void transactionWithoutOffsetsCommitsAgainWhatIsCommitted() {
        offsets.read(at(FIRST, 7));
        assertThat(offsets.toSend(Map.of())).isEqualTo(at(FIRST, 7));
        offsets.committed();

        offsets.toSend(at(FIRST, 9));
        offsets.committed();

        assertThat(offsets.toSend(Map.of())).isEqualTo(at(FIRST, 9));
    }

    @Test
    void offsetsOfATransactionThatWasNotCommittedAreNone() {
        offsets.read(at(FIRST, 7));
        offsets.toSend(at(FIRST, 9));

        assertThat(offsets.toSend(Map.of())).isEqualTo(at(FIRST, 7));
    }

    @Test
    void partitionsThatAreGoneAreNotCommitted() {
        offsets.read(at(FIRST, 7));

        offsets.lost(List.of(FIRST));

        assertThat(offsets.toSend(Map.of())).isEmpty();
    }

    private static Map<TopicPartition, OffsetAndMetadata> at(
            TopicPartition partition, long offset) {
        return Map.of(partition, new OffsetAndMetadata(offset));
    }
}
