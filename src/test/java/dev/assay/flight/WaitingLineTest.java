package dev.assay.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.flight.WaitingLine.Member;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

/// Tasks that ask for a lane's places in the same order at each turn, in simulated time.
class WaitingLineTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TURN = Duration.ofMillis(5);
    private static final int MANY = 1_000_000;
    private static final int LIMIT = 60;

    private final WaitingLine line = new WaitingLine();
    private Instant now = START;
    private int room;

    @ParameterizedTest
    @CsvSource({"1, 6", "2, 6", "60, 6", "7, 12", "1, 64", "5, 1"})
    void whoeverAsksFirstAllGetTheSame(int roomPerTurn, int tasks) {
        Member[] members = members(tasks);
        Arrays.stream(members).forEach(member -> line.waits(member, MANY, now));
        long[] served = new long[tasks];
        int turns = 6_400;

        for (int turn = 0; turn < turns; turn++) {
            room += roomPerTurn;
            for (int task = 0; task < tasks; task++) {
                line.waits(members[task], MANY, now);
                served[task] += take(members[task]);
            }
            now = now.plus(TURN);
        }

        double equal = (double) turns * roomPerTurn / tasks;
        for (long each : served) {
            assertThat(each / equal).isBetween(0.98, 1.02);
        }
        assertThat(room).isLessThanOrEqualTo(Math.max(roomPerTurn, tasks));
    }

    @Test
    void taskThatComesLaterHasNoClaimForTheTimeBefore() {
        Member early = new Member();
        Member late = new Member();
        line.waits(early, MANY, now);
        room = 1_000;
        take(early);
        line.waits(late, MANY, now);
        room = 20;

        assertThat(take(early)).isEqualTo(10);
        assertThat(take(late)).isEqualTo(10);
    }

    @Test
    void taskThatTookNothingIsBehindByItsShareAtMost() {
        Member busy = new Member();
        Member idle = new Member();
        line.waits(busy, MANY, now);
        line.waits(idle, MANY, now);
        room = 1_000;

        assertThat(take(busy)).isEqualTo(1_000 - LIMIT / 2);
        assertThat(take(idle)).isEqualTo(LIMIT / 2);
    }

    @Test
    void taskWithNothingWaitingIsForgotten() {
        Member gone = new Member();
        Member other = new Member();
        line.waits(gone, 3, now);
        line.waits(other, 4, now);
        assertThat(line.waiting()).isEqualTo(7);

        line.waits(gone, 0, now);
        room = 10;

        assertThat(line.waiting()).isEqualTo(4);
        assertThat(take(other)).isEqualTo(10);
    }

    @Test
    void nothingIsLeftForATaskWhoseClockWasAhead() {
        Member ahead = new Member();
        Member other = new Member();
        line.waits(ahead, MANY, now.plus(Duration.ofHours(1)));
        line.waits(other, MANY, now);
        room = 10;

        assertThat(take(other)).isEqualTo(10);
    }

    /// Starts as many calls as the room allows.
    private int take(Member member) {
        int taken = 0;
        while (room > line.before(member, line.share(LIMIT), now)) {
            line.served(member, line.share(LIMIT));
            room--;
            taken++;
        }
        return taken;
    }

    private static Member[] members(int count) {
        return Stream.generate(Member::new).limit(count).toArray(Member[]::new);
    }
}
