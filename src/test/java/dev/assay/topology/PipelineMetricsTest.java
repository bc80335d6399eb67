package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.Priority;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// The names, labels and numbers that others rely on.
class PipelineMetricsTest {

    private static final String CASCADE =
            """
            name: harness
            models:
              - {name: small, provider: simulated, price: {input: 1, output: 2}}
              - {name: large, provider: simulated, price: {input: 10, output: 20}}
              - {name: other, provider: simulated, price: {input: 1, output: 1}}
            routes:
              - name: default
                assign: {strategy: cascade, models: [small, large]}
                check: {judges: [other], pass: 7}
            """;

    @TempDir private Path stateDir;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private PipelineHarness pipeline;

    @BeforeEach
    void start() {
        pipeline = new PipelineHarness(CASCADE, stateDir, registry);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    /// The zero of some languages' times is further back than nanoseconds count.
    @Test
    void promptOfAnyTimeIsCounted() {
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "What?").setCreatedAt(Instant.parse("0001-01-01T00:00:00Z")));
        pipeline.send(event("p2", "What?").setCreatedAt(Instant.parse("9999-01-01T00:00:00Z")));

        assertThat(pipeline.graded()).hasSize(2);
    }

    @Test
    void promptThatPassesIsCountedWithItsCalls() {
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "What?"));

        assertThat(scraped())
                .contains(
                        "assay_prompts_total{outcome=\"graded\",route=\"default\"} 1.0",
                        "assay_calls_total{model=\"small\",purpose=\"answer\",status=\"answered\"} 1.0",
                        "assay_calls_total{model=\"other\",purpose=\"check\",status=\"answered\"} 1.0",
                        "assay_cost_usd_total{model=\"small\",purpose=\"answer\"} 0.002",
                        "assay_tokens_total{direction=\"input\",model=\"small\"} 1000.0",
                        "assay_tokens_total{direction=\"output\",model=\"small\"} 500.0",
                        "assay_verdicts_total{judge=\"other\",state=\"scored\"} 1.0",
                        "assay_judge_drift{judge=\"other\"} NaN",
                        "assay_grade_sum{model=\"small\",route=\"default\"} 8.0",
                        "assay_grade_bucket{model=\"small\",route=\"default\",le=\"7.0\"} 0",
                        "assay_grade_bucket{model=\"small\",route=\"default\",le=\"8.0\"} 1",
                        "assay_prompt_seconds_count{priority=\"interactive\",route=\"default\"} 1",
                        "assay_overhead_seconds_count 1");
    }

    @Test
    void callsAreTimedAndCountedByTheConventionsForGenerativeAi() {
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "What?"));

        String labels =
                "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"simulated\",gen_ai_request_model=\"small\"";
        assertThat(scraped())
                .contains(
                        "gen_ai_client_operation_duration_seconds_count{" + labels + "} 1",
                        "gen_ai_client_token_usage_sum{"
                                + labels
                                + ",gen_ai_token_type=\"output\"} 500.0");
    }

    @Test
    void failuresAndFlaggedAnswersAreToldApart() {
        pipeline.model("small").does(_ -> FakeProvider.badRequest());
        pipeline.model("large").does(_ -> FakeProvider.badRequest());
        pipeline.send(event("p1", "What?"));
        pipeline.model("small").says("weak");
        pipeline.model("large").says("weak");
        pipeline.model("other").scores(2);
        pipeline.send(event("p2", "What?").setPriority(Priority.BULK));
        pipeline.sendBytes("p3", "no Avro".getBytes(StandardCharsets.UTF_8));

        assertThat(scraped())
                .contains(
                        "assay_prompts_total{outcome=\"failed\",route=\"default\"} 1.0",
                        "assay_prompts_total{outcome=\"flagged\",route=\"default\"} 1.0",
                        "assay_prompts_total{outcome=\"failed\",route=\"other\"} 1.0",
                        "assay_calls_total{model=\"small\",purpose=\"answer\",status=\"provider_error\"} 1.0",
                        "assay_prompt_seconds_count{priority=\"bulk\",route=\"default\"} 1");
    }

    @Test
    void duplicatesAreCounted() {
        pipeline.model("other").scores(8);
        pipeline.send(event("p1", "What?"));

        pipeline.send(event("p1", "What?"));
        pipeline.send(event("p1", "What?"));

        assertThat(scraped()).contains("assay_duplicates_total 2.0");
    }

    @Test
    void lanesShowTheirLimitAndWhetherTheModelServes() {
        pipeline.model("small").does(_ -> FakeProvider.badKey());
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "What?"));

        assertThat(scraped())
                .contains(
                        "assay_in_flight{model=\"small\"} 0.0",
                        "assay_in_flight_limit{model=\"large\"} 256.0",
                        "assay_breaker_state{model=\"small\"} 2.0",
                        "assay_breaker_state{model=\"large\"} 0.0",
                        "assay_waiting{model=\"large\",priority=\"bulk\"} 0.0");
    }

    @Test
    void labelsTakeNothingFromEvents() {
        pipeline.model("other").scores(8);

        for (int i = 0; i < 20; i++) {
            pipeline.send(
                    event("id-" + i, "text-" + i)
                            .setTask("task-" + i)
                            .setTenant("tenant-" + i)
                            .setRoute(i % 2 == 0 ? null : "route-" + i));
        }
        pipeline.advance(Duration.ofSeconds(1));

        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(tag -> tag.getValue())
                .noneMatch(value -> value.matches("(id|text|task|tenant|route)-\\d+"));
        assertThat(registry.getMeters()).extracting(Meter::getId).hasSizeLessThan(80);
    }

    private List<String> scraped() {
        return Arrays.asList(registry.scrape().split("\n"));
    }
}
