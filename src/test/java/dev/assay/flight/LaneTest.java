package dev.assay.flight;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.Grant;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.Share;
import dev.assay.flight.Lane.Precedence;
import dev.assay.flight.Lane.Waiter;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.Set;

class LaneTest {

    private static final Grant GRANT = new Grant(0, 0, Demand.NONE, 0, 10);

    private static final CallResult ANSWERED = new CallResult.Answered(completion("fine"));

    private Instant now = NOW;
    private final Lanes lanes =
            new Lanes(
                    Map.of("m", new LaneSettings(4, OptionalInt.empty(), OptionalInt.empty())),
                    () -> now);
    private final Lane lane = lanes.lane("m");
    private final Waiter answers = lane.waiter(Precedence.ANSWER);
    private final Waiter checks = lane.waiter(Precedence.CHECK);

    @Test
    void laneTakesWhatItsLimitAllows() {
        assertThat(start(answers, 9)).isEqualTo(4);
        assertThat(lane.inFlight()).isEqualTo(4);
        assertThat(lanes.inFlight()).containsExactly(Map.entry("m", 4));
        assertThat(answers.tryStart(Demand.NONE)).isEqualTo(new Admission.Full());

        lane.ended(GRANT, ANSWERED, NOW);

        assertThat(start(answers, 9)).isEqualTo(1);
    }

    @Test
    void callThatWasNeverMadeMakesRoom() {
        start(answers, 4);

        lane.released();

        assertThat(start(answers, 9)).isEqualTo(1);
    }

    @Test
    void answersLeaveTheRoomThatWaitingChecksNeed() {
        checks.waiting(3);

        assertThat(start(answers, 9)).isEqualTo(1);
        assertThat(start(checks, 3)).isEqualTo(3);
    }

    @Test
    void checksDoNotWaitForAnswers() {
        answers.waiting(100);

        assertThat(start(checks, 9)).isEqualTo(4);
    }

    @Test
    void waitingChecksOfAllTasksCount() {
        Waiter otherTask = lane.waiter(Precedence.CHECK);
        checks.waiting(1);
        otherTask.waiting(2);

        assertThat(start(answers, 9)).isEqualTo(1);
        checks.waiting(0);
        otherTask.waiting(0);
        assertThat(start(answers, 9)).isEqualTo(3);
    }

    @Test
    void taskThatAsksFirstLeavesOthersTheirShare() {
        Waiter otherTask = lane.waiter(Precedence.ANSWER);
        answers.waiting(100);
        otherTask.waiting(100);

        assertThat(start(answers, 9)).isEqualTo(2);
        assertThat(start(otherTask, 9)).isEqualTo(2);
    }

    @Test
    void taskTakesWhatOthersDoNotWant() {
        Waiter otherTask = lane.waiter(Precedence.ANSWER);
        answers.waiting(100);
        otherTask.waiting(1);

        assertThat(start(answers, 9)).isEqualTo(3);
        otherTask.waiting(0);
        assertThat(start(answers, 9)).isEqualTo(1);
    }

    @Test
    void nothingIsLeftForATaskThatDoesNotAsk() {
        Waiter busyTask = lane.waiter(Precedence.ANSWER);
        busyTask.waiting(100);
        now = now.plusMillis(101);
        answers.waiting(100);

        assertThat(start(answers, 9)).isEqualTo(4);
    }

    @Test
    void smallerShareOfTheApplicationMakesTheLaneSmaller() {
        lanes.share(new Share(2, Set.of(0)));

        assertThat(start(answers, 9)).isEqualTo(2);
        lanes.share(Share.WHOLE);
        assertThat(start(answers, 9)).isEqualTo(2);
    }

    @Test
    void nothingStartsOnceTheLanesAreStopped() {
        lanes.stop();

        assertThat(answers.tryStart(Demand.NONE)).isEqualTo(new Admission.Full());
    }

    @Test
    void modelOutOfServiceIsProbedWhenItsTimeComes() {
        CallError error = new CallError(FailureCode.PROVIDER_ERROR, "401");
        start(answers, 1);

        lane.ended(GRANT, new CallResult.GiveUpOnModel(error), now);
        assertThat(answers.tryStart(Demand.NONE)).isEqualTo(new Admission.OutOfService(error));
        now = now.plusSeconds(30);
        assertThat(start(answers, 9)).isEqualTo(1);
        lane.ended(GRANT, ANSWERED, now);

        assertThat(start(answers, 9)).isEqualTo(4);
    }

    @Test
    void unknownModelIsNamedWithThoseThereAre() {
        assertThatThrownBy(() -> lanes.lane("other"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("other")
                .hasMessageContaining("[m]");
    }

    private static int start(Waiter waiter, int most) {
        int started = 0;
        while (started < most && waiter.tryStart(Demand.NONE) instanceof Admission.Granted) {
            started++;
        }
        return started;
    }
}
