package dev.assay.topology;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.origin;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;
import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.GradedAnswer;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.flight.Reuse;
import dev.assay.model.Call;
import dev.assay.model.ChatRequest;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Plan;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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

    @Test
    void callIsCutShortByItsPromptsDeadline() {
        TopologyFile file = TopologyParser.parse(REUSE, Path.of("reuse.yaml"), Map.of());
        ReusableCalls reusable = new ReusableCalls(file, file.routing());
        Optional<Instant> deadline = Optional.of(NOW.plusSeconds(5));

        Reuse timed = reuse(reusable, deadline);
        Reuse untimed = reuse(reusable, Optional.empty());

        assertThat(timed.deadline()).isEqualTo(deadline);
        assertThat(untimed.deadline()).isEmpty();
        assertThat(timed.request()).isEqualTo(untimed.request());
    }

    private static Reuse reuse(ReusableCalls reusable, Optional<Instant> deadline) {
        Plan plan = plan("only");
        Prompt prompt =
                new Prompt(
                        "p1",
                        1,
                        new ChatRequest("{\"temperature\": 0}", 1, OptionalInt.empty()),
                        new Labels(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Priority.BULK,
                                Map.of()),
                        new Constraints(deadline, OptionalDouble.empty(), List.of()),
                        Optional.empty(),
                        origin());
        PromptState state =
                PromptState.admitted(prompt).assigned(route("shared", cascade("only")), plan);
        Call call = Call.first(0, Purpose.ANSWER, plan.picks().getFirst(), NOW);
        return reusable.of(state, call).orElseThrow();
    }
}
