package dev.assay.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who waits for a lane with one precedence: a place for each task, served in equal shares.
///
/// Tasks ask at their own moments, those of one thread always in the same order. So one that was
/// served more leaves room for those that were served less, as many calls as they are behind;
/// otherwise the first to ask would take all, and the last would have what nobody else wants. The
/// counts are those of start-time fair queueing (P. Goyal, H. Vin, H. Cheng, SIGCOMM 1996).
///
/// Used under the lane's lock.
final class WaitingLine {

    /// One that has not asked for so long is busy with other things, and room is not left for it.
    static final Duration ABSENT_AFTER = Duration.ofMillis(100);

    /// A task's place in the line.
    static final class Place {
        private int waiting;
        private long served;
        private Instant askedAt = Instant.MIN;
    }

    private final List<Place> occupied = new ArrayList<>();
    private int waiting;

    /// Calls that wait.
    int waiting() {
        return waiting;
    }

    /// Says how many calls wait at a place.
    void waits(Place place, int calls, Instant now) {
        place.askedAt = now;
        if (place.waiting == 0 && calls > 0) {
            // Whoever comes now has no claim for the time before.
            occupied.stream()
                    .mapToLong(other -> other.served)
                    .min()
                    .ifPresent(least -> place.served = Math.max(place.served, least));
            occupied.add(place);
        } else if (place.waiting > 0 && calls == 0) {
            occupied.remove(place);
        }
        waiting += calls - place.waiting;
        place.waiting = calls;
    }

    /// Calls of other places that go before the next one of this.
    ///
    /// @param most that any other may be behind
    int before(Place place, int most, Instant now) {
        int before = 0;
        for (Place other : occupied) {
            if (other != place && isPresent(other, now)) {
                long behind = Math.min(place.served - other.served, most);
                before += Math.clamp(behind, 0, other.waiting);
            }
        }
        return before;
    }

    /// A call of this place has started.
    ///
    /// @param most that any other may be behind
    void served(Place place, int most) {
        place.served++;
        for (Place other : occupied) {
            other.served = Math.max(other.served, place.served - most);
        }
    }

    /// The most that one may be behind others: what is its share of so many calls at once.
    int share(int calls) {
        return Math.max(1, calls / Math.max(1, occupied.size()));
    }

    private static boolean isPresent(Place place, Instant now) {
        return !now.isBefore(place.askedAt) && !now.isAfter(place.askedAt.plus(ABSENT_AFTER));
    }
}
