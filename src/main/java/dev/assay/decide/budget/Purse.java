package dev.assay.decide.budget;

import dev.assay.decide.budget.Grant.Ruling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What one partition may spend of an account without asking.
///
/// Asks ahead for what it is about to need, going by what it lately used; gives back what it does
/// not need; and when it is told to wait gives back all that is idle, so that two purses with a
/// part each never wait for one another.
///
/// @param grantedNanoUsd in its whole life, as the next three
/// @param returnedNanoUsd given back
/// @param spentNanoUsd bills, known and unknown
/// @param uncertainNanoUsd the part of it whose bill is unknown
/// @param heldNanoUsd set aside for calls that are in the air
/// @param demand what calls found lacking since the last claim, and what they lately took
/// @param talk with the ledger
/// @param refusal what the ledger will not bear for the time being
public record Purse(
        Account account,
        long grantedNanoUsd,
        long returnedNanoUsd,
        long spentNanoUsd,
        long uncertainNanoUsd,
        long heldNanoUsd,
        Demand demand,
        Talk talk,
        Optional<Refusal> refusal) {

    /// How often a purse is looked at.
    public static final Duration TICK = Duration.ofMillis(100);

    /// What it keeps ready: as much as was lately taken within so many ticks.
    static final int TICKS_AHEAD = 20;

    /// The part of what was lately taken that a tick forgets.
    private static final double FORGETS = 0.1;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration REPORT = Duration.ofMillis(500);

    /// Well below what the ledger takes for silence.
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

    /// A ledger that moves answers late; the claim is repeated, which changes nothing if it came.
    private static final Duration REPEAT = Duration.ofSeconds(10);

    /// @param leastNanoUsd the least that any call lacked; 0 where none did
    /// @param lackingNanoUsd what all of them lacked
    /// @param takenNanoUsd since the last tick
    /// @param lately what a tick took, the last ones counting most
    record Demand(long leastNanoUsd, long lackingNanoUsd, long takenNanoUsd, double lately) {

        static final Demand NONE = new Demand(0, 0, 0, 0);
    }

    /// @param number of the last claim
    /// @param awaited what it needs for a call, while its answer is out; 0 where it asked ahead
    /// @param askFrom no claim before
    /// @param saidAt when the last claim was made
    /// @param saidNanoUsd what it said was spent and given back
    record Talk(
            long number,
            Optional<Long> awaited,
            Instant askFrom,
            Instant saidAt,
            long saidNanoUsd) {}

    /// @param neededNanoUsd that much, or more, is not left
    /// @param until when the ledger may be asked again
    public record Refusal(long neededNanoUsd, Grant grant, Instant until) {}

    /// A purse after a tick.
    ///
    /// @param claim what to tell the ledger, if anything
    public record Ticked(Purse purse, Optional<Claim> claim) {}

    public static Purse empty(Account account) {
        return new Purse(
                account,
                0,
                0,
                0,
                0,
                0,
                Demand.NONE,
                new Talk(0, Optional.empty(), Instant.EPOCH, Instant.EPOCH, 0),
                Optional.empty());
    }

    /// Neither spent nor set aside. Below zero where bills were higher than expected.
    public long idleNanoUsd() {
        return grantedNanoUsd - returnedNanoUsd - spentNanoUsd - heldNanoUsd;
    }

    public boolean has(long nanoUsd) {
        return nanoUsd <= idleNanoUsd();
    }

    /// Why a call of so much is not to be made, as the ledger said a moment ago.
    public Optional<Grant> refused(long nanoUsd, Instant now) {
        return refusal.filter(
                        said ->
                                nanoUsd - idleNanoUsd() >= said.neededNanoUsd()
                                        && now.isBefore(said.until()))
                .map(Refusal::grant);
    }

    /// Sets aside what a call can cost, which the purse has.
    public Purse hold(long nanoUsd) {
        return with(
                heldNanoUsd + nanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                new Demand(
                        demand.leastNanoUsd(),
                        demand.lackingNanoUsd(),
                        demand.takenNanoUsd() + nanoUsd,
                        demand.lately()));
    }

    /// The call was not made.
    public Purse release(long nanoUsd) {
        return with(
                heldNanoUsd - nanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                new Demand(
                        demand.leastNanoUsd(),
                        demand.lackingNanoUsd(),
                        Math.max(0, demand.takenNanoUsd() - nanoUsd),
                        demand.lately()));
    }

    /// A call needs more than the purse has.
    public Purse lacks(long nanoUsd) {
        long lacking = nanoUsd - Math.max(0, idleNanoUsd());
        long least =
                demand.leastNanoUsd() == 0 ? lacking : Math.min(demand.leastNanoUsd(), lacking);
        return with(
                heldNanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                new Demand(
                        least,
                        demand.lackingNanoUsd() + lacking,
                        demand.takenNanoUsd(),
                        demand.lately()));
    }

    /// A call ended.
    ///
    /// @param asideNanoUsd what was set aside for it
    /// @param costNanoUsd its bill, or what was set aside where that is unknown
    /// @param unknownNanoUsd the part of it whose bill is unknown
    public Purse settle(long asideNanoUsd, long costNanoUsd, long unknownNanoUsd) {
        return with(
                heldNanoUsd - asideNanoUsd,
                spentNanoUsd + costNanoUsd,
                uncertainNanoUsd + unknownNanoUsd,
                demand);
    }

    /// The ledger's answer; one that was not waited for is none.
    public Purse granted(Grant grant, Instant now) {
        if (talk.awaited().isEmpty() || grant.number() != talk.number()) {
            return this;
        }
        long needed = talk.awaited().get();
        boolean gaveBack = grant.ruling() == Ruling.LATER && needed > 0;
        boolean refused = grant.ruling() == Ruling.REFUSED;
        Instant askFrom = grant.ruling() == Ruling.GRANTED ? now : now.plus(ASK_AGAIN);
        return new Purse(
                account,
                grantedNanoUsd + grant.grantedNanoUsd(),
                returnedNanoUsd + (gaveBack ? Math.max(0, idleNanoUsd()) : 0),
                spentNanoUsd,
                uncertainNanoUsd,
                heldNanoUsd,
                // Calls that still lack something say so again.
                new Demand(0, 0, demand.takenNanoUsd(), demand.lately()),
                new Talk(
                        talk.number(),
                        Optional.empty(),
                        askFrom,
                        talk.saidAt(),
                        talk.saidNanoUsd()),
                refused && needed > 0
                        ? Optional.of(new Refusal(needed, grant, askFrom))
                        : Optional.empty());
    }

    /// Looks what is to be told the ledger. Called every [#TICK].
    ///
    /// @param holder the partition
    public Ticked tick(int holder, long incarnation, Instant now) {
        Purse purse = aged(now);
        Talk said = purse.talk;
        if (said.awaited().isPresent()) {
            return said.saidAt().plus(REPEAT).isAfter(now)
                    ? new Ticked(purse, Optional.empty())
                    : purse.claim(holder, incarnation, said.number(), said.awaited().get(), now);
        }
        boolean mayAsk = !said.askFrom().isAfter(now);
        if (mayAsk && purse.demand.leastNanoUsd() > 0) {
            return purse.claim(
                    holder, incarnation, said.number() + 1, purse.demand.leastNanoUsd(), now);
        }
        if (mayAsk && purse.idleNanoUsd() < purse.aheadNanoUsd() / 2) {
            return purse.claim(holder, incarnation, said.number() + 1, 0, now);
        }
        return purse.report(holder, incarnation, now);
    }

    /// True where nothing of it is out any more.
    public boolean isSettled() {
        return heldNanoUsd == 0 && talk.saidNanoUsd() == spentNanoUsd + returnedNanoUsd;
    }

    private Purse aged(Instant now) {
        double lately = demand.lately() * (1 - FORGETS) + demand.takenNanoUsd() * FORGETS;
        return new Purse(
                account,
                grantedNanoUsd,
                returnedNanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                heldNanoUsd,
                new Demand(demand.leastNanoUsd(), demand.lackingNanoUsd(), 0, lately),
                talk,
                refusal.filter(said -> now.isBefore(said.until())));
    }

    private long aheadNanoUsd() {
        return (long) (demand.lately() * TICKS_AHEAD);
    }

    /// @param needed for a call; 0 where none lacks anything, and the purse asks ahead
    private Ticked claim(int holder, long incarnation, long number, long needed, Instant now) {
        long wanted =
                demand.lackingNanoUsd() + Math.max(0, aheadNanoUsd() - Math.max(0, idleNanoUsd()));
        long debt = Math.max(0, -idleNanoUsd());
        return new Ticked(
                said(number, Optional.of(needed), now),
                Optional.of(
                        new Claim(
                                account,
                                holder,
                                incarnation,
                                number,
                                Math.max(1, needed + debt),
                                wanted + debt,
                                spentNanoUsd,
                                uncertainNanoUsd,
                                returnedNanoUsd,
                                Math.max(0, idleNanoUsd()))));
    }

    /// Says what was spent, and gives back what is more than twice as much as it keeps ready.
    private Ticked report(int holder, long incarnation, Instant now) {
        long spare = idleNanoUsd() - 2 * aheadNanoUsd();
        Purse purse = spare > 0 && demand.leastNanoUsd() == 0 ? returned(spare) : this;
        boolean news = purse.talk.saidNanoUsd() != purse.spentNanoUsd + purse.returnedNanoUsd;
        boolean open = purse.grantedNanoUsd - purse.returnedNanoUsd > purse.spentNanoUsd;
        Instant due = talk.saidAt().plus(news ? REPORT : SIGN_OF_LIFE);
        if ((!news && !open) || due.isAfter(now)) {
            return new Ticked(this, Optional.empty());
        }
        long number = talk.number() + 1;
        return new Ticked(
                purse.said(number, Optional.empty(), now),
                Optional.of(
                        new Claim(
                                account,
                                holder,
                                incarnation,
                                number,
                                0,
                                0,
                                purse.spentNanoUsd,
                                purse.uncertainNanoUsd,
                                purse.returnedNanoUsd,
                                Math.max(0, purse.idleNanoUsd()))));
    }

    private Purse said(long number, Optional<Long> awaited, Instant now) {
        return new Purse(
                account,
                grantedNanoUsd,
                returnedNanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                heldNanoUsd,
                demand,
                new Talk(number, awaited, talk.askFrom(), now, spentNanoUsd + returnedNanoUsd),
                refusal);
    }

    private Purse returned(long moreNanoUsd) {
        return new Purse(
                account,
                grantedNanoUsd,
                returnedNanoUsd + moreNanoUsd,
                spentNanoUsd,
                uncertainNanoUsd,
                heldNanoUsd,
                demand,
                talk,
                refusal);
    }

    private Purse with(long held, long spent, long uncertain, Demand newDemand) {
        return new Purse(
                account,
                grantedNanoUsd,
                returnedNanoUsd,
                spent,
                uncertain,
                held,
                newDemand,
                talk,
                refusal);
    }
}
