package dev.assay.decide.call;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Constraints;
import dev.assay.model.FailureCode;
import dev.assay.model.Plan;
import dev.assay.model.Purpose;
import dev.assay.model.RetryPolicy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

class RetriesTest {

    private static final RetryPolicy POLICY = new RetryPolicy(3, Duration.ofMinutes(5));
    private static final Duration TOOK = Duration.ofSeconds(2);

    /// The wait is the dice's share of 0.5 s doubled with every try, up to 30 s.
    @ParameterizedTest
    @CsvSource({
        "0, 0,    0",
        "0, 0.5,  250",
        "0, 1,    500",
        "1, 1,    1000",
        "2, 1,    2000",
        "5, 1,    16000",
        "6, 1,    30000",
        "6, 0.1,  3000",
        "60, 1,   30000",
        "5000, 1, 30000",
    })
    void waitIsAShareOfACeilingThatDoubles(int tries, double dice, long waitMs) {
        RetryPolicy patient = new RetryPolicy(Integer.MAX_VALUE, Duration.ofDays(1));

        Call next = next(tried(tries), failure(), patient, Constraints.NONE, dice).orElseThrow();

        assertThat(Duration.between(NOW, next.notBefore())).isEqualTo(Duration.ofMillis(waitMs));
        assertThat(next.tries()).isEqualTo(tries + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void waitsFillTheWholeRangeOfTheirTry(long seed) {
        Random random = new Random(seed);
        RetryPolicy patient = new RetryPolicy(100, Duration.ofDays(1));

        for (int tries = 0; tries < 10; tries++) {
            double ceilingMs = Math.min(30_000, 500 * Math.pow(2, tries));
            double sum = 0;
            for (int run = 0; run < 2_000; run++) {
                Call next =
                        next(
                                        tried(tries),
                                        failure(),
                                        patient,
                                        Constraints.NONE,
                                        random.nextDouble())
                                .orElseThrow();
                double waitMs = Duration.between(NOW, next.notBefore()).toMillis();
                assertThat(waitMs).isBetween(0.0, ceilingMs);
                sum += waitMs / ceilingMs;
            }
            assertThat(sum / 2_000).isCloseTo(0.5, within(0.03));
        }
    }

    @Test
    void providersWordIsWaitedForAndTheJitterComesOnTop() {
        Call next =
                next(tried(1), failure(Duration.ofSeconds(20)), POLICY, Constraints.NONE, 0.5)
                        .orElseThrow();

        assertThat(next.notBefore()).isEqualTo(NOW.plusMillis(20_500));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false", "3, false"})
    void triesAreCounted(int tries, boolean again) {
        assertThat(next(tried(tries), failure(), POLICY, Constraints.NONE, 0.5).isPresent())
                .isEqualTo(again);
    }

    @Test
    void singleTryIsNeverRepeated() {
        RetryPolicy once = new RetryPolicy(1, Duration.ofMinutes(5));

        assertThat(next(tried(0), failure(), once, Constraints.NONE, 0)).isEmpty();
    }

    @Test
    void beingTurnedAwayUsesUpNoTries() {
        assertThat(next(tried(50), turnedAway(), POLICY, Constraints.NONE, 0.5)).isPresent();
        assertThat(next(triedSince(NOW.minus(POLICY.maxElapsed())), turnedAway(), 0)).isEmpty();
    }

    @Test
    void failuresAfterBeingTurnedAwayHaveAllTheirTries() {
        Call call = tried(0);
        for (int time = 0; time < 10; time++) {
            call = next(call, turnedAway(), POLICY, Constraints.NONE, 0).orElseThrow();
        }

        call = next(call, failure(), POLICY, Constraints.NONE, 0).orElseThrow();
        call = next(call, turnedAway(), POLICY, Constraints.NONE, 0).orElseThrow();
        call = next(call, failure(), POLICY, Constraints.NONE, 0).orElseThrow();

        assertThat(next(call, failure(), POLICY, Constraints.NONE, 0)).isEmpty();
        assertThat(call.tries()).isEqualTo(13);
    }

    @Test
    void eachKindOfSetbackMakesItsOwnWaitsLonger() {
        RetryPolicy patient = new RetryPolicy(100, Duration.ofDays(1));
        Call call = tried(0);
        for (int before = 0; before < 4; before++) {
            call = next(call, turnedAway(), patient, Constraints.NONE, 1).orElseThrow();
            assertThat(call.notBefore()).isEqualTo(NOW.plusMillis(1_000 + (500 << before)));
        }

        call =
                next(call.askAgain(TOOK, NOW), failure(), patient, Constraints.NONE, 1)
                        .orElseThrow();
        assertThat(call.notBefore()).isEqualTo(NOW.plusMillis(500));

        call = next(call, failure(), patient, Constraints.NONE, 1).orElseThrow();
        assertThat(call.notBefore()).isEqualTo(NOW.plusMillis(1_000));
    }

    @Test
    void uselessAnswersUseUpNoTries() {
        Call call = tried(0).askAgain(TOOK, NOW);

        call = next(call, failure(), POLICY, Constraints.NONE, 0).orElseThrow();
        call = next(call, failure(), POLICY, Constraints.NONE, 0).orElseThrow();

        assertThat(next(call, failure(), POLICY, Constraints.NONE, 0)).isEmpty();
    }

    /// Time runs from the begin of the first try, which is unknown until the first try ends.
    @ParameterizedTest
    @CsvSource({"0, 298, true", "0, 299, false", "1, 300, true", "1, 301, false"})
    void lastTryBeginsWithinTheTimeAllowed(int tries, int retryAfterSeconds, boolean again) {
        Call call = tries == 0 ? tried(0) : triedSince(NOW);

        Optional<Call> next =
                next(
                        call,
                        failure(Duration.ofSeconds(retryAfterSeconds)),
                        POLICY,
                        Constraints.NONE,
                        0);

        assertThat(next.isPresent()).isEqualTo(again);
    }

    @Test
    void waitingForTheFirstTryTakesNoTimeFromTheOthers() {
        Call queuedLong = call(0, NOW.minus(Duration.ofHours(1)));

        Call next = next(queuedLong, failure(), POLICY, Constraints.NONE, 0).orElseThrow();

        assertThat(next.openedAt()).isEqualTo(NOW.minus(TOOK));
    }

    /// Its lane knows when to look again. Put off for that long the call could not go elsewhere.
    @Test
    void callThatFoundItsModelAwayIsNotPutOffByTheProvidersWord() {
        Call next =
                next(tried(0), failure(Duration.ofHours(1)).away(), POLICY, Constraints.NONE, 0)
                        .orElseThrow();

        assertThat(next.notBefore()).isEqualTo(NOW);
    }

    @Test
    void callThatFoundItsModelAwayUsesUpNeitherTriesNorTime() {
        Call call = triedSince(NOW.minus(POLICY.maxElapsed()).plusSeconds(1));
        for (int minute = 0; minute < 100; minute++) {
            call =
                    Retries.next(
                                    call,
                                    failure().away(),
                                    POLICY,
                                    Constraints.NONE,
                                    TOOK,
                                    NOW.plusSeconds(60L * minute),
                                    0)
                            .orElseThrow();
        }

        assertThat(call.failures()).isEqualTo(1);
        Instant now = NOW.plusSeconds(6_000);
        assertThat(Retries.next(call, failure(), POLICY, Constraints.NONE, TOOK, now, 0))
                .isPresent();
    }

    @Test
    void timeIsCountedFromTheFirstOfAllTriesWithoutWhatTheyWaitedForRoom() {
        Call first = tried(0);
        Call second = next(first, failure(), POLICY, Constraints.NONE, 0.9).orElseThrow();
        Call third =
                Retries.next(
                                second,
                                failure(),
                                POLICY,
                                Constraints.NONE,
                                TOOK,
                                NOW.plusSeconds(60),
                                0)
                        .orElseThrow();

        Instant thirdBeganAt = NOW.plusSeconds(60).minus(TOOK);
        Duration waited = Duration.between(second.notBefore(), thirdBeganAt);
        assertThat(waited).isGreaterThan(Duration.ofSeconds(50));
        assertThat(second.openedAt()).isEqualTo(NOW.minus(TOOK));
        assertThat(third.openedAt()).isEqualTo(second.openedAt().plus(waited));
        assertThat(third.tries()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"4, true", "5, false", "6, false"})
    void nothingBeginsAtOrAfterTheDeadline(int retryAfterSeconds, boolean again) {
        Constraints deadline =
                new Constraints(Optional.of(NOW.plusSeconds(5)), OptionalDouble.empty(), List.of());

        Optional<Call> next =
                next(tried(0), failure(Duration.ofSeconds(retryAfterSeconds)), POLICY, deadline, 0);

        assertThat(next.isPresent()).isEqualTo(again);
    }

    @Test
    void retryIsTheSameCall() {
        Call call = tried(1);

        Call next = next(call, failure(), POLICY, Constraints.NONE, 0.5).orElseThrow();

        assertThat(next)
                .usingRecursiveComparison()
                .ignoringFields("tries", "notBefore")
                .isEqualTo(call);
    }

    private static Optional<Call> next(Call call, TryAgain failure, double dice) {
        return next(call, failure, POLICY, Constraints.NONE, dice);
    }

    private static Optional<Call> next(
            Call call, TryAgain failure, RetryPolicy policy, Constraints constraints, double dice) {
        return Retries.next(call, failure, policy, constraints, TOOK, NOW, dice);
    }

    private static Call tried(int tries) {
        return call(tries, NOW.minusSeconds(10));
    }

    private static Call triedSince(Instant firstTryAt) {
        return call(1, firstTryAt);
    }

    private static Call call(int tries, Instant openedAt) {
        Plan.Pick pick = new Plan.Pick("m", 1, "first");
        Call first = Call.first(0, Purpose.ANSWER, pick, openedAt);
        return new Call(
                first.slot(),
                first.purpose(),
                first.model(),
                tries,
                0,
                0,
                openedAt,
                NOW.minus(TOOK),
                first.propensity(),
                first.why());
    }

    private static TryAgain turnedAway() {
        return new TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "none left"),
                Optional.of(Duration.ofSeconds(1)),
                Evidence.EXHAUSTED,
                false);
    }

    private static TryAgain failure() {
        return new TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503"),
                Optional.empty(),
                Evidence.NONE,
                false);
    }

    private static TryAgain failure(Duration retryAfter) {
        return new TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503"),
                Optional.of(retryAfter),
                Evidence.CONGESTED,
                false);
    }
}
