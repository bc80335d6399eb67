package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.GradedAnswer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/// A panel of judges on the whole road.
class PanelPipelineTest {

    private static final String PANEL =
            """
            name: harness
            models:
              - {name: small, provider: simulated}
              - {name: one, provider: simulated, price: {call: 0.01}}
              - {name: two, provider: simulated, price: {call: 0.02}}
              - {name: three, provider: simulated, price: {call: 0.04}, retry: {attempts: 2}}
            routes:
              - name: default
                assign: {strategy: fixed, models: [small]}
                check: {judges: [one, two, three], panel: median, pass: 7}
            """;

    @TempDir private Path stateDir;

    private PipelineHarness pipeline;

    @BeforeEach
    void start() {
        pipeline = new PipelineHarness(PANEL, stateDir);
        pipeline.model("one").scores(9);
        pipeline.model("two").scores(2);
        pipeline.model("three").scores(8);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void gradesByTheMiddleScoreAndKeepsAllVerdicts() {
        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getGrade()).isEqualTo(8.0);
        assertThat(answer.getVerdicts())
                .extracting("score")
                .containsExactlyInAnyOrder(9.0, 2.0, 8.0);
        assertThat(answer.getCostUsd().getCheck()).isEqualTo(0.07);
    }

    @Test
    void flagsAnAnswerWithoutAGradeWhereScoresAreShortOfTheQuorum() {
        pipeline.model("one").does(_ -> FakeProvider.badKey());
        pipeline.model("three").does(_ -> FakeProvider.badRequest());

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = pipeline.flagged().getFirst();
        assertThat(answer.getGrade()).isNull();
        assertThat(answer.getVerdicts())
                .extracting("state")
                .containsExactlyInAnyOrder("unavailable", "scored", "unavailable");
    }

    @Test
    void asksNobodyAgainWhoseVerdictIsThere() {
        pipeline.model("one").does(_ -> FakeProvider.badKey());
        pipeline.model("three").does(_ -> FakeProvider.busy());

        pipeline.send(event("p1", "hard"));
        pipeline.model("three").scores(8);
        pipeline.advance(Duration.ofSeconds(30));

        assertThat(pipeline.flagged().getFirst().getGrade()).isEqualTo(5.0);
        assertThat(pipeline.model("two").requests()).hasSize(1);
        assertThat(pipeline.model("three").requests()).hasSize(2);
    }
}
