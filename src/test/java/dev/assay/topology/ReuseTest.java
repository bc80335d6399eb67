package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Prompts whose requests are the same to the letter.
class ReuseTest {

    private static final String REUSE =
            """
            name: harness
            models:
              - {name: only, provider: simulated, price: {input: 1, output: 2, call: 0.1}}
            routes:
              - name: shared
                match: {task: [shared]}
                assign: {strategy: fixed, models: [only]}
                reuse: {keep_for: 1m}
              - name: own
                assign: {strategy: fixed, models: [only]}
            """;

    @TempDir private Path stateDir;

    @Test
    void secondPromptGetsTheKeptAnswerForNothing() {
        try (PipelineHarness pipeline = new PipelineHarness(REUSE, stateDir)) {
            pipeline.send(
                    event("p1", "What?").setTask("shared").setOptions("{\"temperature\": 0}"));
            pipeline.send(
                    event("p2", "What?").setTask("shared").setOptions("{\"temperature\": 0}"));

            List<GradedAnswer> answers = pipeline.graded();
            assertThat(answers).extracting(GradedAnswer::getAnswer).containsExactly("fine", "fine");
            assertThat(pipeline.model("only").requests()).hasSize(1);
            assertThat(answers.getFirst().getCostUsd().getTotal()).isPositive();
            assertThat(answers.getLast().getCostUsd().getTotal()).isZero();
            AttemptRecord attempt = answers.getLast().getAttempts().getFirst();
            assertThat(attempt.getOutputTokens()).isZero();
            assertThat(attempt.getWhy()).contains("identical request");
        }
    }

    @Test
    void keptAnswerIsForgottenInTime() {
        try (PipelineHarness pipeline = new PipelineHarness(REUSE, stateDir)) {
            pipeline.send(
                    event("p1", "What?").setTask("shared").setOptions("{\"temperature\": 0}"));
            pipeline.advance(Duration.ofMinutes(1));

            pipeline.send(
                    event("p2", "What?").setTask("shared").setOptions("{\"temperature\": 0}"));

            assertThat(pipeline.model("only").requests()).hasSize(2);
        }
    }

    @Test
    void nothingElseIsShared() {
        try (PipelineHarness pipeline = new PipelineHarness(REUSE, stateDir)) {
            pipeline.send(
                    event("p1", "What?").setTask("shared").setOptions("{\"temperature\": 0}"));
            pipeline.send(event("p2", "What?").setTask("shared"));
            pipeline.send(
                    event("p3", "What??").setTask("shared").setOptions("{\"temperature\": 0}"));
            pipeline.send(
                    event("p4", "What?")
                            .setTask("shared")
                            .setTenant("acme")
                            .setOptions("{\"temperature\": 0}"));
            pipeline.send(event("p5", "What?").setOptions("{\"temperature\": 0}"));

            assertThat(pipeline.graded()).hasSize(5);
            assertThat(pipeline.model("only").requests()).hasSize(5);
        }
    }
}
