package dev.assay.flight;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.Grant;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.flight.Lane.Precedence;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.HedgePolicy;
import dev.assay.model.Priority;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

@Timeout(60)
class FlightsTest {

    private static final Grant GRANT = new Grant(0, 0, Demand.NONE, 0, 10);

    private static final long REQUEST_BYTES = 1_000;
    private static final Line LINE = new Line("m", Priority.INTERACTIVE);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Reuse IN_AIR = new Reuse("same", Optional.empty(), Optional.empty());
    private static final Reuse KEPT =
            new Reuse("same", Optional.of(Duration.ofMinutes(1)), Optional.empty());
    private static final Reuse OTHER = new Reuse("other", Optional.empty(), Optional.empty());

    private final Lane lane =
            new Lanes(
                            Map.of(
                                    "m",
                                    new LaneSettings(
                                            10_000, OptionalInt.empty(), OptionalInt.empty())),
                            () -> NOW)
                    .lane("m");
    private final Semaphore slowBegan = new Semaphore(0);
    private final Semaphore waitBegan = new Semaphore(0);
    private final AtomicReference<Runnable> onInterrupt = new AtomicReference<>(() -> {});
    private volatile Instant now = NOW;
    private final Flights flights =
            new Flights(
                    () -> now,
                    new Hedges(Map.of("m", new HedgePolicy(0.95, 1))),
                    new RequestMemory(4 * REQUEST_BYTES),
                    1_000_000,
                    new CallThreads(
                            Executors.newThreadPerTaskExecutor(this::thread), System::nanoTime));
    private final Inbox inbox = new Inbox();
    private final CountDownLatch mayLand = new CountDownLatch(1);

    @AfterEach
    void close() {
        flights.close();
    }

