package dev.assay.topology;

import static dev.assay.topology.PipelineHarness.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.assay.avro.GradedAnswer;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;
import dev.assay.provider.ModelRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Ensembles and the check by agreement on the whole road.
class EnsemblePipelineTest {

    private static final String MODELS =
            """
            name: harness
            models:
              - {name: one, provider: simulated, price: {call: 0.01}}
              - {name: two, provider: simulated, price: {call: 0.02}}
              - {name: three, provider: simulated, price: {call: 0.04}}
              - {name: judge, provider: simulated, price: {call: 0.08}}
              - {name: strong, provider: simulated, price: {call: 0.16}}
            routes:
              - name: default
            """;

    @TempDir private Path stateDir;

    private final List<PipelineHarness> open = new ArrayList<>();

    @AfterEach
    void stop() {
        open.forEach(PipelineHarness::close);
    }

    @Test
    void voteReturnsWhatMostSayAndHasOnlyThatJudged() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two, three], pick: vote}",
                        "{judges: [judge]}");
        pipeline.model("one").says("so 4");
        pipeline.model("two").says("5");
        pipeline.model("three").says("it makes 4");
        pipeline.model("judge").scores(9);

        pipeline.send(event("p1", "2 + 2"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("it makes 4");
        assertThat(answer.getGrade()).isEqualTo(9.0);
        assertThat(answer.getStrategy()).isEqualTo("ensemble");
        assertThat(answer.getRounds()).isEqualTo(1);
        assertThat(answer.getAttempts())
                .extracting("model")
                .containsExactlyInAnyOrder("one", "two", "three");
        assertThat(answer.getVerdicts())
                .extracting("kind", "by", "state", "reason")
                .contains(tuple("agreement", "vote", "passed", "2 of 3 answers say `4`"));
        assertThat(pipeline.model("judge").requests()).hasSize(1);
        assertThat(answer.getCostUsd().getAnswer()).isCloseTo(0.07, within(1e-9));
        assertThat(answer.getCostUsd().getCheck()).isCloseTo(0.08, within(1e-9));
    }

    /// The prompt of the tie is assigned when nothing is known, and its vote comes when two has 40
    /// right answers and three as many wrong ones.
    @Test
    void tieIsDecidedByWhatIsKnownAtTheTimeOfTheVote() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two, three], pick: vote}",
                        "{judges: [judge]}");
        AtomicInteger ties = new AtomicInteger();
        pipeline.model("one")
                .does(
                        request ->
                                !asksTie(request)
                                        ? FakeProvider.answer("4")
                                        : ties.getAndIncrement() == 0
                                                ? inAMinute()
                                                : FakeProvider.answer("7"));
        pipeline.model("two").does(request -> FakeProvider.answer(asksTie(request) ? "8" : "4"));
        pipeline.model("three").does(request -> FakeProvider.answer(asksTie(request) ? "9" : "5"));
        pipeline.model("judge").scores(9);

        pipeline.send(event("tie", "tie"));
        for (int i = 0; i < 40; i++) {
            pipeline.send(event("p" + i, "2 + 2"));
        }
        pipeline.graded();
        pipeline.advance(Duration.ofMinutes(2));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getId()).isEqualTo("tie");
        assertThat(answer.getAnswer()).isEqualTo("8");
    }

    @Test
    void voteShortOfItsQuorumIsFlaggedWithoutAGrade() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two, three], pick: vote, quorum: 2}",
                        "{judges: [judge]}");
        pipeline.model("one").says("4");
        pipeline.model("two").does(_ -> FakeProvider.badRequest());
        pipeline.model("three").does(_ -> FakeProvider.badRequest());

        pipeline.send(event("p1", "2 + 2"));

        GradedAnswer answer = pipeline.flagged().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("4");
        assertThat(answer.getGrade()).isNull();
        assertThat(pipeline.model("judge").requests()).isEmpty();
    }

    @Test
    void bestReturnsTheAnswerOfTheBestGrade() {
        PipelineHarness pipeline =
                start("{strategy: ensemble, models: [one, two]}", "{judges: [judge]}");
        pipeline.model("one").says("alpha");
        pipeline.model("two").says("omega");
        pipeline.model("judge")
                .does(
                        request ->
                                FakeProvider.answer(
                                        "{\"reason\": \"seen\", \"score\": %d}"
                                                .formatted(
                                                        request.chatJson().contains("alpha")
                                                                ? 9
                                                                : 3)));

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("alpha");
        assertThat(answer.getAttempts()).extracting("grade").containsExactlyInAnyOrder(9.0, 3.0);
    }

    @Test
    void answerThatIsBetterInBothOrdersIsPickedAndOnlyThatIsGraded() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two], pick: pairwise}",
                        "{judges: [judge]}");
        pipeline.model("one").says("alpha");
        pipeline.model("two").says("omega");
        pipeline.model("judge").does(EnsemblePipelineTest::prefersAlpha);

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("alpha");
        assertThat(answer.getGrade()).isEqualTo(8.0);
        assertThat(answer.getVerdicts())
                .extracting("kind", "by", "state", "reason")
                .contains(
                        tuple(
                                "agreement",
                                "pairwise",
                                "passed",
                                "better than 1 and worse than 0 of 1 others, compared in both orders by judge"));
        assertThat(pipeline.model("judge").requests()).hasSize(3);
        assertThat(answer.getCostUsd().getCheck()).isCloseTo(0.24, within(1e-9));
    }

    @Test
    void judgeSwayedByTheOrderLeavesThePickToGrades() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two], pick: pairwise}",
                        "{judges: [judge]}");
        pipeline.model("one").says("alpha");
        pipeline.model("two").says("omega");
        pipeline.model("judge")
                .does(
                        request ->
                                isComparison(request)
                                        ? FakeProvider.answer(winner("A"))
                                        : FakeProvider.answer(
                                                score(
                                                        request.chatJson().contains("alpha")
                                                                ? 9
                                                                : 3)));

        pipeline.send(event("p1", "hard"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("alpha");
        assertThat(answer.getAttempts()).extracting("grade").containsExactlyInAnyOrder(9.0, 3.0);
        assertThat(pipeline.model("judge").requests()).hasSize(4);
    }

    @Test
    void comparisonThatCameIsNotMadeAgainWhileTheOtherIsTriedAgain() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two], pick: pairwise}",
                        "{judges: [judge]}");
        pipeline.model("one").says("alpha");
        pipeline.model("two").says("omega");
        AtomicInteger asked = new AtomicInteger();
        pipeline.model("judge")
                .does(
                        request ->
                                asked.getAndIncrement() == 1 ? inAMinute() : prefersAlpha(request));

        pipeline.send(event("p1", "hard"));
        assertThat(pipeline.model("judge").requests()).hasSize(2);
        pipeline.advance(Duration.ofMinutes(2));

        assertThat(pipeline.graded().getFirst().getAnswer()).isEqualTo("alpha");
        assertThat(pipeline.model("judge").requests()).hasSize(4);
    }

    @Test
    void fusedAnswerIsWrittenByAModelThatReadsAll() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two], pick: fuse, fuse: strong}",
                        "{judges: [judge]}");
        pipeline.model("one").says("north");
        pipeline.model("two").says("south");
        pipeline.model("strong").says("both");
        pipeline.model("judge").scores(8);

        pipeline.send(event("p1", "where?"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("both");
        assertThat(answer.getModel()).isEqualTo("strong");
        assertThat(pipeline.model("strong").requests())
                .singleElement()
                .satisfies(
                        request ->
                                assertThat(request.chatJson())
                                        .contains("north", "south", "where?", "<<<ANSWER 2 "));
        assertThat(answer.getCostUsd().getAnswer()).isCloseTo(0.19, within(1e-9));
    }

    @Test
    void lateMemberIsWaitedForNoLongerThanTheRouteSays() {
        PipelineHarness pipeline =
                start(
                        "{strategy: ensemble, models: [one, two, three], pick: vote, wait: 5s}",
                        "{judges: [judge]}");
        pipeline.model("one").says("4");
        pipeline.model("two").says("4");
        pipeline.model("three").does(_ -> inAMinute());
        pipeline.model("judge").scores(9);

        pipeline.send(event("p1", "2 + 2"));
        pipeline.advance(Duration.ofSeconds(4));
        assertThat(pipeline.graded()).isEmpty();
        pipeline.advance(Duration.ofSeconds(2));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("4");
        assertThat(answer.getAttempts())
                .extracting("status")
                .containsExactlyInAnyOrder("answered", "answered", "timeout");
        assertThat(pipeline.model("three").requests()).hasSize(1);
    }

    @Test
    void samplesOfOneModelVote() {
        PipelineHarness pipeline =
                start("{strategy: ensemble, models: [one], n: 3, pick: vote}", "{}");
        pipeline.model("one").says("4");

        pipeline.send(event("p1", "2 + 2"));

        assertThat(pipeline.graded().getFirst().getVerdicts())
                .extracting("reason")
                .containsExactly("3 of 3 answers say `4`");
        assertThat(pipeline.model("one").requests()).hasSize(3);
    }

    @Test
    void agreementOfTwoCheapModelsSparesTheStrongOne() {
        PipelineHarness pipeline =
                start("{strategy: cascade, models: [one, strong]}", "{agreement: two}");
        pipeline.model("one").says("so 4");
        pipeline.model("two").says("4");

        pipeline.send(event("p1", "2 + 2"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getChecked()).isTrue();
        assertThat(answer.getGrade()).isNull();
        assertThat(answer.getCostUsd().getCheck()).isCloseTo(0.02, within(1e-9));
        assertThat(pipeline.model("strong").requests()).isEmpty();
    }

    @Test
    void disagreementEscalatesAndTheOtherModelIsNotAskedAgain() {
        PipelineHarness pipeline =
                start("{strategy: cascade, models: [one, strong]}", "{agreement: two}");
        pipeline.model("one").says("so 5");
        pipeline.model("two").says("4");
        pipeline.model("strong").says("it is 4");

        pipeline.send(event("p1", "2 + 2"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("it is 4");
        assertThat(answer.getRounds()).isEqualTo(2);
        assertThat(answer.getCostUsd().getCheck()).isCloseTo(0.02, within(1e-9));
        assertThat(pipeline.model("two").requests()).hasSize(1);
    }

    @Test
    void disagreementToTheEndIsFlaggedWithTheLastAnswer() {
        PipelineHarness pipeline =
                start("{strategy: cascade, models: [one, strong]}", "{agreement: two}");
        pipeline.model("one").says("so 5");
        pipeline.model("two").says("4");
        pipeline.model("strong").says("it is 6");

        pipeline.send(event("p1", "2 + 2"));

        GradedAnswer answer = pipeline.flagged().getFirst();
        assertThat(answer.getAnswer()).isEqualTo("it is 6");
        assertThat(answer.getGrade()).isNull();
    }

    private PipelineHarness start(String assign, String check) {
        PipelineHarness pipeline =
                new PipelineHarness(
                        MODELS + "    assign: " + assign + "\n    check: " + check + "\n",
                        stateDir);
        open.add(pipeline);
        return pipeline;
    }

    private static boolean asksTie(ModelRequest request) {
        return request.chatJson().contains("tie");
    }

    private static CallResult prefersAlpha(ModelRequest request) {
        String chat = request.chatJson();
        return FakeProvider.answer(
                isComparison(request)
                        ? winner(chat.indexOf("alpha") < chat.indexOf("omega") ? "A" : "B")
                        : score(8));
    }

    private static boolean isComparison(ModelRequest request) {
        return request.chatJson().contains("<<<ANSWER B ");
    }

    private static String winner(String letter) {
        return "{\"reason\": \"seen\", \"winner\": \"%s\"}".formatted(letter);
    }

    private static String score(int score) {
        return "{\"reason\": \"seen\", \"score\": %d}".formatted(score);
    }

    private static CallResult inAMinute() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503 from the fake"),
                Optional.of(Duration.ofMinutes(1)),
                CallResult.Evidence.NONE,
                false);
    }
}
