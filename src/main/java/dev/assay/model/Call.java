package dev.assay.model;

import java.time.Duration;
import java.time.Instant;

/// A model call that a prompt needs and has not got yet: waiting, delayed or in the air.
///
/// @param slot its place in the prompt's scatter of calls: the index of the pick, or of the
///   candidate under check
/// @param tries how often this model was tried for it before; in the identity of a call
/// @param turnedAway how many of those tries its exhausted limit turned away; they use up no
///   attempt
/// @param asks how often this model answered uselessly before (a judge whose verdict could not be
///   read)
/// @param openedAt when the first try began; before it, when it became due
/// @param notBefore the next try begins no earlier
public record Call(
        int slot,
        Purpose purpose,
        String model,
        int tries,
        int turnedAway,
        int asks,
        Instant openedAt,
        Instant notBefore,
        double propensity,
        String why) {

    /// A first try, due at once.
    public static Call first(int slot, Purpose purpose, Plan.Pick pick, Instant now) {
        return new Call(
                slot, purpose, pick.model(), 0, 0, 0, now, now, pick.propensity(), pick.why());
    }

    /// The same call, tried once more.
    ///
    /// @param turnedAwayNow whether its exhausted limit ended the try before
    public Call tryAgain(boolean turnedAwayNow, Instant firstTryAt, Instant at) {
        return new Call(
                slot,
                purpose,
                model,
                tries + 1,
                turnedAwayNow ? turnedAway + 1 : turnedAway,
                asks,
                firstTryAt,
                at,
                propensity,
                why);
    }

    /// The same model, asked once more because its reply was of no use.
    ///
    /// @param took how long the try took that brought the reply
    public Call askAgain(Duration took, Instant now) {
        return new Call(
                slot,
                purpose,
                model,
                tries + 1,
                turnedAway,
                asks + 1,
                firstTryAt(took, now),
                now,
                propensity,
                why);
    }

    /// The same call with one more reason.
    public Call because(String reason) {
        return new Call(
                slot,
                purpose,
                model,
                tries,
                turnedAway,
                asks,
                openedAt,
                notBefore,
                propensity,
                why + "; " + reason);
    }

    /// The same call, read from a store that another clock may have written: it began no later than
    /// now and waits no longer than so, whatever that clock said.
    public Call readAt(Instant now, Duration longestWait) {
        Instant latest = tries == 0 ? now : now.plus(longestWait);
        return new Call(
                slot,
                purpose,
                model,
                tries,
                turnedAway,
                asks,
                openedAt.isAfter(now) ? now : openedAt,
                notBefore.isAfter(latest) ? latest : notBefore,
                propensity,
                why);
    }

    /// Tries that failed: neither turned away nor answered.
    public int failures() {
        return tries - turnedAway - asks;
    }

    /// When the first try began, for a call that has just come back, as if no try had waited for
    /// room once it was due: time in a queue, or while the model was away, is no time spent trying.
    ///
    /// @param took how long the try took that ended now
    public Instant firstTryAt(Duration took, Instant now) {
        Instant beganAt = now.minus(took);
        if (tries == 0) {
            return beganAt;
        }
        return beganAt.isAfter(notBefore)
                ? openedAt.plus(Duration.between(notBefore, beganAt))
                : openedAt;
    }
}
