package dev.assay.topology;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;
import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.avro.AnswerOutcome;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Verdict;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class PipelineTopologyTest {

    private static final String CASCADE =
            """
            name: harness
            models:
              - {name: small, provider: simulated, price: {input: 1, output: 2}}
              - {name: large, provider: simulated, price: {input: 10, output: 20}}
              - {name: other, provider: simulated, price: {input: 1, output: 1}}
              - {name: spare, provider: simulated}
            routes:
              - name: default
                assign: {strategy: cascade, models: [small, large]}
                check: {judges: [other, spare], pass: 7}
            """;

    /// The registry's wire format: a zero and four bytes of id before the value.
    private static final int SCHEMA_ID_BYTES = 5;

    @TempDir private Path stateDir;

    private PipelineHarness pipeline;

    @BeforeEach
    void start() {
        pipeline = new PipelineHarness(CASCADE, stateDir);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void gradesAnAnswerThatPassesInTheFirstRound() {
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "What is 6 times 7?"));

        GradedAnswer answer = only(pipeline.graded());
        assertThat(answer.getId()).isEqualTo("p1");
        assertThat(answer.getOutcome()).isEqualTo(AnswerOutcome.GRADED);
        assertThat(answer.getAnswer()).isEqualTo("fine");
        assertThat(answer.getModel()).isEqualTo("small");
        assertThat(answer.getGrade()).isEqualTo(8.0);
        assertThat(answer.getRounds()).isEqualTo(1);
        assertThat(answer.getCostUsd().getAnswer()).isCloseTo(0.002, within(1e-12));
        assertThat(answer.getCostUsd().getCheck()).isCloseTo(0.0015, within(1e-12));
        assertThat(pipeline.failed()).isEmpty();
        assertThat(pipeline.flagged()).isEmpty();
    }

    @Test
    void escalatesAWeakAnswerToTheNextModel() {
        pipeline.model("other")
                .does(
                        request ->
                                FakeProvider.answer(
                                        "{\"reason\": \"\", \"score\": "
                                                + (request.chatJson().contains("strong") ? 9 : 3)
                                                + "}"));
        pipeline.model("large").says("strong");

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = only(pipeline.graded());
        assertThat(answer.getModel()).isEqualTo("large");
        assertThat(answer.getRounds()).isEqualTo(2);
        assertThat(answer.getAttempts()).extracting("model").containsExactly("small", "large");
        assertThat(answer.getAttempts()).extracting("grade").containsExactly(3.0, 9.0);
    }

    @Test
    void flagsTheBestAnswerOfAllRounds() {
        pipeline.model("other")
                .does(
                        request ->
                                FakeProvider.answer(
                                        "{\"reason\": \"\", \"score\": "
                                                + (request.chatJson().contains("worse") ? 2 : 6)
                                                + "}"));
        pipeline.model("large").says("worse");

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = only(pipeline.flagged());
        assertThat(answer.getModel()).isEqualTo("small");
        assertThat(answer.getGrade()).isEqualTo(6.0);
        assertThat(answer.getRounds()).isEqualTo(2);
        assertThat(pipeline.graded()).isEmpty();
    }

    @Test
    void asksTheNextJudgeAfterTwoUnreadableReplies() {
        pipeline.model("other").says("hard to say");
        pipeline.model("spare").scores(9);

        pipeline.send(event("p1", "q"));

        GradedAnswer answer = only(pipeline.graded());
        assertThat(pipeline.model("other").requests()).hasSize(2);
        assertThat(answer.getVerdicts()).extracting("by").containsExactly("other", "spare");
        assertThat(answer.getVerdicts())
                .extracting("state")
                .containsExactly("unparseable", "scored");
    }

    @Test
    void flagsWithoutAGradeWhenNoJudgeGivesAScore() {
        pipeline.model("other").says("hard to say");
        pipeline.model("spare").does(_ -> FakeProvider.badRequest());

        pipeline.send(event("p1", "q"));

        GradedAnswer answer = only(pipeline.flagged());
        assertThat(answer.getGrade()).isNull();
        assertThat(answer.getVerdicts())
                .extracting("state")
                .containsExactly("unparseable", "unavailable");
    }

    @Test
    void triesAgainAfterAPassingFailure() {
        pipeline.model("other").scores(8);
        pipeline.model("small")
                .does(
                        _ ->
                                pipeline.model("small").requests().size() < 3
                                        ? FakeProvider.busy()
                                        : FakeProvider.answer("late"));

        pipeline.send(event("p1", "q"));
        pipeline.advance(Duration.ofSeconds(5));

        GradedAnswer answer = only(pipeline.graded());
        assertThat(answer.getAnswer()).isEqualTo("late");
        assertThat(answer.getAttempts().getFirst().getTries()).isEqualTo(3);
    }

    @Test
    void fallsBackToTheNextModelAndFailsOnlyWhenNoneIsLeft() {
        pipeline.model("small").does(_ -> FakeProvider.badKey());
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "q"));
        pipeline.model("large").does(_ -> FakeProvider.badRequest());
        pipeline.send(event("p2", "q"));

        assertThat(only(pipeline.graded()).getModel()).isEqualTo("large");
        FailedPrompt failed = only(pipeline.failed());
        assertThat(failed.getId()).isEqualTo("p2");
        assertThat(failed.getCode()).isEqualTo("provider_error");
        assertThat(failed.getAttempts()).hasSize(2);
    }

    @Test
    void doesNothingForADuplicate() {
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "q"));
        pipeline.send(event("p1", "another text"));

        assertThat(pipeline.graded()).hasSize(1);
        assertThat(pipeline.model("small").requests()).hasSize(1);
    }

    @Test
    void idThatIsForgottenWhileItsPromptIsUnderWayEndsOnce() {
        try (PipelineHarness forgetful =
                new PipelineHarness(
                        CASCADE + "dedup: {window: 1s}\n", stateDir.resolve("forgetful"))) {
            forgetful.model("other").scores(8);
            forgetful.model("small").does(_ -> FakeProvider.busy());
            forgetful.send(event("p1", "first"));
            forgetful.advance(Duration.ofSeconds(2));
            forgetful.model("small").does(request -> FakeProvider.answer("fine"));

            forgetful.send(event("p1", "second"));
            forgetful.advance(Duration.ofSeconds(30));

            assertThat(forgetful.graded()).hasSize(1);
            assertThat(forgetful.model("small").requests())
                    .noneMatch(request -> request.chatJson().contains("second"));
        }
    }

    @Test
    void refusesAnIdOnce() {
        pipeline.send(event("p1", " "));
        pipeline.send(event("p1", " "));
        pipeline.send(event("p1", "q"));

        assertThat(pipeline.failed()).hasSize(1);
        assertThat(pipeline.model("small").requests()).isEmpty();
    }

    @Test
    void keysAnEventWithoutAKeyByItsId() {
        pipeline.model("other").scores(8);

        pipeline.sendBytes(null, pipeline.encode(event("p1", "q").build()));
        pipeline.send(event("p1", "q"));

        assertThat(pipeline.gradedRecords()).singleElement().extracting("key").isEqualTo("p1");
    }

    @Test
    void refusesBytesThatAreNoEventAndGoesOn() {
        pipeline.model("other").scores(8);

        pipeline.sendBytes("k", "not avro".getBytes(StandardCharsets.UTF_8));
        pipeline.sendBytes("k", null);
        pipeline.sendBytes("k", new byte[] {0, 0, 0, 0, 99, 1, 2});
        pipeline.send(event("p1", "q"));

        List<FailedPrompt> failed = pipeline.failed();
        assertThat(failed).extracting("code").containsOnly("undecodable").hasSize(3);
        assertThat(failed.getFirst().getId()).isEqualTo("prompts-0-0");
        assertThat(failed.getFirst().getOriginal().remaining()).isEqualTo("not avro".length());
        assertThat(pipeline.graded()).hasSize(1);
    }

    @Test
    void refusesARecordThatClaimsMoreThanItHoldsAndGoesOn() throws IOException {
        pipeline.model("other").scores(8);
        ByteArrayOutputStream claim = new ByteArrayOutputStream();
        claim.write(pipeline.encode(event("p0", "q").build()), 0, SCHEMA_ID_BYTES);
        BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(claim, null);
        avro.writeString("p0");
        avro.writeLong(2_000_000_000);

        pipeline.sendBytes("p0", claim.toByteArray());
        pipeline.send(event("p1", "q"));

        FailedPrompt failed = only(pipeline.failed());
        assertThat(failed.getCode()).isEqualTo("undecodable");
        assertThat(failed.getMessage()).contains("2000000000 exceeds the maximum allowed");
        assertThat(pipeline.graded()).hasSize(1);
    }

    @Test
    void refusesEventsThatAreNoPrompt() {
        pipeline.send(event("empty", "   "));
        pipeline.send(event("x".repeat(10_000), "q"));
        pipeline.send(event("both", "q").setRequest("{}"));
        pipeline.send(
                event("n", "q")
                        .setMessages(List.of())
                        .setRequest(
                                "{\"n\": 2, \"messages\": [{\"role\": \"user\", \"content\": \"q\"}]}"));
        pipeline.send(event("route", "q").setRoute("nowhere"));

        assertThat(pipeline.failed())
                .extracting("code")
                .containsExactly(
                        "invalid_input",
                        "invalid_input",
                        "invalid_input",
                        "invalid_input",
                        "invalid_input");
        assertThat(pipeline.model("small").requests()).isEmpty();
    }

    @Test
    void carriesHeadersThroughTheStoresOntoTheResult() {
        pipeline.model("other").scores(8);
        var headers = new org.apache.kafka.clients.producer.ProducerRecord<>("t", "v").headers();
        headers.add("mine", "yes".getBytes(StandardCharsets.UTF_8));
        headers.add(
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                        .getBytes(StandardCharsets.UTF_8));

        pipeline.send(
                pipeline.topics().prompts(),
                headers,
                "p1",
                pipeline.encode(event("p1", "q").build()));

        var record = pipeline.gradedRecords().getFirst();
        assertThat(record.headers().lastHeader("mine").value())
                .isEqualTo("yes".getBytes(StandardCharsets.UTF_8));
        assertThat(record.value().getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void promptsOfTheBulkTopicAreBulkAndKeepTheirTime() {
        var headers = new org.apache.kafka.clients.producer.ProducerRecord<>("t", "v").headers();
        PromptEvent late = event("p1", "q").setDeadline(PipelineHarness.START).build();

        pipeline.send(pipeline.topics().bulk(), headers, "p1", pipeline.encode(late));

        var record = only(pipeline.failedRecords());
        assertThat(record.timestamp()).isEqualTo(PipelineHarness.START.toEpochMilli());
        assertThat(pipeline.decode(record.value().getOriginal()).getPriority())
                .isEqualTo(Priority.BULK);
    }

    @Test
    void anIdIsRecognisedAcrossBothTopics() {
        pipeline.model("other").scores(8);
        var headers = new org.apache.kafka.clients.producer.ProducerRecord<>("t", "v").headers();
        byte[] event = pipeline.encode(event("p1", "q").build());

        pipeline.send(pipeline.topics().prompts(), headers, "p1", event);
        pipeline.send(pipeline.topics().bulk(), headers, "p1", event);

        assertThat(pipeline.graded()).hasSize(1);
        assertThat(pipeline.model("small").requests()).hasSize(1);
    }

    @Test
    void refusesHeadersThatNoResultCouldCarry() {
        var headers = new org.apache.kafka.clients.producer.ProducerRecord<>("t", "v").headers();
        headers.add("heavy", new byte[FinishProcessor.MAX_HEADER_BYTES]);
        String prompts = pipeline.topics().prompts();

        pipeline.send(prompts, headers, "p1", pipeline.encode(event("p1", "q").build()));
        pipeline.send(prompts, headers, "p2", "not avro".getBytes(StandardCharsets.UTF_8));

        var failed = pipeline.failedRecords();
        assertThat(failed)
                .extracting(record -> record.value().getCode())
                .containsExactly("too_large", "undecodable");
        assertThat(failed).allSatisfy(record -> assertThat(record.headers()).isEmpty());
    }

    @Test
    void endsAPromptWhoseDeadlineHasPassed() {
        pipeline.send(event("p1", "q").setDeadline(PipelineHarness.START.minusSeconds(1)));

        assertThat(only(pipeline.failed()).getCode()).isEqualTo("deadline_exceeded");
        assertThat(pipeline.model("small").requests()).isEmpty();
    }

    @Test
    void makesABugInOnePromptAnInternalErrorAndGoesOn() {
        pipeline.model("small")
                .does(
                        request -> {
                            if (request.chatJson().contains("boom")) {
                                throw new IllegalStateException("a bug");
                            }
                            return FakeProvider.answer("fine");
                        });
        pipeline.model("large").does(_ -> FakeProvider.badRequest());
        pipeline.model("other").scores(8);

        pipeline.send(event("p1", "boom"));
        pipeline.send(event("p2", "q"));

        assertThat(only(pipeline.failed()).getId()).isEqualTo("p1");
        assertThat(only(pipeline.graded()).getId()).isEqualTo("p2");
    }

    @Test
    void flagsWhatAPromptHasWhenItsRouteHasLeftTheFile() {
        PromptState escalated =
                new PromptSample()
                        .admitted()
                        .assigned(route("default", cascade("small")), plan("small"))
                        .plusAttempt(attempt(1, "small"))
                        .withBest(
                                Optional.of(
                                        candidate(
                                                "small",
                                                0,
                                                Verdict.scored("other", 5, "", false))));
        String otherRoutes =
                CASCADE.replace("- name: default", "- name: code\n    match: {task: [code]}");

        try (PipelineHarness changed =
                new PipelineHarness(otherRoutes, stateDir.resolve("changed"))) {
            changed.sendEscalated(escalated);

            GradedAnswer answer = only(changed.flagged());
            assertThat(answer.getId()).isEqualTo("p-1");
            assertThat(answer.getGrade()).isEqualTo(5.0);
            assertThat(answer.getRoute()).isEqualTo("default");
            assertThat(changed.failed()).isEmpty();
        }
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }
}
