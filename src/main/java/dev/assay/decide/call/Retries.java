package dev.assay.decide.call;

import dev.assay.model.Call;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Constraints;
import dev.assay.model.RetryPolicy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a failed call is tried again.
///
/// Exponential backoff with full jitter: a uniform share of min(cap, base * 2^failures). Source:
/// Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. A wait asked for by
/// the provider comes first and the jitter on top, so that those who were told the same moment do
/// not all come at it.
public final class Retries {

    static final Duration BASE = Duration.ofMillis(500);
    static final Duration CAP = Duration.ofSeconds(30);

    private Retries() {}

    /// The same call with its next try, or empty where it is over: attempts used up, too late for
    /// the model's policy, or past the deadline. Being turned away because the model's limit is
    /// exhausted is not the call's own failure: only time bounds it, and later failures find their
    /// attempts and waits as they were. The same holds for answers of no use. Each kind of setback
    /// makes its own waits longer.
    ///
    /// @param took how long the try that failed took
    /// @param dice uniform in [0, 1)
    public static Optional<Call> next(
            Call call,
            TryAgain failure,
            RetryPolicy policy,
            Constraints constraints,
            Duration took,
            Instant now,
            double dice) {
        if (failure.evidence() == CallResult.Evidence.AWAY) {
            return whileAway(call, constraints, now, dice);
        }
        boolean turnedAway = failure.evidence() == CallResult.Evidence.EXHAUSTED;
        if (call.failures() + 1 >= policy.attempts() && !turnedAway) {
            return Optional.empty();
        }
        Instant firstTryAt = call.firstTryAt(took, now);
        int before = turnedAway ? call.turnedAway() : call.failures();
        Instant at =
                now.plus(failure.retryAfter().orElse(Duration.ZERO)).plus(jitter(before, dice));
        boolean tooLate =
                at.isAfter(firstTryAt.plus(policy.maxElapsed()))
                        || constraints
                                .deadline()
                                .filter(deadline -> !at.isBefore(deadline))
                                .isPresent();
        return tooLate ? Optional.empty() : Optional.of(call.tryAgain(turnedAway, firstTryAt, at));
    }

    /// A call that found its model away tries again when it is back, as if it had waited all the
    /// time. Its lane knows when to look: put off by the provider's word, it could not go elsewhere
    /// meanwhile.
    private static Optional<Call> whileAway(
            Call call, Constraints constraints, Instant now, double dice) {
        Instant at = now.plus(jitter(call.turnedAway(), dice));
        boolean tooLate =
                constraints.deadline().filter(deadline -> !at.isBefore(deadline)).isPresent();
        Instant firstTryAt =
                call.tries() == 0
                        ? now
                        : call.openedAt().plus(Duration.between(call.notBefore(), now));
        return tooLate ? Optional.empty() : Optional.of(call.tryAgain(true, firstTryAt, at));
    }

    private static Duration jitter(int before, double dice) {
        double ceilingMs =
                Math.min((double) CAP.toMillis(), (double) BASE.toMillis() * Math.pow(2, before));
        return Duration.ofMillis((long) (dice * ceilingMs));
    }
}
