package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRejected;
import dev.assay.avro.JobSealed;
import dev.assay.avro.JobSubmitted;
import dev.assay.decide.job.Job.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

class JobsProcessorTest {

    private static final String TOPOLOGY =
            """
            name: harness
            engine: {keep_jobs: 1m, submit_within: 10m}
            models: [{name: small, provider: simulated}]
            routes: [{name: default, assign: {strategy: fixed, models: [small]}}]
            """;

    @Test
    void forgetsAJobThatEndedLongAgoAndNoOther(@TempDir Path folder) {
        try (PipelineHarness pipeline = new PipelineHarness(TOPOLOGY, folder)) {
            submitted(pipeline, "bad");
            pipeline.sendJobEvent(
                    event("bad").setRejected(new JobRejected("it holds no prompt")).build());
            submitted(pipeline, "running");
            pipeline.sendJobEvent(event("running").setSealed(new JobSealed(5L)).build());
            pipeline.advance(Duration.ofSeconds(2));
            assertThat(pipeline.jobs().find("bad")).isPresent();
            pipeline.publishedJobs();

            pipeline.advance(Duration.ofSeconds(62));

            assertThat(pipeline.publishedJobs())
                    .singleElement()
                    .satisfies(
                            record -> {
                                assertThat(record.key()).isEqualTo("bad");
                                assertThat(record.value()).isNull();
                            });
            assertThat(pipeline.jobs().find("bad")).isEmpty();
            assertThat(pipeline.jobs().owned("bad")).isEmpty();
            assertThat(pipeline.jobs().find("running")).isPresent();
        }
    }

    @Test
    void jobWhoseSubmitterNeverComesBackEnds(@TempDir Path folder) {
        try (PipelineHarness pipeline = new PipelineHarness(TOPOLOGY, folder)) {
            submitted(pipeline, "torn");
            submitted(pipeline, "whole");
            pipeline.sendJobEvent(event("whole").setSealed(new JobSealed(5L)).build());

            pipeline.advance(Duration.ofMinutes(9));
            assertThat(pipeline.jobs().find("torn").orElseThrow().state())
                    .isEqualTo(State.VALIDATING);
            pipeline.advance(Duration.ofMinutes(1).plusSeconds(1));

            assertThat(pipeline.jobs().find("torn").orElseThrow().state()).isEqualTo(State.FAILED);
            assertThat(pipeline.jobs().find("whole").orElseThrow().state())
                    .isEqualTo(State.IN_PROGRESS);
        }
    }

    private static void submitted(PipelineHarness pipeline, String job) {
        pipeline.sendJobEvent(
                event(job)
                        .setSubmitted(
                                JobSubmitted.newBuilder()
                                        .setName(job)
                                        .setInput(job + ".jsonl")
                                        .setLinesPartition(0)
                                        .setLinesOffset(0)
                                        .build())
                        .build());
    }

    private static JobEvent.Builder event(String job) {
        return JobEvent.newBuilder().setJob(job).setAt(PipelineHarness.START);
    }
}
