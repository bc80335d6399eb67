package dev.assay.decide.budget;

import dev.assay.decide.budget.Grant.Ruling;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the ledger keeps of one account.
///
/// Whatever was granted counts as used until it is given back. What a purse had when another
/// incarnation took over is never given back, since nobody knows what it bought.
///
/// @param closedNanoUsd used by purses that are no more
/// @param closedUncertainNanoUsd the part of it whose bill is unknown
/// @param leases of the purses that are, by partition
public record Book(
        long closedNanoUsd, long closedUncertainNanoUsd, SortedMap<Integer, Lease> leases) {

    public static final Book EMPTY = new Book(0, 0, Collections.emptySortedMap());

    /// A purse gets no more than this part of what is left, unless a call needs more: others may
    /// come.
    static final int LARGEST_SHARE = 8;

    /// A purse that is silent for so long will give nothing back; those that live report more
    /// often.
    static final Duration SILENCE = Duration.ofMinutes(1);

    public Book {
        leases = Collections.unmodifiableSortedMap(new TreeMap<>(leases));
    }

    /// What one purse was granted and what it said since.
    ///
    /// @param number of the last claim, with the ruling and grant it got
    /// @param heardAt when it last said anything
    public record Lease(
            long incarnation,
            long number,
            Ruling ruling,
            long lastGrantNanoUsd,
            long grantedNanoUsd,
            long returnedNanoUsd,
            long spentNanoUsd,
            long uncertainNanoUsd,
            Instant heardAt) {

        private static Lease opened(Claim claim, Instant now) {
            return new Lease(claim.incarnation(), 0, Ruling.LATER, 0, 0, 0, 0, 0, now);
        }

        /// A bill may be higher than what was set aside for it.
        long usedNanoUsd() {
            return Math.max(grantedNanoUsd - returnedNanoUsd, spentNanoUsd);
        }

        /// Granted and not accounted for.
        long openNanoUsd() {
            return usedNanoUsd() - spentNanoUsd;
        }

        private Lease told(Claim claim, Instant now) {
            return new Lease(
                    incarnation,
                    number,
                    ruling,
                    lastGrantNanoUsd,
                    grantedNanoUsd,
                    Math.max(returnedNanoUsd, claim.returnedNanoUsd()),
                    Math.max(spentNanoUsd, claim.spentNanoUsd()),
                    Math.max(uncertainNanoUsd, claim.uncertainNanoUsd()),
                    now);
        }

        private Lease heard(Instant at) {
            return new Lease(
                    incarnation,
                    number,
                    ruling,
                    lastGrantNanoUsd,
                    grantedNanoUsd,
                    returnedNanoUsd,
                    spentNanoUsd,
                    uncertainNanoUsd,
                    at);
        }

        private Lease ruled(long byNumber, Ruling how, long nanoUsd) {
            return new Lease(
                    incarnation,
                    byNumber,
                    how,
                    nanoUsd,
                    grantedNanoUsd + nanoUsd,
                    returnedNanoUsd,
                    spentNanoUsd,
                    uncertainNanoUsd,
                    heardAt);
        }
    }

    /// A book after a claim.
    ///
    /// @param grant what the purse is told, where it asked
    public record Entry(Book book, Optional<Grant> grant) {}

    /// Enters a claim and answers it. A claim that was answered before gets the same answer, and
    /// one that is older than the last gets none.
    ///
    /// @param limitNanoUsd of the account; empty where it has none any more
    public Entry enter(Claim claim, OptionalLong limitNanoUsd, Instant now) {
        Book open = readAt(now).opened(claim, now);
        Lease before = open.leases.get(claim.holder());
        if (before == null || claim.number() < before.number()) {
            return new Entry(this, Optional.empty());
        }
        Lease told = before.told(claim, now);
        Book heard = open.with(claim.holder(), told);
        if (claim.neededNanoUsd() == 0) {
            return new Entry(heard.with(claim.holder(), noted(told, claim)), Optional.empty());
        }
        Lease ruled =
                claim.number() == told.number() ? told : heard.rule(claim, told, limitNanoUsd, now);
        Book after = heard.with(claim.holder(), ruled);
        return new Entry(
                after,
                Optional.of(
                        new Grant(
                                claim.account(),
                                claim.holder(),
                                claim.incarnation(),
                                claim.number(),
                                ruled.ruling(),
                                ruled.lastGrantNanoUsd(),
                                limitNanoUsd.orElse(Long.MAX_VALUE),
                                after.usedNanoUsd())));
    }

    /// Spent or granted.
    public long usedNanoUsd() {
        return closedNanoUsd + leases.values().stream().mapToLong(Lease::usedNanoUsd).sum();
    }

    /// Granted to purses that have not accounted for it.
    public long openNanoUsd() {
        return leases.values().stream().mapToLong(Lease::openNanoUsd).sum();
    }

    /// Spent, as far as anybody knows, with a bill that nobody knows.
    public long uncertainNanoUsd() {
        return closedUncertainNanoUsd
                + leases.values().stream().mapToLong(Lease::uncertainNanoUsd).sum();
    }

    /// The book as another clock reads it. One that was ahead when purses were heard must not have
    /// those that are no more count as alive for as long as it was ahead.
    private Book readAt(Instant now) {
        if (leases.values().stream().noneMatch(lease -> lease.heardAt().isAfter(now))) {
            return this;
        }
        SortedMap<Integer, Lease> read = new TreeMap<>(leases);
        read.replaceAll((_, lease) -> lease.heardAt().isAfter(now) ? lease.heard(now) : lease);
        return new Book(closedNanoUsd, closedUncertainNanoUsd, read);
    }

    private Lease rule(Claim claim, Lease lease, OptionalLong limitNanoUsd, Instant now) {
        long wanted = Math.max(claim.neededNanoUsd(), claim.wantedNanoUsd());
        if (limitNanoUsd.isEmpty()) {
            return lease.ruled(claim.number(), Ruling.GRANTED, wanted);
        }
        long left = limitNanoUsd.getAsLong() - usedNanoUsd();
        if (claim.neededNanoUsd() <= left) {
            long share = Math.max(claim.neededNanoUsd(), left / LARGEST_SHARE);
            return lease.ruled(claim.number(), Ruling.GRANTED, Math.min(wanted, share));
        }
        Ruling ruling = mayComeBack(claim, now) ? Ruling.LATER : Ruling.REFUSED;
        return lease.ruled(claim.number(), ruling, 0);
    }

    /// True where some purse may yet give back what it was granted. What the one that asks has idle
    /// is not enough for it, as it says.
    private boolean mayComeBack(Claim claim, Instant now) {
        return leases.entrySet().stream()
                .filter(entry -> entry.getValue().heardAt().plus(SILENCE).isAfter(now))
                .anyMatch(
                        entry ->
                                entry.getValue().openNanoUsd()
                                        > (entry.getKey() == claim.holder()
                                                ? claim.idleNanoUsd()
                                                : 0));
    }

    private static Lease noted(Lease lease, Claim claim) {
        return claim.number() == lease.number()
                ? lease
                : lease.ruled(claim.number(), lease.ruling(), 0);
    }

    /// With a lease for this incarnation of the holder; one that it takes over from is closed.
    private Book opened(Claim claim, Instant now) {
        Lease lease = leases.get(claim.holder());
        if (lease != null && lease.incarnation() == claim.incarnation()) {
            return this;
        }
        Book closed =
                lease == null
                        ? this
                        : new Book(
                                closedNanoUsd + lease.usedNanoUsd(),
                                closedUncertainNanoUsd
                                        + lease.uncertainNanoUsd()
                                        + lease.openNanoUsd(),
                                leases);
        return closed.with(claim.holder(), Lease.opened(claim, now));
    }

    private Book with(int holder, Lease lease) {
        SortedMap<Integer, Lease> next = new TreeMap<>(leases);
        next.put(holder, lease);
        return new Book(closedNanoUsd, closedUncertainNanoUsd, next);
    }
}
