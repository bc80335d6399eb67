package dev.assay.decide.place;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

class PlaceBookTest {

    private static final Duration SILENCE = PlaceBook.silence(Duration.ofSeconds(60));

    private final Map<Long, Long> numbers = new HashMap<>();
    private Instant now = Instant.EPOCH;
    private PlaceBook book = PlaceBook.EMPTY;
    private int limit = 4;

    @Test
    void oneAloneHasWhatItWantsUpToTheLimit() {
        assertThat(says(1, 0, 3)).isEqualTo(3);
        assertThat(says(1, 3, 9)).isEqualTo(4);
    }

    @Test
    void anotherHasNoMoreThanIsLeft() {
        says(1, 0, 3);

        assertThat(says(2, 0, 9)).isEqualTo(1);
        assertThat(book.held()).isEqualTo(4);
    }

    @Test
    void whoHasMoreThanItsShareKeepsNoMoreWhereOthersWait() {
        says(1, 0, 9);
        says(2, 0, 9);

        assertThat(says(1, 4, 9)).isEqualTo(2);
        assertThat(says(2, 0, 9)).isZero();
        says(1, 3, 9);
        assertThat(says(2, 0, 9)).isEqualTo(1);
        says(1, 2, 9);
        assertThat(says(2, 1, 9)).isEqualTo(2);
        assertThat(says(1, 2, 9)).isEqualTo(2);
    }

    @Test
    void olderClaimIsNotAnsweredAndTheSameOneAsBefore() {
        PlaceClaim first = new PlaceClaim("m", 0, 1, 1, 0, 2);
        PlaceClaim second = new PlaceClaim("m", 0, 1, 2, 0, 3);

        assertThat(enter(second)).contains(3);
        says(2, 0, 9);
        PlaceBook before = book;

        assertThat(enter(first)).isEmpty();
        assertThat(book).isEqualTo(before);
        assertThat(enter(second)).contains(3);
        assertThat(book).isEqualTo(before);
    }

    /// A call that began in the last moment of the last grant may take all of its time.
    @Test
    void whatASilentInstanceHadIsFreeWhenNoCallOfItCanBeUnderWay() {
        says(1, 0, 4);

        now = now.plus(SILENCE).minusMillis(1);
        assertThat(says(2, 0, 4)).isZero();
        now = now.plusMillis(1);
        assertThat(says(2, 0, 4)).isEqualTo(4);
    }

    @Test
    void whatAnInstanceHadIsFreeOnceItsSuccessorSpeaks() {
        long first = Incarnation.of("home", 1L << 40);
        long second = Incarnation.of("home", 2L << 40);
        long other = Incarnation.of("elsewhere", 1L << 40);
        says(first, 0, 3);
        says(other, 0, 1);

        assertThat(says(second, 0, 4)).isEqualTo(3);
        assertThat(book.leases()).containsOnlyKeys(second, other);
    }

    @Test
    void onePlaceGoesRound() {
        limit = 1;
        assertThat(says(1, 0, 5)).isEqualTo(1);
        assertThat(says(2, 0, 5)).isZero();
        assertThat(says(3, 0, 5)).isZero();
        assertThat(says(1, 1, 5)).isEqualTo(1);

        now = now.plus(PlaceBook.TURN);
        assertThat(says(1, 0, 5)).isZero();
        assertThat(says(1, 0, 5)).isZero();
        assertThat(says(3, 0, 5)).isZero();
        assertThat(says(2, 0, 5)).isEqualTo(1);

        now = now.plus(PlaceBook.TURN);
        assertThat(says(2, 0, 5)).isZero();
        assertThat(says(1, 0, 5)).isZero();
        assertThat(says(3, 0, 5)).isEqualTo(1);
    }

    @Test
    void nobodyWaitsForOneThatWasHungryAndIsGone() {
        says(1, 0, 9);
        says(2, 0, 9);
        assertThat(says(1, 2, 9)).isEqualTo(2);

        now = now.plus(PlaceBook.PRESENT);
        assertThat(says(1, 2, 9)).isEqualTo(4);
    }

    @Test
    void limitThatBecameSmallerIsKeptToOnceCallsHaveEnded() {
        says(1, 0, 4);

        PlaceClaim next = new PlaceClaim("m", 0, 1, 2, 4, 9);
        PlaceBook.Entry entry = book.enter(next, 2, SILENCE, now);

        assertThat(entry.grant()).map(PlaceGrant::places).contains(2);
    }

    private int says(long instance, int kept, int wanted) {
        long number = numbers.merge(instance, 1L, Long::sum);
        return enter(new PlaceClaim("m", 0, instance, number, kept, wanted)).orElseThrow();
    }

    private Optional<Integer> enter(PlaceClaim claim) {
        PlaceBook.Entry entry = book.enter(claim, limit, SILENCE, now);
        book = entry.book();
        return entry.grant().map(PlaceGrant::places);
    }
}
