package dev.assay.decide.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.place.Places.Load;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class PlacesTest {

    private static final long INSTANCE = 7;

    private Instant now = Instant.EPOCH;
    private Places places = Places.NONE;

    @Test
    void asksForNothingWhileNothingWaits() {
        assertThat(look(0, 0)).isEmpty();
        assertThat(places.open(now)).isZero();
    }

    @Test
    void asksForWhatWaitsAndHasWhatIsGranted() {
        assertThat(look(0, 3)).contains(claim(1, 0, 3));
        assertThat(look(0, 3)).isEmpty();

        grant(1, 2);

        assertThat(places.open(now)).isEqualTo(2);
    }

    @Test
    void grantCountsFromItsClaimOn() {
        look(0, 1);
        pass(Places.TENURE.minusMillis(1));
        grant(1, 1);

        assertThat(places.open(now)).isOne();
        pass(Duration.ofMillis(1));
        assertThat(places.open(now)).isZero();
    }

    @Test
    void grantThatIsNotWaitedForIsNone() {
        look(0, 1);
        pass(Places.REPEAT);
        assertThat(look(0, 1)).contains(claim(2, 0, 1));

        grant(1, 1);
        assertThat(places.open(now)).isZero();

        grant(2, 1);
        assertThat(places.open(now)).isOne();
        grant(2, 5);
        assertThat(places.open(now)).isOne();
    }

    @Test
    void waitsLongerForEachAnswerThatDoesNotCome() {
        look(0, 1);
        pass(Places.REPEAT);
        look(0, 1);
        pass(Places.REPEAT);
        assertThat(look(0, 1)).isEmpty();
        pass(Places.REPEAT);

        assertThat(look(0, 1)).contains(claim(3, 0, 1));
    }

    @Test
    void asksAgainWhileItWantsMore() {
        granted(1);

        assertThat(look(1, 2)).isEmpty();
        pass(Places.ASK);
        assertThat(look(1, 2)).contains(claim(2, 1, 2));
    }

    @Test
    void saysNowAndThenThatItUsesWhatItHas() {
        granted(1);

        pass(Places.ASK);
        assertThat(look(1, 1)).isEmpty();
        pass(Places.RENEW);
        assertThat(look(1, 1)).contains(claim(2, 1, 1));
    }

    @Test
    void givesBackWhatNobodyHasWantedForAWhile() {
        granted(3);
        look(3, 3);

        pass(Places.WARM.minusMillis(1));
        assertThat(look(1, 1)).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(look(1, 1)).contains(claim(2, 1, 1));
        assertThat(places.open(now)).isOne();
    }

    @Test
    void givesBackAtOnceWhatWasTakenFromItWhenItsCallsEnd() {
        granted(2);
        pass(Places.ASK);
        assertThat(look(2, 9)).contains(claim(2, 2, 9));
        grant(2, 1);

        assertThat(places.open(now)).isOne();
        assertThat(look(2, 9)).isEmpty();
        assertThat(look(1, 8)).contains(claim(3, 1, 8));
    }

    @Test
    void keepsWhatIsInTheAirWhateverItMayBegin() {
        granted(2);
        pass(Places.TENURE);

        assertThat(look(2, 2)).contains(claim(2, 2, 2));
    }

    @Test
    void givesEverythingBackWhenItStops() {
        granted(2);

        assertThat(stop(1)).contains(claim(2, 1, 1));
        assertThat(places.open(now)).isOne();
        grant(2, 1);
        assertThat(stop(0)).contains(claim(3, 0, 0));
        assertThat(places.counted()).isZero();
        assertThat(places.open(now)).isZero();
    }

    private void granted(int count) {
        look(0, count);
        grant(1, count);
    }

    private Optional<PlaceClaim> look(int inFlight, int wanted) {
        return look(new Load(inFlight, wanted, false));
    }

    private Optional<PlaceClaim> stop(int inFlight) {
        return look(new Load(inFlight, inFlight, true));
    }

    private Optional<PlaceClaim> look(Load load) {
        Places.Looked looked = places.look("m", 0, INSTANCE, load, now);
        places = looked.places();
        return looked.claim();
    }

    private void grant(long number, int count) {
        places = places.granted(new PlaceGrant("m", 0, INSTANCE, number, count));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static PlaceClaim claim(long number, int kept, int wanted) {
        return new PlaceClaim("m", 0, INSTANCE, number, kept, wanted);
    }
}
