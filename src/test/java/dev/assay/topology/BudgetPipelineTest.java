package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class BudgetPipelineTest {

    private static final String FILE =
            """
            name: budgets
            models:
              - {name: small, provider: simulated, price: {call: 0.02}}
              - {name: judge, provider: simulated, price: {call: 0.01}}
            routes:
              - name: judged
                match: {task: [judged]}
                assign: {strategy: fixed, models: [small]}
                check: {judges: [judge]}
                usd_per_day: 0.1
              - name: default
                assign: {strategy: fixed, models: [small]}
            tenants:
              acme: {topic: prompts.acme, usd_per_day: 0.11}
            """;

    @TempDir Path state;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private PipelineHarness pipeline;

    @BeforeEach
    void open() {
        pipeline = new PipelineHarness(FILE, state, meters);
        pipeline.model("judge").scores(9);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void tenantSpendsNoMoreThanItsBudgetAndTheRestEndsOverBudget() {
        for (int i = 0; i < 12; i++) {
            sendOfAcme("p" + i);
        }
        pipeline.advance(Duration.ofSeconds(5));

        assertThat(pipeline.model("small").requests()).hasSize(5);
        assertThat(pipeline.graded()).hasSize(5);
        List<FailedPrompt> failed = pipeline.failed();
        assertThat(failed).hasSize(7);
        assertThat(failed).extracting(FailedPrompt::getCode).containsOnly("over_budget");
        assertThat(failed.getFirst().getMessage())
                .contains(
                        "the usd_per_day of tenant acme, 0.110000 USD, of which 0.100000",
                        "it renews at 2026-01-02T00:00:00Z");
    }

    @Test
    void othersAreFree() {
        for (int i = 0; i < 12; i++) {
            sendOfAcme("p" + i);
            pipeline.send(PipelineHarness.event("q" + i, "hello"));
        }
        pipeline.advance(Duration.ofSeconds(5));

        assertThat(pipeline.graded())
                .extracting(GradedAnswer::getId)
                .filteredOn(id -> id.startsWith("q"))
                .hasSize(12);
    }

    @Test
    void nextDayHasItsOwnBudget() {
        for (int i = 0; i < 12; i++) {
            sendOfAcme("p" + i);
        }
        pipeline.advance(Duration.ofSeconds(5));
        pipeline.jump(Duration.ofDays(1));
        for (int i = 0; i < 12; i++) {
            sendOfAcme("q" + i);
        }
        pipeline.advance(Duration.ofSeconds(5));

        assertThat(pipeline.model("small").requests()).hasSize(10);
    }

    @Test
    void judgesAreCountedAndAnAnswerThatNobodyMayBePaidToJudgeIsFlagged() {
        for (int i = 0; i < 12; i++) {
            pipeline.send(PipelineHarness.event("p" + i, "hello").setTask("judged"));
            pipeline.advance(Duration.ofSeconds(1));
        }

        int answers = pipeline.model("small").requests().size();
        int verdicts = pipeline.model("judge").requests().size();
        assertThat(answers * 0.02 + verdicts * 0.01).isBetween(0.0899, 0.1001);
        assertThat(pipeline.graded()).hasSize(verdicts);
        List<GradedAnswer> flagged = pipeline.flagged();
        assertThat(flagged).hasSize(answers - verdicts);
        flagged.forEach(
                answer ->
                        assertThat(answer.getVerdicts().getFirst().getReason())
                                .contains("the usd_per_day of route judged"));
        assertThat(pipeline.failed()).hasSize(12 - answers);
    }

    @Test
    void callWithAnUnknownBillCountsAtWhatWasSetAside() {
        pipeline.model("small").does(_ -> FakeProvider.brokenOff());
        sendOfAcme("p");
        pipeline.advance(Duration.ofMinutes(2));

        assertThat(pipeline.model("small").requests()).hasSize(5);
        assertThat(pipeline.failed())
                .extracting(FailedPrompt::getCode)
                .containsExactly("over_budget");
        assertThat(gauge("assay.budget.uncertain.usd")).contains(0.1);
    }

    @Test
    void metricsShowTheBudget() {
        sendOfAcme("p");
        pipeline.advance(Duration.ofSeconds(30));

        assertThat(gauge("assay.budget.limit.usd")).contains(0.11);
        assertThat(gauge("assay.budget.spent.usd")).contains(0.02);
        assertThat(gauge("assay.budget.uncertain.usd")).contains(0.0);
        assertThat(gauge("assay.budget.open.usd")).contains(0.0);
    }

    private Optional<Double> gauge(String name) {
        return Optional.ofNullable(
                        meters.find(name).tags("scope", "tenant", "name", "acme").gauge())
                .map(gauge -> Math.round(gauge.value() * 1e6) / 1e6);
    }

    private void sendOfAcme(String id) {
        PromptEvent event = PipelineHarness.event(id, "hello").build();
        String topic = pipeline.topics().ofTenant("prompts.acme");
        pipeline.send(topic, new ProducerRecord<>(topic, "").headers(), id, pipeline.encode(event));
    }
}
