package dev.assay.flight;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.Share;
import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;
import dev.assay.decide.place.Places;
import dev.assay.flight.Lane.Precedence;
import dev.assay.flight.Lane.Waiter;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A lane whose places the ledger lets, beside one whose partitions carry them.
class PlaceLeaseTest {

    private static final long INSTANCE = 5;
    private static final int HOLDER = 3;

    private static final CallResult REFUSED =
            new CallResult.GiveUpOnModel(new CallError(FailureCode.PROVIDER_ERROR, "401"));

    private Instant now = NOW;
    private Instant steady = Instant.EPOCH;
    private final Lanes lanes =
            new Lanes(
                    Map.of("few", settings(4), "many", settings(24)),
                    () -> now,
                    new Lanes.Leasing(Set.of("few"), INSTANCE, () -> steady));
    private final Lane lane = lanes.lane("few");
    private final Waiter answers = lane.waiter(Precedence.ANSWER);
    private final Waiter checks = lane.waiter(Precedence.CHECK);

    PlaceLeaseTest() {
        lanes.share(new Share(12, Set.of(0, 1)));
    }

    @Test
    void nothingBeginsBeforeTheLedgerLetsAPlace() {
        answers.waiting(2);

        assertThat(start(answers, 9)).isZero();
        assertThat(lane.allowedInFlight()).isZero();
        grant(2);

        assertThat(lane.allowedInFlight()).isEqualTo(2);
        assertThat(start(answers, 9)).isEqualTo(2);
    }

    @Test
    void asksForWhatWaitsInAllItsLinesUpToTheLimit() {
        answers.waiting(2);
        checks.waiting(1);
        assertThat(claim()).map(PlaceClaim::wanted).contains(3);
        checks.waiting(9);
        steady = steady.plusSeconds(10);

        assertThat(claim()).map(PlaceClaim::wanted).contains(4);
    }

    @Test
    void placesGoToChecksFirst() {
        answers.waiting(9);
        checks.waiting(1);
        grant(1);

        assertThat(start(answers, 9)).isZero();
        assertThat(start(checks, 9)).isOne();
    }

    @Test
    void answerForAnotherInstanceIsNone() {
        answers.waiting(1);
        PlaceClaim claim = claim().orElseThrow();

        lanes.granted(new PlaceGrant("few", HOLDER, INSTANCE + 1, claim.number(), 1));
        lanes.granted(new PlaceGrant("gone", HOLDER, INSTANCE, claim.number(), 1));

        assertThat(start(answers, 1)).isZero();
    }

    /// Whatever stood still so long may have lost its places to others.
    @Test
    void nothingBeginsUnderAGrantOfBefore() {
        answers.waiting(1);
        grant(1);
        steady = steady.plus(Places.TENURE);

        assertThat(start(answers, 1)).isZero();
    }

    @Test
    void tryingWhetherAFailingModelServesAgainTakesAPlaceToo() {
        answers.waiting(9);
        grant(1);
        Admission.Granted first = (Admission.Granted) answers.tryStart(Demand.NONE);
        lane.ended(first.grant(), REFUSED, now);
        assertThat(answers.tryStart(Demand.NONE)).isInstanceOf(Admission.OutOfService.class);
        now = now.plusSeconds(3_600);
        steady = steady.plus(Places.TENURE);

        assertThat(answers.tryStart(Demand.NONE)).isEqualTo(new Admission.Full());
        grant(1);
        assertThat(start(answers, 1)).isOne();
    }

    @Test
    void givesAllPlacesBackOnceItStopsAndItsCallsHaveEnded() {
        answers.waiting(2);
        grant(2);
        start(answers, 2);
        lanes.stop();
        assertThat(lanes.placesAreBack()).isFalse();

        lane.released();
        lane.released();
        assertThat(claim()).map(PlaceClaim::kept).contains(0);

        assertThat(lanes.placesAreBack()).isTrue();
        lanes.awaitPlacesBack(Duration.ofMinutes(1));
    }

    @Test
    void laneWhosePartitionsCarryItsLimitAsksForNothing() {
        Waiter waiter = lanes.lane("many").waiter(Precedence.ANSWER);
        waiter.waiting(9);

        assertThat(lanes.claimPlaces(HOLDER)).isEmpty();
        assertThat(start(waiter, 9)).isEqualTo(4);
    }

    private void grant(int places) {
        PlaceClaim claim = claim().orElseThrow();
        lanes.granted(new PlaceGrant("few", HOLDER, INSTANCE, claim.number(), places));
    }

    private Optional<PlaceClaim> claim() {
        return lanes.claimPlaces(HOLDER).stream().findFirst();
    }

    private static int start(Waiter waiter, int calls) {
        int started = 0;
        while (started < calls && waiter.tryStart(Demand.NONE) instanceof Admission.Granted) {
            started++;
        }
        return started;
    }

    private static LaneSettings settings(int inFlight) {
        return new LaneSettings(inFlight, OptionalInt.empty(), OptionalInt.empty());
    }
}