    @Test
    void whatComesOfACallIsFoundInTheInboxOnce() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);

        Landed landed = inbox.poll().orElseThrow();

        assertThat(landed.key()).isEqualTo(key("p1"));
        assertThat(landed.result()).isEqualTo(answer("fine"));
        assertThat(landed.took()).isPositive();
        assertThat(inbox.poll()).isEmpty();
        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void callsAreInTheAirTogether() throws InterruptedException {
        CountDownLatch allUp = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            start(
                    "p" + i,
                    () -> {
                        allUp.countDown();
                        allUp.await();
                        return answer("fine");
                    });
        }

        flights.awaitLanding(LONG);

        assertThat(polled(inbox)).hasSize(100);
    }

    @Test
    void requestsInTheAirTakeMemory() {
        start("p1", waiting("fine"));
        assertThat(flights.hasRoom(LINE)).isTrue();
        hedge("p1", waiting("fine"));
        assertThat(flights.hasRoom(LINE)).isFalse();

        land();

        assertThat(flights.hasRoom(LINE)).isTrue();
    }

    @Test
    void callsThatAreCancelledOrNotMadeGiveTheirMemoryBack() {
        for (int i = 0; i < 2; i++) {
            start("p" + i, slow(new CountDownLatch(1)));
        }
        assertThat(flights.hasRoom(LINE)).isFalse();

        flights.cancel(key("p0"));
        await().until(() -> flights.hasRoom(LINE));
        flights.close();
        flights.awaitLanding(LONG);
        start("p2", waiting("never"));
        start("p3", waiting("never"));

        assertThat(flights.hasRoom(LINE)).isTrue();
    }

    @Test
    void reopenedTaskGetsTheAnswerOfACallThatIsStillInTheAir() {
        start("p1", waiting("fine"));
        inbox.close();
        Inbox reopened = new Inbox();

        assertThat(flights.attach(key("p1"), reopened)).isTrue();
        land();

        assertThat(inbox.poll()).isEmpty();
        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void answerThatCameBackToAClosedTaskIsKeptForTheNext() {
        start("p1", waiting("fine"));
        inbox.close();
        land();
        Inbox reopened = new Inbox();

        assertThat(flights.attach(key("p1"), reopened)).isTrue();

        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void answerThatAClosedTaskHadNotTakenIsKeptForTheNext() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);
        inbox.close();
        Inbox reopened = new Inbox();

        assertThat(inbox.poll()).isEmpty();
        assertThat(flights.attach(key("p1"), reopened)).isTrue();

        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void answerIsKeptThroughSeveralTasksThatCloseWithoutTakingIt() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);
        inbox.close();
        for (int i = 0; i < 3; i++) {
            Inbox shortLived = new Inbox();
            assertThat(flights.attach(key("p1"), shortLived)).isTrue();
            shortLived.close();
        }
        Inbox last = new Inbox();

        flights.attach(key("p1"), last);

        assertThat(polled(last)).containsExactly(answer("fine"));
    }

    @Test
    void answerThatWasTakenIsNotGivenAgain() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);
        inbox.poll();

        assertThat(flights.attach(key("p1"), new Inbox())).isFalse();
    }

    @Test
    void answerGoesToTheTaskThatAttachedLast() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);
        Inbox reopened = new Inbox();
        flights.attach(key("p1"), reopened);

        assertThat(inbox.poll()).isEmpty();
        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void callThatWasNeverMadeHereMustBeMadeAnew() {
        assertThat(flights.attach(key("p1"), inbox)).isFalse();
    }

    @Test
    void callOfAnotherTryIsAnotherCall() {
        start("p1", waiting("fine"));

        FlightKey retry = new FlightKey("answer", 0, "p1", 1, 1, 0, "m", 1);

        assertThat(flights.attach(retry, new Inbox())).isFalse();
        land();
    }

    @Test
    void oldestAnswersNobodyClaimsAreForgotten() {
        inbox.close();
        for (int i = 0; i <= Flights.MAX_UNCLAIMED; i++) {
            start("p" + i, () -> answer("fine"));
            flights.awaitLanding(LONG);
        }

        Inbox reopened = new Inbox();
        assertThat(flights.attach(key("p0"), reopened)).isFalse();
        assertThat(flights.attach(key("p1"), reopened)).isTrue();
        assertThat(flights.attach(key("p" + Flights.MAX_UNCLAIMED), reopened)).isTrue();
        assertThat(polled(reopened)).hasSize(2);
    }

    @Test
    void bugInACallIsThatPromptsFailureAndQuotesNothing() {
        start(
                "p1",
                () -> {
                    throw new IllegalStateException("the secret prompt");
                });
        start(
                "p2",
                () -> {
                    throw new AssertionError("the secret prompt");
                });
        flights.awaitLanding(LONG);

        assertThat(polled(inbox))
                .hasSize(2)
                .allSatisfy(
                        result -> {
                            GiveUpOnPrompt failed = (GiveUpOnPrompt) result;
                            assertThat(failed.error().code()).isEqualTo(FailureCode.INTERNAL_ERROR);
                            assertThat(failed.error().message())
                                    .contains("model m", "the log has more")
                                    .doesNotContain("secret");
                        });
        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void callsEndWithoutAWordWhenTheInstanceCloses() throws InterruptedException {
        CountDownLatch up = new CountDownLatch(1);
        start(
                "p1",
                () -> {
                    up.countDown();
                    mayLand.await();
                    return answer("never");
                });
        up.await();

        flights.close();
        flights.awaitLanding(LONG);

        assertThat(inbox.poll()).isEmpty();
        assertThat(lane.inFlight()).isZero();
        assertThat(flights.attach(key("p1"), new Inbox())).isFalse();
    }

    @Test
    void callAfterTheCloseIsNotMade() {
        flights.close();

        start("p1", () -> answer("never"));
        flights.awaitLanding(LONG);

        assertThat(inbox.poll()).isEmpty();
        assertThat(lane.inFlight()).isZero();
        assertThat(flights.attach(key("p1"), new Inbox())).isFalse();
    }

    @Test
    void landingIsAwaitedForSoLongOnly() {
        start("p1", waiting("late"));

        flights.awaitLanding(Duration.ofMillis(1));

        assertThat(inbox.poll()).isEmpty();
        land();
        assertThat(polled(inbox)).hasSize(1);
    }

    @Test
    void takingIsAwaitedForAnswersOfOpenTasksOnly() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);
        flights.awaitTaking(Duration.ofMillis(1));
        assertThat(inbox.poll()).isPresent();

        flights.awaitTaking(LONG);
        start("p2", () -> answer("fine"));
        flights.awaitLanding(LONG);
        inbox.close();
        flights.awaitTaking(LONG);

        assertThat(flights.attach(key("p2"), new Inbox())).isTrue();
    }

    @Test
    void interruptEndsTheWaitForLandings() throws InterruptedException {
        start("p1", waiting("late"));
        List<Boolean> interrupted = new ArrayList<>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    Thread.currentThread().interrupt();
                                    flights.awaitLanding(LONG);
                                    interrupted.add(Thread.currentThread().isInterrupted());
                                });

        waiter.join();

        assertThat(interrupted).containsExactly(true);
        land();
    }

    /// Every call is taken once, however often its task closes and reopens meanwhile.
    @Test
    void noAnswerIsLostOrGivenTwiceWhileTasksCloseAndReopen() {
        int calls = 500;
        for (int i = 0; i < calls; i++) {
            start("p" + i, () -> answer("fine"));
        }
        List<Landed> taken = new ArrayList<>();
        Inbox current = inbox;
        for (int reopening = 0; reopening < 50; reopening++) {
            current.poll().ifPresent(taken::add);
            current.close();
            current = new Inbox();
            attachAll(calls, current);
        }
        flights.awaitLanding(LONG);
        current.close();
        Inbox last = new Inbox();
        attachAll(calls, last);
        for (Optional<Landed> next = last.poll(); next.isPresent(); next = last.poll()) {
            taken.add(next.get());
        }

        assertThat(taken).hasSize(calls).extracting(Landed::key).doesNotHaveDuplicates();
    }

    @Test
    void firstAnswerOfTwoTriesCountsAndTheOtherTryIsCancelled() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        start("p1", slow(interrupted));
        slowBegan.acquire();

        assertThat(hedge("p1", () -> answer("second"))).isTrue();
        flights.awaitLanding(LONG);

        Landed landed = inbox.poll().orElseThrow();
        assertThat(landed.result()).isEqualTo(answer("second"));
        assertThat(landed.besides()).isEqualTo(1);
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(inbox.poll()).isEmpty();
        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void failureOfOneTryWaitsForTheOther() {
        start("p1", waiting("first"));

        hedge("p1", () -> busy(true));
        awaitInFlight(1);
        assertThat(inbox.poll()).isEmpty();
        land();

        Landed landed = inbox.poll().orElseThrow();
        assertThat(landed.result()).isEqualTo(answer("first"));
        assertThat(landed.besides()).isEqualTo(1);
    }

    @Test
    void failureThatCostNothingIsNoTryBeside() {
        start("p1", waiting("first"));

        hedge("p1", () -> busy(false));
        awaitInFlight(1);
        land();

        assertThat(inbox.poll().orElseThrow().besides()).isZero();
    }

    @Test
    void callWhoseTriesAllFailFails() {
        start("p1", waitingFor(busy(false)));
        hedge("p1", () -> busy(false));
        awaitInFlight(1);
        land();

        assertThat(polled(inbox)).containsExactly(busy(false));
    }

    @Test
    void callThatHasComeBackGetsNoSecondTry() {
        start("p1", () -> answer("fine"));
        flights.awaitLanding(LONG);

        assertThat(hedge("p1", () -> answer("second"))).isFalse();

        lane.released();
        assertThat(polled(inbox)).containsExactly(answer("fine"));
    }

    @Test
    void identicalRequestSharesTheCallInTheAir() {
        start("p1", waiting("fine"), Optional.of(IN_AIR));

        assertThat(flights.share(key("p2"), IN_AIR, inbox)).isTrue();
        land();

        CallResult.Answered own = (CallResult.Answered) answer("fine");
        assertThat(polled(inbox)).containsExactlyInAnyOrder(own, own.sharedWithAnother());
    }

    @Test
    void answerOfACallInTheAirIsNotKeptWhereNothingIsToBeKept() {
        start("p1", () -> answer("fine"), Optional.of(IN_AIR));
        flights.awaitLanding(LONG);

        assertThat(flights.share(key("p2"), IN_AIR, inbox)).isFalse();
    }

    @Test
    void keptAnswerIsSharedForItsTime() {
        start("p1", () -> answer("fine"), Optional.of(KEPT));
        flights.awaitLanding(LONG);
        inbox.poll();

        assertThat(flights.share(key("p2"), KEPT, inbox)).isTrue();
        now = now.plus(KEPT.keepFor().orElseThrow());
        assertThat(flights.share(key("p3"), KEPT, inbox)).isFalse();

        assertThat(polled(inbox))
                .containsExactly(((CallResult.Answered) answer("fine")).sharedWithAnother());
    }

    @Test
    void failureIsSharedByThoseWhoWaitedButIsNotKept() {
        start("p1", waitingFor(busy(true)), Optional.of(KEPT));
        flights.share(key("p2"), KEPT, inbox);
        land();

        assertThat(flights.share(key("p3"), KEPT, inbox)).isFalse();

        assertThat(polled(inbox)).containsExactlyInAnyOrder(busy(true), busy(false));
    }

    @Test
    void callersOfAnotherRequestShareNothing() {
        start("p1", waiting("fine"), Optional.of(KEPT));

        assertThat(flights.share(key("p2"), OTHER, inbox)).isFalse();
        land();
    }

    @Test
    void callWithADeadlineDoesNotWaitForOneWithout() {
        start("p1", waiting("fine"), Optional.of(IN_AIR));

        assertThat(flights.share(key("p2"), until(5), inbox)).isFalse();

        start("p2", waiting("fine"), Optional.of(until(5)));
        assertThat(flights.share(key("p3"), IN_AIR, inbox)).isTrue();
        land();
    }

    @Test
    void callWithoutADeadlineDoesNotWaitForOneThatItsDeadlineCutsShort() {
        start("p1", waiting("fine"), Optional.of(until(5)));

        assertThat(flights.share(key("p2"), IN_AIR, inbox)).isFalse();
        land();
    }

    @Test
    void callsWhoseDeadlinesAreAboutTheSameShareTheOneThatEndsFirst() {
        start("p1", waiting("fine"), Optional.of(until(90)));

        assertThat(flights.share(key("early"), until(89), inbox)).isFalse();
        assertThat(flights.share(key("same"), until(90), inbox)).isTrue();
        assertThat(flights.share(key("later"), until(100), inbox)).isTrue();
        assertThat(flights.share(key("late"), until(101), inbox)).isFalse();
        land();

        assertThat(polled(inbox)).hasSize(3);
    }

    @Test
    void keptAnswerIsSharedWhateverTheDeadlines() {
        Optional<Duration> keepFor = KEPT.keepFor();
        Reuse timed = new Reuse("same", keepFor, Optional.of(NOW.plusSeconds(5)));
        start("p1", () -> answer("fine"), Optional.of(timed));
        flights.awaitLanding(LONG);

        assertThat(flights.share(key("p2"), KEPT, inbox)).isTrue();
        assertThat(flights.share(key("p3"), timed, inbox)).isTrue();
    }

    @Test
    void deadlineOfAnotherCountsAsNoFailedTry() {
        CallError late = new CallError(FailureCode.DEADLINE_EXCEEDED, "too late");
        CallResult failed =
                new CallResult.TryAgain(late, Optional.empty(), CallResult.Evidence.NONE, true);
        start("p1", waitingFor(failed), Optional.of(until(90)));
        Inbox followers = new Inbox();
        flights.share(key("p2"), until(91), followers);
        land();

        assertThat(polled(inbox)).containsExactly(failed);
        assertThat(polled(followers))
                .containsExactly(
                        new CallResult.TryAgain(
                                late, Optional.empty(), CallResult.Evidence.AWAY, false));
    }

    @Test
    void callOfATaskThatMovedAwayIsCancelledAfterAWhile() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        start("p1", slow(interrupted));
        slowBegan.acquire();
        inbox.close();

        flights.cancelAbandoned();
        now = now.plus(Flights.CANCEL_ABANDONED_AFTER);
        flights.cancelAbandoned();

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        flights.awaitLanding(LONG);
        assertThat(flights.attach(key("p1"), new Inbox())).isFalse();
        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void callOfATaskThatCameBackIsNotCancelled() {
        start("p1", waiting("fine"));
        inbox.close();
        flights.cancelAbandoned();
        Inbox reopened = new Inbox();
        flights.attach(key("p1"), reopened);

        now = now.plus(Flights.CANCEL_ABANDONED_AFTER);
        flights.cancelAbandoned();
        land();

        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void callThatOthersWaitForIsNotCancelled() {
        start("p1", waiting("fine"), Optional.of(IN_AIR));
        Inbox other = new Inbox();
        flights.share(key("p2"), IN_AIR, other);
        inbox.close();

        flights.cancelAbandoned();
        now = now.plus(Flights.CANCEL_ABANDONED_AFTER);
        flights.cancelAbandoned();
        land();

        assertThat(polled(other)).hasSize(1);
    }

    @Test
    void callOfATaskThatComesBackWhileOthersAreCancelledIsNotCancelled() {
        start("p1", waiting("fine"));
        start("p2", waiting("fine"));
        Inbox reopened = new Inbox();
        List<Boolean> attached = new ArrayList<>();
        onInterrupt.set(
                () -> {
                    attached.add(flights.attach(key("p1"), reopened));
                    attached.add(flights.attach(key("p2"), reopened));
                });

        cancelAllAbandoned();
        land();

        // The one whose cancelling was seen is over, the other goes on.
        assertThat(attached).containsExactlyInAnyOrder(false, true);
        assertThat(polled(reopened)).containsExactly(answer("fine"));
    }

    @Test
    void callThatIsFollowedWhileOthersAreCancelledIsNotCancelled() {
        start("p1", waiting("fine"), Optional.of(IN_AIR));
        start("p2", waiting("fine"), Optional.of(OTHER));
        Inbox open = new Inbox();
        List<Boolean> followed = new ArrayList<>();
        onInterrupt.set(
                () -> {
                    followed.add(flights.share(key("p3"), IN_AIR, open));
                    followed.add(flights.share(key("p4"), OTHER, open));
                });

        cancelAllAbandoned();
        land();

        assertThat(followed).containsExactlyInAnyOrder(false, true);
        assertThat(polled(open)).hasSize(1);
    }

    @Test
    void answersNobodyClaimsTakeBoundedMemory() {
        inbox.close();
        int chars = (int) (Flights.MAX_UNCLAIMED_CHARS / 2);
        for (int i = 0; i < 3; i++) {
            start("p" + i, () -> large(chars));
            flights.awaitLanding(LONG);
        }

        Inbox reopened = new Inbox();
        assertThat(flights.attach(key("p0"), reopened)).isFalse();
        assertThat(flights.attach(key("p1"), reopened)).isTrue();
        assertThat(flights.attach(key("p2"), reopened)).isTrue();
    }

    /// Once both calls are on their way, since only then cancelling one can be seen.
    private void cancelAllAbandoned() {
        await().until(() -> waitBegan.tryAcquire(2));
        inbox.close();
        flights.cancelAbandoned();
        now = now.plus(Flights.CANCEL_ABANDONED_AFTER);
        flights.cancelAbandoned();
    }

    /// Tells of its first interrupt before it is interrupted.
    private Thread thread(Runnable task) {
        return new Thread(task) {
            @Override
            public void interrupt() {
                onInterrupt.getAndSet(() -> {}).run();
                super.interrupt();
            }
        };
    }

    private static CallResult large(int chars) {
        Completion small = completion("fine");
        return new CallResult.Answered(
                new Completion(
                        small.text(),
                        small.messageJson(),
                        small.finishReason(),
                        small.finishReasonText(),
                        small.refusal(),
                        small.hasToolCalls(),
                        small.usage(),
                        small.requestId(),
                        small.modelVersion(),
                        "x".repeat(chars)));
    }

    private static Reuse until(int seconds) {
        return new Reuse("same", Optional.empty(), Optional.of(NOW.plusSeconds(seconds)));
    }

    private static CallResult busy(boolean billed) {
        return new CallResult.TryAgain(
                new CallError(FailureCode.TIMEOUT, "too slow"),
                Optional.empty(),
                CallResult.Evidence.NONE,
                billed);
    }

    private boolean hedge(String promptId, Callable<CallResult> call) {
        assertThat(lane.waiter(Precedence.ANSWER).tryStart(Demand.NONE))
                .isInstanceOf(Admission.Granted.class);
        return flights.hedge(key(promptId), new Slot(lane, GRANT), ready(call));
    }

    /// A call that ends by an interrupt only.
    private Callable<CallResult> slow(CountDownLatch interrupted) {
        return () -> {
            slowBegan.release();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return answer("never");
        };
    }

    private Callable<CallResult> waitingFor(CallResult result) {
        return () -> {
            waitBegan.release();
            mayLand.await();
            return result;
        };
    }

    private void awaitInFlight(int calls) {
        await().until(() -> lane.inFlight() == calls);
    }

    private void attachAll(int calls, Inbox to) {
        for (int i = 0; i < calls; i++) {
            flights.attach(key("p" + i), to);
        }
    }

    private void start(String promptId, Callable<CallResult> call) {
        start(promptId, call, Optional.empty());
    }

    private void start(String promptId, Callable<CallResult> call, Optional<Reuse> reuse) {
        assertThat(lane.waiter(Precedence.ANSWER).tryStart(Demand.NONE))
                .isInstanceOf(Admission.Granted.class);
        flights.start(key(promptId), new Slot(lane, GRANT), ready(call), inbox, reuse);
    }

    private static ReadyCall ready(Callable<CallResult> call) {
        return new ReadyCall(call, LINE, REQUEST_BYTES);
    }

    private Callable<CallResult> waiting(String text) {
        return waitingFor(answer(text));
    }

    private void land() {
        mayLand.countDown();
        flights.awaitLanding(LONG);
    }

    private static List<CallResult> polled(Inbox inbox) {
        List<CallResult> results = new ArrayList<>();
        for (Optional<Landed> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
            results.add(next.get().result());
        }
        return results;
    }

    private static FlightKey key(String promptId) {
        return new FlightKey("answer", 0, promptId, 1, 1, 0, "m", 0);
    }

    private static CallResult answer(String text) {
        return new CallResult.Answered(completion(text));
    }
}
