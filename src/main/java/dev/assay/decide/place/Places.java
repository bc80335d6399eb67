package dev.assay.decide.place;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What one instance may have in flight of a model.
///
/// Times are of a clock that never jumps. A grant counts from the moment at which its claim was
/// made, so that one which comes late, or to a process that stood still, lets nothing begin.
///
/// @param granted calls that may be in flight when another one begins
/// @param until no call begins from then on
/// @param counted what the ledger counts as this instance's, once it has heard the last claim
/// @param talk with the ledger
/// @param neededAt when all that is granted was wanted last
public record Places(int granted, Instant until, int counted, Talk talk, Instant neededAt) {

    /// For so long after its claim a grant lets calls begin.
    public static final Duration TENURE = Duration.ofSeconds(10);

    /// A place that nobody has wanted for so long goes back.
    static final Duration WARM = Duration.ofMillis(500);

    /// How often an instance that wants more asks.
    static final Duration ASK = Duration.ofMillis(200);

    /// How often one that has what it wants says so, to keep it.
    static final Duration RENEW = Duration.ofSeconds(1);

    /// A ledger that moves answers late; the next claim says all that a lost one said. Doubled for
    /// each that has no answer, so that slow answers are waited for in the end.
    static final Duration REPEAT = Duration.ofSeconds(2);

    private static final Duration LONGEST_REPEAT = Duration.ofMinutes(1);

    /// None, and nothing asked for.
    public static final Places NONE =
            new Places(0, Instant.MIN, 0, new Talk(0, false, Instant.MIN, REPEAT), Instant.MIN);

    /// @param number of the last claim
    /// @param awaits whether its answer is out
    /// @param claimedAt when the last was made
    /// @param patience how long its answer is waited for
    record Talk(long number, boolean awaits, Instant claimedAt, Duration patience) {

        private boolean isOver(Duration time, Instant now) {
            return !now.isBefore(claimedAt.plus(time));
        }

        private Talk claimed(Instant now) {
            Duration doubled = patience.multipliedBy(2);
            Duration longer = doubled.compareTo(LONGEST_REPEAT) < 0 ? doubled : LONGEST_REPEAT;
            return new Talk(number + 1, true, now, awaits ? longer : REPEAT);
        }
    }

    /// What an instance has to do with a model.
    ///
    /// @param inFlight calls, whatever let them begin
    /// @param wanted these and those that wait, as far as the model bears them
    /// @param stopping nothing begins any more
    public record Load(int inFlight, int wanted, boolean stopping) {}

    /// After a look.
    ///
    /// @param claim what to tell the ledger, if anything
    public record Looked(Places places, Optional<PlaceClaim> claim) {}

    /// Calls that may be in flight when another one begins.
    public int open(Instant now) {
        return now.isBefore(until) ? granted : 0;
    }

    /// Looks what is to be told the ledger. To be called every few ms. A claim that is made binds
    /// at once: no more is in flight from now on than it says is kept, until its own answer is
    /// there.
    ///
    /// @param holder a partition of this instance
    public Looked look(String model, int holder, long instance, Load load, Instant now) {
        int open = open(now);
        boolean needed = load.wanted() >= open;
        boolean warm = needed || now.isBefore(neededAt.plus(WARM));
        int kept = warm && !load.stopping() ? Math.max(load.inFlight(), open) : load.wanted();
        Instant lastNeeded = needed ? now : neededAt;
        if (!isDue(load.wanted() > kept, kept, now)) {
            return new Looked(
                    new Places(granted, until, counted, talk, lastNeeded), Optional.empty());
        }
        Talk claimed = talk.claimed(now);
        PlaceClaim claim =
                new PlaceClaim(model, holder, instance, claimed.number(), kept, load.wanted());
        return new Looked(
                new Places(Math.min(granted, kept), until, kept, claimed, lastNeeded),
                Optional.of(claim));
    }

    /// The ledger's answer; one to a claim before the last is void, and the ledger counts on it.
    public Places granted(PlaceGrant grant) {
        if (!talk.awaits() || grant.number() != talk.number()) {
            return this;
        }
        return new Places(
                grant.places(),
                talk.claimedAt().plus(TENURE),
                Math.max(counted, grant.places()),
                new Talk(talk.number(), false, talk.claimedAt(), REPEAT),
                neededAt);
    }

    private boolean isDue(boolean hungry, int kept, Instant now) {
        if (talk.awaits()) {
            return talk.isOver(talk.patience(), now);
        }
        return kept < counted
                || (hungry && talk.isOver(ASK, now))
                || (counted > 0 && talk.isOver(RENEW, now));
    }
}
