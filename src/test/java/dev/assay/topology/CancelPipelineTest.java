package dev.assay.topology;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;
import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.PromptEvent;
import dev.assay.model.PromptSample;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Prompts that whoever sent them wants no more.
class CancelPipelineTest {

    private static final String PIPELINE =
            """
            name: harness
            models:
              - {name: small, provider: simulated}
              - {name: large, provider: simulated}
              - {name: judge, provider: simulated}
            routes:
              - name: all
                assign: {strategy: cascade, models: [small, large]}
                check: {judges: [judge], pass: 7}
                rounds: 2
            """;

    private static final Duration LATER = Duration.ofMinutes(1);

    @TempDir private Path stateDir;

    @Test
    void promptThatWaitsEndsOnceAndNothingMoreIsCalled() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            pipeline.model("small").does(_ -> FakeProvider.busy());
            pipeline.send(event("p1", "What?"));
            int before = pipeline.model("small").requests().size();

            cancel(pipeline, "p1", Optional.empty());
            cancel(pipeline, "p1", Optional.empty());
            pipeline.advance(LATER);

            assertThat(pipeline.failed())
                    .extracting(FailedPrompt::getId, FailedPrompt::getCode)
                    .containsExactly(tuple("p1", "cancelled"));
            assertThat(pipeline.model("small").requests()).hasSize(before);
            assertThat(pipeline.model("large").requests()).isEmpty();
        }
    }

    @Test
    void promptThatIsCheckedEnds() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            pipeline.model("judge").does(_ -> FakeProvider.busy());
            pipeline.send(event("p1", "What?"));

            cancel(pipeline, "p1", Optional.empty());
            pipeline.advance(LATER);

            assertThat(pipeline.failed())
                    .extracting(FailedPrompt::getCode)
                    .containsOnly("cancelled");
            assertThat(pipeline.graded()).isEmpty();
            assertThat(pipeline.flagged()).isEmpty();
        }
    }

    @Test
    void promptThatComesAfterItsCancellationEndsUncalled() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            cancel(pipeline, "p1", Optional.empty());
            pipeline.send(event("p1", "What?"));
            pipeline.send(event("p1", "What?"));

            assertThat(pipeline.failed())
                    .extracting(FailedPrompt::getCode)
                    .containsExactly("cancelled");
            assertThat(pipeline.model("small").requests()).isEmpty();
        }
    }

    @Test
    void promptBetweenTwoRoundsEndsWhenItComesBack() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            cancel(pipeline, "p-1", Optional.empty());
            pipeline.sendEscalated(
                    new PromptSample()
                            .admitted()
                            .assigned(route("all", cascade("small", "large")), plan("small"))
                            .plusAttempt(attempt(1, "small")));

            assertThat(pipeline.failed())
                    .extracting(FailedPrompt::getCode)
                    .containsExactly("cancelled");
            assertThat(pipeline.model("large").requests()).isEmpty();
        }
    }

    @Test
    void anotherTenantsPromptOfTheSameIdGoesOn() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            pipeline.model("judge").does(_ -> FakeProvider.busy());
            pipeline.send(event("p1", "What?"));
            cancel(pipeline, "p1", Optional.of("acme"));
            cancel(pipeline, "p2", Optional.of("acme"));
            pipeline.model("judge").scores(9);
            pipeline.send(event("p2", "What?"));
            pipeline.advance(LATER);

            assertThat(pipeline.failed()).isEmpty();
            assertThat(pipeline.graded()).hasSize(2);
        }
    }

    @Test
    void headerOfAPromptCancelsNothing() {
        try (PipelineHarness pipeline = new PipelineHarness(PIPELINE, stateDir)) {
            pipeline.model("judge").scores(9);
            PromptEvent prompt = event("p1", "What?").build();
            pipeline.send("prompts", mark(Optional.empty()), "p1", pipeline.encode(prompt));

            assertThat(pipeline.failed()).isEmpty();
            assertThat(pipeline.graded()).hasSize(1);
        }
    }

    private static void cancel(PipelineHarness pipeline, String id, Optional<String> tenant) {
        pipeline.send(pipeline.topics().escalated(), mark(tenant), id, null);
    }

    private static Headers mark(Optional<String> tenant) {
        Headers headers = new RecordHeaders();
        new CancelMark(tenant).set(headers);
        return headers;
    }
}
