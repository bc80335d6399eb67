package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.topology.Backpressure.Inlet;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A real consumer without a broker: what it would fetch is what is not paused.
class PausingConsumerTest {

    private static final TopicPartition PROMPTS_0 = new TopicPartition("prompts", 0);
    private static final TopicPartition PROMPTS_1 = new TopicPartition("prompts", 1);
    private static final TopicPartition BULK_0 = new TopicPartition("prompts.bulk", 0);
    private static final TopicPartition LOOP_0 = new TopicPartition("prompts.escalated", 0);

    private final Backpressure backpressure =
            new Backpressure(10, Map.of("prompts", Inlet.PROMPTS, "prompts.bulk", Inlet.BULK));
    private final PausingConsumer consumer =
            new PausingConsumer(
                    Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1"),
                    backpressure,
                    new CommittedOffsets());

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PROMPTS_0, PROMPTS_1, BULK_0, LOOP_0));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void promptsOfAFullTaskPauseUntilHalfIsLeftAndTheLoopNever() {
        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 10);
        assertThat(pausedAfterPoll()).isEmpty();

        backpressure.report(0, Stage.CHECK, Inlet.PROMPTS, 1);
        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);

        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 5);
        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);

        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 4);
        assertThat(pausedAfterPoll()).isEmpty();
    }

    @Test
    void bulkThatWaitsPausesBulkAlone() {
        backpressure.report(0, Stage.ANSWER, Inlet.BULK, 11);
        assertThat(pausedAfterPoll()).containsExactly(BULK_0);

        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 11);
        assertThat(pausedAfterPoll()).containsExactlyInAnyOrder(BULK_0, PROMPTS_0);

        backpressure.report(0, Stage.ANSWER, Inlet.BULK, 5);
        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);
    }

    @Test
    void streamsDoesNotLiftOurPause() {
        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 11);
        pausedAfterPoll();

        consumer.pause(List.of(PROMPTS_0));
        consumer.resume(List.of(PROMPTS_0));

        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);
    }

    @Test
    void weDoNotLiftThePauseOfStreams() {
        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 11);
        pausedAfterPoll();
        consumer.pause(List.of(PROMPTS_0));

        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 0);
        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);

        consumer.resume(List.of(PROMPTS_0));
        assertThat(pausedAfterPoll()).isEmpty();
    }

    @Test
    void taskThatHasLeftPausesNothing() {
        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 11);
        pausedAfterPoll();

        backpressure.forget(0, Stage.ANSWER);

        assertThat(pausedAfterPoll()).isEmpty();
    }

    @Test
    void partitionThatComesBackIsWeighedAnew() {
        backpressure.report(0, Stage.ANSWER, Inlet.PROMPTS, 11);
        pausedAfterPoll();
        consumer.assign(List.of(PROMPTS_1));
        pausedAfterPoll();

        consumer.assign(List.of(PROMPTS_0, PROMPTS_1));

        assertThat(pausedAfterPoll()).containsExactly(PROMPTS_0);
    }

    @Test
    void behindABacklogWaitsOnlyWhatIsNoMoreUrgent() {
        Set<TopicPartition> all = Set.of(PROMPTS_0, PROMPTS_1, BULK_0, LOOP_0);

        assertThat(backpressure.notMoreUrgent(Set.of(BULK_0), all)).containsExactly(BULK_0);
        assertThat(backpressure.notMoreUrgent(Set.of(BULK_0, PROMPTS_1), all))
                .containsExactlyInAnyOrder(PROMPTS_0, PROMPTS_1, BULK_0);
        assertThat(backpressure.notMoreUrgent(Set.of(LOOP_0), all)).isEmpty();
    }

    private Set<TopicPartition> pausedAfterPoll() {
        consumer.poll(Duration.ZERO);
        return consumer.paused();
    }
}
