package dev.assay.decide.limit;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.FailureCode;
import dev.assay.model.RateLimits;
import dev.assay.model.RateLimits.Window;
import dev.assay.model.Samples;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// A provider with limits of its own, which a lane does not know. Calls must come in order of time.
final class SimProvider {

    /// @param result what the caller will see
    /// @param took until it sees it
    record Reply(CallResult result, Duration took) {}

    private static final Duration REFUSAL = Duration.ofMillis(30);

    private final Random random;
    private int maxInFlight = Integer.MAX_VALUE;
    private double perSecond = Double.POSITIVE_INFINITY;
    private Evidence evidence = Evidence.CONGESTED;
    private boolean namesTheWait;
    private boolean statesItsLimit;
    private double failing;
    private double turningAway;
    private Instant outageFrom = Instant.MAX;
    private Instant outageUntil = Instant.MAX;

    private int inFlight;
    private double tokens;
    private Instant filledAt = Instant.EPOCH;

    SimProvider(Random random) {
        this.random = random;
    }

    /// Refuses at once what comes while so many calls are in flight.
    SimProvider inFlight(int max) {
        maxInFlight = max;
        return this;
    }

    /// Refuses at once what comes faster, beyond a second's worth.
    ///
    /// @param says what its refusals tell of its limit
    SimProvider perSecond(double rate, Evidence says, boolean withRetryAfter) {
        perSecond = rate;
        evidence = says;
        namesTheWait = withRetryAfter;
        return this;
    }

    /// Says with every reply what is left of its limit, as OpenAI does.
    SimProvider statingItsLimit() {
        statesItsLimit = true;
        return this;
    }

    /// Fails this share of all calls, whatever the load.
    SimProvider failing(double share) {
        failing = share;
        return this;
    }

    /// Turns this share of all calls away, whatever the rate.
    SimProvider turningAway(double share) {
        turningAway = share;
        return this;
    }

    /// Fails all calls for a while.
    SimProvider outage(Instant from, Instant until) {
        outageFrom = from;
        outageUntil = until;
        return this;
    }

    Reply call(Instant now) {
        inFlight++;
        if (!now.isBefore(outageFrom) && now.isBefore(outageUntil)) {
            return new Reply(refusal(Evidence.CONGESTED, Optional.empty()), REFUSAL);
        }
        if (inFlight > maxInFlight) {
            return new Reply(refusal(Evidence.CONGESTED, Optional.empty()), REFUSAL);
        }
        if (Double.isFinite(perSecond)) {
            double seconds = Duration.between(filledAt, now).toNanos() / 1e9;
            tokens = Math.min(perSecond, tokens + seconds * perSecond);
            filledAt = now;
            if (tokens < 1) {
                long waitMs = (long) Math.ceil((1 - tokens) / perSecond * 1_000);
                Optional<Duration> wait =
                        namesTheWait ? Optional.of(Duration.ofMillis(waitMs)) : Optional.empty();
                return new Reply(refusal(evidence, wait, limits()), REFUSAL);
            }
            tokens--;
        }
        if (turningAway > 0 && random.nextDouble() < turningAway) {
            return new Reply(refusal(Evidence.RATE_LIMITED, Optional.empty()), REFUSAL);
        }
        if (random.nextDouble() < failing) {
            return new Reply(refusal(Evidence.CONGESTED, Optional.empty()), answerTime());
        }
        return new Reply(
                new CallResult.Answered(Samples.completion("fine"), limits()), answerTime());
    }

    void ended() {
        inFlight--;
    }

    /// From half a second to some seconds, as the length of answers varies; 2 s on average.
    private Duration answerTime() {
        return Duration.ofMillis((long) (500 - 1_500 * Math.log(1 - random.nextDouble())));
    }

    private RateLimits limits() {
        if (!statesItsLimit) {
            return RateLimits.NONE;
        }
        long resetMs = (long) Math.ceil((perSecond - tokens) / perSecond * 1_000);
        return new RateLimits(
                new Window(
                        OptionalLong.of((long) perSecond),
                        OptionalLong.of((long) tokens),
                        Optional.of(Duration.ofMillis(resetMs))),
                Window.UNKNOWN);
    }

    private static CallResult refusal(Evidence evidence, Optional<Duration> wait) {
        return refusal(evidence, wait, RateLimits.NONE);
    }

    private static CallResult refusal(
            Evidence evidence, Optional<Duration> wait, RateLimits limits) {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "429"), wait, evidence, false, limits);
    }
}
