package dev.assay.flight;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.flight.Lane.Precedence;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class FlightsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Lane lane =
            new Lanes(Map.of("m", new LaneSettings(10_000, OptionalInt.empty())), () -> NOW)
                    .lane("m");
    private final Flights flights = new Flights(() -> NOW);
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

    private void attachAll(int calls, Inbox to) {
        for (int i = 0; i < calls; i++) {
            flights.attach(key("p" + i), to);
        }
    }

    private void start(String promptId, Callable<CallResult> call) {
        assertThat(lane.waiter(Precedence.ANSWER).tryStart()).isInstanceOf(Admission.Granted.class);
        flights.start(key(promptId), lane, call, inbox);
    }

    private Callable<CallResult> waiting(String text) {
        return () -> {
            mayLand.await();
            return answer(text);
        };
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
