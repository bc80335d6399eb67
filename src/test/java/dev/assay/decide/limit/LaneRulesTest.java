package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.FailureCode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class LaneRulesTest {

    private static final LaneSettings TEN =
            new LaneSettings(10, OptionalInt.empty(), OptionalInt.empty());
    private static final LaneLimits LIMITS = TEN.of(Share.WHOLE);
    private static final Grant GRANT = new Grant(0, 0, Demand.NONE, 0, 10);
    private static final double NO_PACE = Double.POSITIVE_INFINITY;
    private static final Demand LARGE = new Demand(500, OptionalInt.of(100));
    private static final CallError BAD_KEY = new CallError(FailureCode.PROVIDER_ERROR, "401");

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 0, true",
        "9, 1, 1, 0, true",
        "10, 1, 1, 0, false",
        "8, 1, 1, 1, true",
        "9, 1, 1, 1, false",
        "0, 1, 1, 99, false",
        "4, 1, 2, 0, true",
        "5, 1, 2, 0, false",
        "0, 1, 100, 0, true",
        "9, 1, 100, 0, true",
        "10, 1, 100, 0, false",
        "0, 0, 100, 0, true",
    })
    void callStartsWhereTheShareOfTheLimitHasRoomBesideWhatIsReserved(
            int inFlight, int owned, int partitions, int reserved, boolean starts) {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(inFlight);

        Admission admission =
                LaneRules.admit(lane, TEN.of(share(owned, partitions)), Demand.NONE, reserved, NOW);

        if (starts) {
            assertThat(granted(admission).inFlight()).isEqualTo(inFlight + 1);
        } else {
            assertThat(admission).isEqualTo(new Admission.Full());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "7, 3", "10, 0", "12, 0"})
    void roomIsNeverNegative(int inFlight, int room) {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(inFlight);

        assertThat(LaneRules.room(lane, LIMITS)).isEqualTo(room);
    }

    @Test
    void limitIsCutOnceARoundTripHoweverManyCallsFail() {
        LaneSettings hundred = new LaneSettings(100, OptionalInt.empty(), OptionalInt.empty());
        LaneState lane = LaneState.fresh(hundred, NOW).withInFlight(100);

        for (int call = 0; call < 100; call++) {
            lane =
                    LaneRules.ended(
                            lane, hundred.of(Share.WHOLE), GRANT, busy(), NOW, NOW.plusSeconds(1));
        }

        assertThat(lane.inFlight()).isZero();
        assertThat(lane.limit().calls()).isBetween(60.0, 80.0);
        assertThat(lane.limit().cutAt()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void failuresThatSayNothingOfTheLimitChangeNothing() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(5);

        for (int call = 0; call < 4; call++) {
            lane = end(lane, failure(Evidence.NONE, null));
        }

        assertThat(lane.inFlight()).isEqualTo(1);
        assertThat(lane.limit()).isEqualTo(LaneState.fresh(TEN, NOW).limit());
        assertThat(lane.pausedUntil()).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({",         1", "7,        7", "299,      299", "86400,    300"})
    void laneWithNothingLeftPausesAsLongAsAsked(@Nullable Integer retryAfterS, int pauseS) {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(1);

        LaneState paused = end(lane, failure(Evidence.EXHAUSTED, retryAfterS));

        Instant until = NOW.plusSeconds(pauseS);
        assertThat(LaneRules.admit(paused, LIMITS, Demand.NONE, 0, NOW))
                .isEqualTo(new Admission.NotBefore(until));
        assertThat(LaneRules.admit(paused, LIMITS, Demand.NONE, 0, until.minusMillis(1)))
                .isEqualTo(new Admission.NotBefore(until));
        assertThat(LaneRules.admit(paused, LIMITS, Demand.NONE, 0, until))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void pauseIsNeverShortened() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(2);

        LaneState paused =
                end(end(lane, failure(Evidence.EXHAUSTED, 60)), failure(Evidence.EXHAUSTED, 1));

        assertThat(paused.pausedUntil()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void retryAfterOfOneCallDoesNotPauseTheLane() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(1);

        LaneState after = end(lane, failure(Evidence.CONGESTED, 60));

        assertThat(LaneRules.admit(after, LIMITS, Demand.NONE, 0, NOW))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void laneThatCannotBeCutFurtherPauses() {
        LaneSettings one = new LaneSettings(1, OptionalInt.empty(), OptionalInt.empty());
        LaneState lane = LaneState.fresh(one, NOW);

        for (int call = 0; call < 3; call++) {
            assertThat(lane.pausedUntil()).isEqualTo(Instant.EPOCH);
            lane = end(lane.withInFlight(1), failure(Evidence.CONGESTED, 5));
        }

        assertThat(lane.pausedUntil()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void modelOutOfServiceTakesNothingButAProbeNowAndThen() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(1);

        LaneState shut = end(lane, new CallResult.GiveUpOnModel(BAD_KEY));
        Instant probeAt = NOW.plusSeconds(30);
        LaneState probing = granted(LaneRules.admit(shut, LIMITS, Demand.NONE, 5, probeAt));

        assertThat(LaneRules.admit(shut, LIMITS, Demand.NONE, 0, NOW))
                .isEqualTo(new Admission.OutOfService(BAD_KEY));
        assertThat(LaneRules.admit(shut, LIMITS, Demand.NONE, 0, probeAt.minusMillis(1)))
                .isEqualTo(new Admission.OutOfService(BAD_KEY));
        assertThat(probing.inFlight()).isEqualTo(1);
        assertThat(LaneRules.admit(probing, LIMITS, Demand.NONE, 0, probeAt))
                .isEqualTo(new Admission.OutOfService(BAD_KEY));
        assertThat(LaneRules.admit(LaneRules.released(probing), LIMITS, Demand.NONE, 0, probeAt))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void probeThatIsAnsweredOpensTheLane() {
        LaneState probing = probing();
        Instant begun = NOW.plusSeconds(30);

        for (CallResult sign : new CallResult[] {answered(), badRequest()}) {
            LaneState open =
                    LaneRules.ended(probing, LIMITS, GRANT, sign, begun, begun.plusSeconds(1));

            assertThat(open.service()).isInstanceOf(Service.Serving.class);
            assertThat(LaneRules.admit(open, LIMITS, Demand.NONE, 0, begun.plusSeconds(1)))
                    .isInstanceOf(Admission.Granted.class);
        }
    }

    @Test
    void probeThatFailsLeavesTheLaneShut() {
        LaneState probing = probing();
        Instant begun = NOW.plusSeconds(30);
        Instant now = begun.plusSeconds(1);

        LaneState refused =
                LaneRules.ended(
                        probing, LIMITS, GRANT, new CallResult.GiveUpOnModel(BAD_KEY), begun, now);
        LaneState unclear = LaneRules.ended(probing, LIMITS, GRANT, busy(), begun, now);

        assertThat(LaneRules.admit(refused, LIMITS, Demand.NONE, 0, now.plusSeconds(29)))
                .isInstanceOf(Admission.OutOfService.class);
        assertThat(LaneRules.admit(refused, LIMITS, Demand.NONE, 0, now.plusSeconds(30)))
                .isInstanceOf(Admission.Granted.class);
        assertThat(LaneRules.admit(unclear, LIMITS, Demand.NONE, 0, now))
                .isInstanceOf(Admission.OutOfService.class);
    }

    @Test
    void callBegunBeforeTheLaneWasShutDoesNotOpenIt() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(2);
        LaneState shut = end(lane, new CallResult.GiveUpOnModel(BAD_KEY));

        LaneState after =
                LaneRules.ended(
                        shut, LIMITS, GRANT, answered(), NOW.minusSeconds(9), NOW.plusSeconds(1));

        assertThat(after.service()).isEqualTo(shut.service());
        assertThat(after.inFlight()).isZero();
    }

    @Test
    void refusalOfACallBegunBeforeTheLaneReopenedDoesNotShutItAgain() {
        Instant begun = NOW.plusSeconds(30);
        LaneState open = LaneRules.ended(probing(), LIMITS, GRANT, answered(), begun, begun);

        LaneState late =
                LaneRules.ended(
                        open, LIMITS, GRANT, new CallResult.GiveUpOnModel(BAD_KEY), NOW, begun);

        assertThat(late.service()).isInstanceOf(Service.Serving.class);
    }

    @Test
    void modelThatFailsFiveTimesInARowIsTriedByOneCallAtATime() {
        LaneState broken = broken();
        Instant probeAt = NOW.plusSeconds(1);

        assertThat(LaneRules.admit(broken, LIMITS, Demand.NONE, 0, probeAt.minusMillis(1)))
                .isInstanceOf(Admission.Broken.class);
        LaneState probing = granted(LaneRules.admit(broken, LIMITS, Demand.NONE, 0, probeAt));
        assertThat(LaneRules.admit(probing, LIMITS, Demand.NONE, 0, probeAt.plusSeconds(60)))
                .isInstanceOf(Admission.Broken.class);
        assertThat(LaneRules.admit(LaneRules.released(probing), LIMITS, Demand.NONE, 0, probeAt))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void brokenModelIsTriedLessAndLessOftenButEveryTenSecondsAtLeast() {
        LaneState lane = broken();
        Instant now = NOW;
        for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
            assertThat(
                            LaneRules.admit(
                                    lane,
                                    LIMITS,
                                    Demand.NONE,
                                    0,
                                    now.plusSeconds(seconds).minusMillis(1)))
                    .isInstanceOf(Admission.Broken.class);
            now = now.plusSeconds(seconds);
            lane = granted(LaneRules.admit(lane, LIMITS, Demand.NONE, 0, now));
            lane = LaneRules.ended(lane, LIMITS, GRANT, failure(Evidence.NONE, null), now, now);
        }
    }

    /// Else what comes of the try would count for nothing, and no other would ever be made.
    @Test
    void brokenModelIsTriedAgainThoughTheClockWasSetBack() {
        Instant begun = NOW.plusSeconds(1);
        LaneState probing = granted(LaneRules.admit(broken(), LIMITS, Demand.NONE, 0, begun));
        Instant back = NOW.minusSeconds(30);
        LaneState again =
                LaneRules.ended(probing, LIMITS, GRANT, failure(Evidence.NONE, null), begun, back);
        Instant next = back.plusSeconds(2);
        LaneState tried = granted(LaneRules.admit(again, LIMITS, Demand.NONE, 0, next));

        LaneState failed =
                LaneRules.ended(tried, LIMITS, GRANT, failure(Evidence.NONE, null), next, next);

        assertThat(LaneRules.wasProbe(tried, next)).isTrue();
        assertThat(LaneRules.admit(failed, LIMITS, Demand.NONE, 0, next.plusSeconds(10)))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void brokenModelThatAnswersServesAgain() {
        Instant begun = NOW.plusSeconds(1);
        LaneState probing = granted(LaneRules.admit(broken(), LIMITS, Demand.NONE, 0, begun));

        LaneState open = LaneRules.ended(probing, LIMITS, GRANT, answered(), begun, begun);

        assertThat(LaneRules.admit(open, LIMITS, Demand.NONE, 0, begun))
                .isInstanceOf(Admission.Granted.class);
        assertThat(LaneRules.admit(open, LIMITS, Demand.NONE, 0, begun))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void slowAnswerToACallBegunBeforeTheModelBrokeShowsThatItServes() {
        LaneState after =
                LaneRules.ended(broken(), LIMITS, GRANT, answered(), NOW.minusSeconds(9), NOW);

        assertThat(after.service()).isInstanceOf(Service.Serving.class);
    }

    @Test
    void burstOfRefusalsBreaksNoModel() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(100);

        for (int call = 0; call < 100; call++) {
            lane = end(lane, failure(Evidence.CONGESTED, null));
        }

        assertThat(lane.service()).isInstanceOf(Service.Serving.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Evidence.class,
            names = {"RATE_LIMITED", "EXHAUSTED"})
    void modelThatTurnsCallsAwayForTheirNumberServes(Evidence evidence) {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(100);

        for (int call = 0; call < 100; call++) {
            lane = end(lane, failure(evidence, null));
        }

        assertThat(lane.service()).isInstanceOf(Service.Serving.class);
    }

    @Test
    void modelThatFailsEverySecondCallIsBroken() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(100);

        int calls = 0;
        while (lane.service() instanceof Service.Serving && calls < 100) {
            lane = end(lane, calls % 2 == 0 ? answered() : failure(Evidence.NONE, null));
            calls++;
        }

        assertThat(calls).isEqualTo(2 * Service.Health.MIN_FAILURES);
    }

    @Test
    void modelThatFailsOneCallInThreeServes() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(1_000);

        for (int call = 0; call < 999; call++) {
            lane = end(lane, call % 3 > 0 ? answered() : failure(Evidence.NONE, null));
        }

        assertThat(lane.service()).isInstanceOf(Service.Serving.class);
    }

    @ParameterizedTest
    @CsvSource({"29, 100, false", "30, 4, false", "30, 5, true", "600, 5, true"})
    void modelThatAnswersNothingUntilDeadlinesPassIsBroken(
            int secondsInTheAir, int calls, boolean broken) {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(calls);

        lane = cutAtDeadlines(lane, calls, secondsInTheAir);

        assertThat(lane.service() instanceof Service.Broken).isEqualTo(broken);
        assertThat(lane.limit()).isEqualTo(LaneState.fresh(TEN, NOW).limit());
    }

    @Test
    void answerBetweenDeadlinesShowsThatTheModelServes() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(100);

        for (int call = 0; call < 20; call++) {
            lane = end(cutAtDeadlines(lane, 4, 60), answered());
        }

        assertThat(lane.service()).isInstanceOf(Service.Serving.class);
    }

    @Test
    void deadlinesOfCallsBegunBeforeTheModelServedAgainSayNothing() {
        LaneState lane = cutAtDeadlines(LaneState.fresh(TEN, NOW).withInFlight(20), 5, 60);
        Instant later = NOW.plusSeconds(30);
        LaneState open = LaneRules.ended(lane, LIMITS, GRANT, answered(), NOW, later);

        for (int call = 0; call < 10; call++) {
            open =
                    LaneRules.ended(
                            open,
                            LIMITS,
                            GRANT,
                            cutAtDeadline(),
                            NOW,
                            later.plusSeconds(10 + call));
        }

        assertThat(open.service()).isInstanceOf(Service.Serving.class);
    }

    @Test
    void deadlineOfOnePromptIsNotToldToOthers() {
        LaneState broken = cutAtDeadlines(LaneState.fresh(TEN, NOW).withInFlight(5), 5, 60);
        Instant probeAt = NOW.plusSeconds(1);

        LaneState again =
                LaneRules.ended(
                        granted(LaneRules.admit(broken, LIMITS, Demand.NONE, 0, probeAt)),
                        LIMITS,
                        GRANT,
                        cutAtDeadline(),
                        probeAt,
                        probeAt);

        CallError timeout = new CallError(FailureCode.TIMEOUT, "too late");
        assertThat(LaneRules.admit(broken, LIMITS, Demand.NONE, 0, NOW))
                .isEqualTo(new Admission.Broken(timeout));
        assertThat(LaneRules.admit(again, LIMITS, Demand.NONE, 0, probeAt))
                .isEqualTo(new Admission.Broken(timeout));
    }

    /// One a second, the last of them NOW.
    private static LaneState cutAtDeadlines(LaneState lane, int calls, int secondsInTheAir) {
        LaneState cut = lane;
        for (int call = calls - 1; call >= 0; call--) {
            Instant now = NOW.minusSeconds(call);
            cut =
                    LaneRules.ended(
                            cut,
                            LIMITS,
                            GRANT,
                            cutAtDeadline(),
                            now.minusSeconds(secondsInTheAir),
                            now);
        }
        return cut;
    }

    private static CallResult cutAtDeadline() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.DEADLINE_EXCEEDED, "too late"),
                Optional.empty(),
                Evidence.NONE,
                true);
    }

    /// Broken since NOW.
    private static LaneState broken() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(10);
        Instant first = NOW.minus(Service.Health.SHORTEST_ROW);
        for (int call = 1; call < Service.Health.FAILURES_IN_A_ROW; call++) {
            lane =
                    LaneRules.ended(
                            lane, LIMITS, GRANT, failure(Evidence.CONGESTED, null), first, first);
            assertThat(lane.service()).isInstanceOf(Service.Serving.class);
        }
        return end(lane, failure(Evidence.NONE, null));
    }

    @Test
    void callThatWasNeverMadeGivesItsRoomBack() {
        LaneState lane = LaneState.fresh(TEN, NOW).withInFlight(1);

        assertThat(LaneRules.released(lane)).isEqualTo(LaneState.fresh(TEN, NOW));
        assertThat(LaneRules.released(LaneState.fresh(TEN, NOW)).inFlight()).isZero();
    }

    /// 600 a minute are 10 a second, of which 3 seconds' worth may be saved up.
    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 0, 0",
        "99, 1, 1, 0, 0",
        "100, 1, 1, 0, 1",
        "1000, 1, 1, 0, 10",
        "3000, 1, 1, 0, 30",
        "9999, 1, 1, 0, 30",
        "1000, 1, 2, 0, 5",
        "1000, 1, 1, 4, 6",
        "1000, 1, 1, 10, 0",
        "9999, 1, 100, 0, 0",
        "10000, 1, 100, 0, 1",
    })
    void callsPerMinuteAreBoundAndSavedUpForAWhile(
            int idleMs, int owned, int partitions, int reserved, int starts) {
        LaneSettings settings = new LaneSettings(1_000, OptionalInt.of(600), OptionalInt.empty());
        LaneLimits limits = settings.of(share(owned, partitions));
        Instant now = NOW.plusMillis(idleMs);
        LaneState lane = LaneState.fresh(settings, NOW);

        int started = 0;
        Admission admission = LaneRules.admit(lane, limits, Demand.NONE, reserved, now);
        while (admission instanceof Admission.Granted granted) {
            started++;
            admission = LaneRules.admit(granted.state(), limits, Demand.NONE, reserved, now);
        }

        assertThat(started).isEqualTo(starts);
        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admission.NotBefore.class, wait -> assertThat(wait.at()).isAfter(now));
    }

    @Test
    void waitForATokenIsAsLongAsItTakes() {
        LaneSettings settings = new LaneSettings(10, OptionalInt.of(60), OptionalInt.empty());
        LaneState lane = LaneState.fresh(settings, NOW);

        assertThat(
                        LaneRules.admit(
                                lane,
                                settings.of(Share.WHOLE),
                                Demand.NONE,
                                0,
                                NOW.plusMillis(250)))
                .isEqualTo(new Admission.NotBefore(NOW.plusMillis(1_000)));
        assertThat(
                        LaneRules.admit(
                                lane,
                                settings.of(Share.WHOLE),
                                Demand.NONE,
                                0,
                                NOW.plusMillis(1_000)))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void fullLaneUsesUpNoTokens() {
        LaneSettings settings = new LaneSettings(1, OptionalInt.of(60), OptionalInt.empty());
        Instant now = NOW.plusSeconds(1);
        LaneState lane = LaneState.fresh(settings, NOW).withInFlight(1);

        assertThat(LaneRules.admit(lane, settings.of(Share.WHOLE), Demand.NONE, 0, now))
                .isEqualTo(new Admission.Full());
        assertThat(
                        LaneRules.admit(
                                LaneRules.released(lane),
                                settings.of(Share.WHOLE),
                                Demand.NONE,
                                0,
                                now))
                .isInstanceOf(Admission.Granted.class);
    }

    @Test
    void clockThatStepsBackMakesNoTokens() {
        LaneSettings settings = new LaneSettings(10, OptionalInt.of(60), OptionalInt.empty());
        Instant now = NOW.plusSeconds(2);
        LaneState lane =
                granted(
                        LaneRules.admit(
                                LaneState.fresh(settings, NOW),
                                settings.of(Share.WHOLE),
                                Demand.NONE,
                                0,
                                now));

        LaneState back =
                granted(LaneRules.admit(lane, settings.of(Share.WHOLE), Demand.NONE, 0, NOW));

        assertThat(LaneRules.admit(back, settings.of(Share.WHOLE), Demand.NONE, 0, now))
                .isInstanceOf(Admission.NotBefore.class);
    }

    /// Over any stretch of time no more calls begin than the limit per minute and what was saved up
    /// allow, and who asks again when told to never waits in vain.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void askingWhenToldNeitherBreaksTheLimitNorWaitsForEver(long seed) {
        Random random = new Random(seed);
        LaneSettings settings =
                new LaneSettings(
                        1_000_000, OptionalInt.of(1 + random.nextInt(900)), OptionalInt.empty());
        double perSecond = settings.requestsPerMinute().getAsInt() / 60.0;
        LaneState lane = LaneState.fresh(settings, NOW);
        Instant now = NOW;
        int started = 0;
        int waits = 0;

        while (started < 5_000) {
            switch (LaneRules.admit(lane, settings.of(Share.WHOLE), Demand.NONE, 0, now)) {
                case Admission.Granted granted -> {
                    lane = granted.state();
                    started++;
                    waits = 0;
                }
                case Admission.NotBefore wait -> {
                    assertThat(++waits).isLessThanOrEqualTo(3);
                    now = wait.at().plusMillis(random.nextInt(5) == 0 ? random.nextInt(60_000) : 0);
                }
                case Admission.Full _, Admission.OutOfService _, Admission.Broken _ ->
                        throw new AssertionError("it is neither full nor out of service");
            }
            double seconds = Duration.between(NOW, now).toMillis() / 1e3;
            assertThat((double) started)
                    .isLessThanOrEqualTo(seconds * perSecond + Math.max(1, 3 * perSecond));
        }
    }

    /// What begins one call every few seconds, or five a second, holds none for anybody else.
    static Stream<Arguments> lowRates() {
        return Stream.of(
                arguments("20 calls a minute", OptionalInt.of(20), OptionalInt.empty(), NO_PACE),
                arguments(
                        "calls of 600 tokens", OptionalInt.empty(), OptionalInt.of(6_000), NO_PACE),
                arguments("5 a second, found out", OptionalInt.empty(), OptionalInt.empty(), 5.0),
                arguments(
                        "15 a second, found out", OptionalInt.empty(), OptionalInt.empty(), 15.0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lowRates")
    void callLeavesTheirTurnToThoseBeforeIt(
            String name, OptionalInt requests, OptionalInt tokens, double pace) {
        LaneSettings settings = new LaneSettings(1_000, requests, tokens);
        LaneLimits limits = settings.of(Share.WHOLE);
        LaneState lane = paced(LaneState.fresh(settings, NOW), pace);

        Instant first = notBefore(LaneRules.admit(lane, limits, LARGE, 0, NOW));
        Instant behind = notBefore(LaneRules.admit(lane, limits, LARGE, 1, NOW));

        assertThat(Duration.between(first, behind).toMillis()).isBetween(66L, 101L);
        assertThat(notBefore(LaneRules.admit(lane, limits, LARGE, 1, first)))
                .isCloseTo(behind, within(1, ChronoUnit.MILLIS));
        Instant later = behind.plusMillis(1);
        LaneState taken = granted(LaneRules.admit(lane, limits, LARGE, 0, first));
        assertThat(notBefore(LaneRules.admit(taken, limits, LARGE, 1, later))).isAfter(later);
        assertThat(LaneRules.admit(lane, limits, LARGE, 1, later))
                .isInstanceOf(Admission.Granted.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lowRates")
    void allOfARateIsUsedByThoseBehindWhereThoseBeforeThemNeverStart(
            String name, OptionalInt requests, OptionalInt tokens, double pace) {
        LaneSettings settings = new LaneSettings(1_000_000, requests, tokens);

        double alone = startsInTenMinutes(settings, pace, 0);
        double behind = startsInTenMinutes(settings, pace, 1_000);

        assertThat(behind).isBetween(alone * 0.98, alone + 2);
    }

    private static int startsInTenMinutes(LaneSettings settings, double pace, int reserved) {
        LaneLimits limits = settings.of(Share.WHOLE);
        LaneState lane = paced(LaneState.fresh(settings, NOW), pace);
        int starts = 0;
        for (Instant now = NOW; now.isBefore(NOW.plusSeconds(600)); ) {
            switch (LaneRules.admit(lane, limits, LARGE, reserved, now)) {
                case Admission.Granted granted -> {
                    lane = granted.state();
                    starts++;
                }
                case Admission.NotBefore wait -> now = wait.at();
                case Admission.Full _, Admission.OutOfService _, Admission.Broken _ ->
                        throw new AssertionError("it is neither full nor out of service");
            }
        }
        return starts;
    }

    private static LaneState paced(LaneState lane, double perSecond) {
        Rates none = lane.rates();
        Pace pace =
                new Pace(
                        perSecond,
                        Bucket.empty(NOW),
                        0,
                        NOW,
                        0,
                        0,
                        true,
                        false,
                        Instant.EPOCH,
                        NOW);
        return lane.withRates(
                new Rates(
                        none.requests(),
                        none.tokens(),
                        none.use(),
                        none.requestQuota(),
                        none.tokenQuota(),
                        pace,
                        0,
                        0));
    }

    private static Instant notBefore(Admission admission) {
        assertThat(admission).isInstanceOf(Admission.NotBefore.class);
        return ((Admission.NotBefore) admission).at();
    }

    private static Share share(int owned, int partitions) {
        return new Share(partitions, IntStream.range(0, owned).boxed().collect(Collectors.toSet()));
    }

    private static LaneState probing() {
        LaneState shut =
                end(
                        LaneState.fresh(TEN, NOW).withInFlight(1),
                        new CallResult.GiveUpOnModel(BAD_KEY));
        return granted(LaneRules.admit(shut, LIMITS, Demand.NONE, 0, NOW.plusSeconds(30)));
    }

    private static LaneState granted(Admission admission) {
        assertThat(admission).isInstanceOf(Admission.Granted.class);
        return ((Admission.Granted) admission).state();
    }

    private static LaneState end(LaneState lane, CallResult result) {
        return LaneRules.ended(lane, LIMITS, GRANT, result, NOW, NOW);
    }

    private static CallResult answered() {
        return new CallResult.Answered(completion("fine"));
    }

    private static CallResult badRequest() {
        return new CallResult.GiveUpOnPrompt(new CallError(FailureCode.INVALID_INPUT, "400"));
    }

    private static CallResult busy() {
        return failure(Evidence.CONGESTED, null);
    }

    private static CallResult failure(Evidence evidence, @Nullable Integer retryAfterS) {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "429"),
                Optional.ofNullable(retryAfterS).map(Duration::ofSeconds),
                evidence,
                false);
    }
}
