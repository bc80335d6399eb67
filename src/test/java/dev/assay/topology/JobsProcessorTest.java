package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRejected;
import dev.assay.avro.JobSealed;
import dev.assay.avro.JobSubmitted;
import dev.assay.codec.RegistrySerdes;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.Job.State;
import dev.assay.decide.job.JobSpec;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

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

    /// The task moved between a change and the moment when it would have been published.
    @Test
    void publishesWhatTheFormerOwnerOfTheTaskDidNot() {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://jobs"));
        Parts parts = PartsSample.parts(serdes);
        KeyValueStore<String, byte[]> store = PartsSample.store(Stores.JOBS);
        MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        Job known = Job.submitted(spec("known")).sealed(5, PipelineHarness.START);
        Job changed = Job.submitted(spec("changed"));
        parts.jobs().published(known);
        parts.jobs().published(changed);
        store.put("known", StoreCodec.encode(known));
        store.put("changed", StoreCodec.encode(changed.sealed(5, PipelineHarness.START)));

        new JobsProcessor(parts).init(context);
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(0);

        assertThat(context.forwarded())
                .extracting(forward -> new String(forward.record().key(), StandardCharsets.UTF_8))
                .containsExactly("changed");
        parts.flights().close();
    }

    private static JobSpec spec(String id) {
        return new JobSpec(
                id,
                id,
                id + ".jsonl",
                Optional.empty(),
                PipelineHarness.START,
                Optional.empty(),
                OptionalDouble.empty(),
                0,
                0);
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
