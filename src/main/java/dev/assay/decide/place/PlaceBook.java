package dev.assay.decide.place;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the ledger keeps of one model: who may have how many of its places.
///
/// Where instances want more than there is, all of them have the same number; what is left over, or
/// all where there are fewer places than instances, goes round in turns. Times are of a clock that
/// never jumps, and are not kept: a ledger that opens takes everybody for just heard.
///
/// @param turns given so far
/// @param leases by instance
public record PlaceBook(long turns, SortedMap<Long, Lease> leases) {

    public static final PlaceBook EMPTY = new PlaceBook(0, Collections.emptySortedMap());

    /// How long an instance has one of the places that go round, where others wait for it.
    static final Duration TURN = Duration.ofSeconds(2);

    /// One that wants more and says nothing for so long is not waited for.
    static final Duration PRESENT = Duration.ofSeconds(10);

    /// What clocks, networks and calls that end late may add.
    static final Duration SLACK = Duration.ofSeconds(5);

    public PlaceBook {
        leases = Collections.unmodifiableSortedMap(new TreeMap<>(leases));
    }

    /// What one instance may have.
    ///
    /// @param number of its last claim
    /// @param held so many calls of it may be in flight now
    /// @param places granted by the last answer
    /// @param wanted by the last claim
    /// @param turn the number of the turn in which it last got a place that goes round
    /// @param extra whether it has one now
    /// @param extraSince when it got that
    /// @param heardAt when it last said anything
    public record Lease(
            long number,
            int held,
            int places,
            int wanted,
            long turn,
            boolean extra,
            Instant extraSince,
            Instant heardAt) {

        static Lease opened(Instant now) {
            return new Lease(0, 0, 0, 0, 0, false, now, now);
        }

        private boolean isHungry(Instant now) {
            return wanted > places && now.isBefore(heardAt.plus(PRESENT));
        }

        /// Who is first where places go round: whoever just got one, then those without, the one
        /// that had none for longest first, and last those that had theirs.
        private int rank(Instant now) {
            if (!extra) {
                return 1;
            }
            return now.isBefore(extraSince.plus(TURN)) ? 0 : 2;
        }
    }

    /// A book after a claim.
    ///
    /// @param grant the answer; a claim that is older than the last has none
    public record Entry(PlaceBook book, Optional<PlaceGrant> grant) {}

    private record Party(long instance, Lease lease) {}

    /// After so long a silence no call of an instance is under way any more: it began under a grant
    /// of before.
    ///
    /// @param timeout the longest that a call of the model takes
    public static Duration silence(Duration timeout) {
        return Places.TENURE.plus(timeout).plus(SLACK);
    }

    /// Enters a claim and answers it.
    ///
    /// @param limit of calls in flight, for all instances
    /// @param silence after which what an instance had is free again
    public Entry enter(PlaceClaim claim, int limit, Duration silence, Instant now) {
        SortedMap<Long, Lease> living = new TreeMap<>(leases);
        living.values().removeIf(lease -> !now.isBefore(lease.heardAt().plus(silence)));
        living.keySet().removeIf(other -> Incarnation.succeeds(claim.instance(), other));
        Lease before = living.getOrDefault(claim.instance(), Lease.opened(now));
        if (claim.number() < before.number()) {
            return new Entry(this, Optional.empty());
        }
        Lease after =
                claim.number() == before.number()
                        ? before
                        : ruled(claim, before, living, limit, now);
        living.put(claim.instance(), after);
        boolean turned = after.turn() > turns;
        return new Entry(
                new PlaceBook(turned ? after.turn() : turns, living),
                Optional.of(
                        new PlaceGrant(
                                claim.model(),
                                claim.holder(),
                                claim.instance(),
                                claim.number(),
                                after.places())));
    }

    /// Calls that may be in flight now, of all instances.
    public int held() {
        return leases.values().stream().mapToInt(Lease::held).sum();
    }

    private Lease ruled(
            PlaceClaim claim, Lease before, SortedMap<Long, Lease> living, int limit, Instant now) {
        List<Party> others =
                living.entrySet().stream()
                        .filter(entry -> entry.getKey() != claim.instance())
                        .map(entry -> new Party(entry.getKey(), entry.getValue()))
                        .toList();
        int free = Math.max(0, limit - heldBy(others));
        List<Party> hungry = others.stream().filter(party -> party.lease().isHungry(now)).toList();
        int left = limit - heldBy(others) + heldBy(hungry);
        int parties = 1 + hungry.size();
        int base = Math.max(0, left) / parties;
        boolean first =
                turnsBefore(claim.instance(), before, hungry, now) < Math.max(0, left) % parties;
        int due = hungry.isEmpty() ? limit : base + (first ? 1 : 0);
        int places = Math.min(Math.min(claim.wanted(), due), free);
        boolean extra = !hungry.isEmpty() && places > base;
        boolean begins = extra && !before.extra();
        return new Lease(
                claim.number(),
                Math.max(claim.kept(), places),
                places,
                claim.wanted(),
                begins ? turns + 1 : before.turn(),
                extra,
                begins ? now : before.extraSince(),
                now);
    }

    /// Parties whose turn at a place that goes round comes before that of this one.
    private static long turnsBefore(long instance, Lease lease, List<Party> hungry, Instant now) {
        Comparator<Party> turn =
                Comparator.comparingInt((Party party) -> party.lease().rank(now))
                        .thenComparingLong(party -> party.lease().turn())
                        .thenComparingLong(Party::instance);
        Party self = new Party(instance, lease);
        return Stream.concat(hungry.stream(), Stream.of(self))
                .filter(party -> turn.compare(party, self) < 0)
                .count();
    }

    private static int heldBy(List<Party> parties) {
        return parties.stream().mapToInt(party -> party.lease().held()).sum();
    }
}
