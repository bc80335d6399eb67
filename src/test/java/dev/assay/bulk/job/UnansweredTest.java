package dev.assay.bulk.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.AnswerOutcome;
import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

class UnansweredTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Unanswered unanswered = new Unanswered();

    @Test
    void lastFailureOfAPromptStandsForAll() {
        failed("p1", 1, NOW, 5, true);
        failed("p1", 2, NOW.plusSeconds(60), 9, true);
        failed("p2", 1, NOW, 7, true);

        assertThat(unanswered.stands("p1", 0, 5)).isFalse();
        assertThat(unanswered.stands("p1", 0, 9)).isTrue();
        assertThat(unanswered.stands("p2", 0, 7)).isTrue();
        assertThat(unanswered.since()).contains(NOW);
    }

    /// As where only what timed out is asked for, and the prompt was refused since.
    @Test
    void promptWhoseLastFailureIsNotWantedIsLeftAlone() {
        failed("p1", 1, NOW, 5, true);
        failed("p1", 2, NOW, 9, false);

        assertThat(unanswered.stands("p1", 0, 5)).isFalse();
        assertThat(unanswered.stands("p1", 0, 9)).isFalse();
        assertThat(unanswered.since()).isEmpty();
    }

    @Test
    void whatWasAnsweredSinceIsLeftAlone() {
        failed("again", 1, NOW, 5, true);
        failed("anew", 1, NOW, 6, true);
        failed("before", 1, NOW, 7, true);
        failed("longBefore", 1, NOW, 8, true);

        answered("again", 2, NOW.minusSeconds(1));
        answered("anew", 1, NOW.plusSeconds(1));
        answered("before", 1, NOW.minusSeconds(1));

        answered("longBefore", 2, NOW.minusSeconds(86_400));

        assertThat(unanswered.stands("longBefore", 0, 8)).as("its id was forgotten").isTrue();
        assertThat(unanswered.stands("again", 0, 5)).as("sent again before").isFalse();
        assertThat(unanswered.stands("anew", 0, 6)).as("asked anew").isFalse();
        assertThat(unanswered.stands("before", 0, 7)).as("failed since").isTrue();
    }

    private void failed(
            String id, int generation, Instant finishedAt, long offset, boolean wanted) {
        unanswered.failed(
                FailedPrompt.newBuilder()
                        .setId(id)
                        .setGeneration(generation)
                        .setCode("timeout")
                        .setMessage("late")
                        .setTopic("prompts")
                        .setPartition(0)
                        .setOffset(1L)
                        .setAttempts(List.of())
                        .setCostUsd(cost())
                        .setMetadata(Map.of())
                        .setFinishedAt(finishedAt)
                        .build(),
                0,
                offset,
                wanted);
    }

    private void answered(String id, int generation, Instant finishedAt) {
        unanswered.answered(
                GradedAnswer.newBuilder()
                        .setId(id)
                        .setGeneration(generation)
                        .setOutcome(AnswerOutcome.GRADED)
                        .setMessage("{}")
                        .setFinishReason("stop")
                        .setModel("m")
                        .setVerdicts(List.of())
                        .setAttempts(List.of())
                        .setCostUsd(cost())
                        .setRoute("default")
                        .setStrategy("fixed")
                        .setMetadata(Map.of())
                        .setFinishedAt(finishedAt)
                        .build());
    }

    private static CostRecord cost() {
        return CostRecord.newBuilder().setAnswer(0).setCheck(0).setTotal(0).build();
    }
}
