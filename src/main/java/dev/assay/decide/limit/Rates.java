package dev.assay.decide.limit;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.RateLimits;
import dev.assay.model.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// How fast the calls of a lane may begin: by the limits per minute of the topology file, by what
/// the provider's headers say, and by what was found out from calls turned away.
///
/// Tokens are reserved when a call begins, as many as it is expected to use, and settled by the
/// usage that comes back.
///
/// @param requests calls that may begin under the limit of the topology file
/// @param tokens tokens that may be used under the limit of the topology file
/// @param use what calls use
/// @param requestQuota calls left by the provider's word
/// @param tokenQuota tokens left by the provider's word
/// @param pace found out
/// @param begun calls so far
/// @param tokensBegun tokens reserved for them
record Rates(
        Bucket requests,
        Bucket tokens,
        TokenUse use,
        Quota requestQuota,
        Quota tokenQuota,
        Pace pace,
        long begun,
        double tokensBegun) {

    /// How many seconds' worth may be saved up.
    private static final double BURST_SECONDS = 3;

    private static final double SLOWEST_PER_SECOND = 1e-6;

    static Rates fresh(Instant now) {
        return new Rates(
                Bucket.empty(now),
                Bucket.empty(now),
                TokenUse.UNKNOWN,
                Quota.UNKNOWN,
                Quota.UNKNOWN,
                Pace.none(now),
                0,
                0);
    }

    /// When a call may begin; now, or a later moment at which to ask again.
    ///
    /// @param reserved calls that wait for the same rates and go before, each as large as this one
    Instant allows(LaneLimits limits, Demand demand, int reserved, Instant now) {
        double expected = use.expected(demand);
        return Stream.of(
                        holds(requests, limits.requestsPerSecond(), 1, reserved, now),
                        holds(tokens, limits.tokensPerSecond(), expected, reserved, now),
                        requestQuota.allows(1, reserved, now),
                        tokenQuota.allows(expected, reserved, now),
                        pace.allows(reserved, now))
                .max(Instant::compareTo)
                .orElse(now);
    }

    /// A call begins.
    ///
    /// @param reserved calls that went before, or had their turn
    Rates began(LaneLimits limits, Grant grant, int reserved, Instant now) {
        return new Rates(
                filled(requests, limits.requestsPerSecond(), reserved, now).minus(1),
                filled(tokens, limits.tokensPerSecond(), reserved, now).minus(grant.tokens()),
                use,
                requestQuota.taken(1, now),
                tokenQuota.taken(grant.tokens(), now),
                pace.began(reserved, now),
                begun + 1,
                tokensBegun + grant.tokens());
    }

    /// The leave for a call to begin now.
    Grant grant(Demand demand, Instant now) {
        return new Grant(
                begun, tokensBegun, demand, use.expected(demand), pace.began(0, now).rate(now));
    }

    /// A call ended.
    Rates ended(
            Grant grant, CallResult result, Duration longestReset, Instant startedAt, Instant now) {
        return switch (result) {
            case Answered answered -> {
                Usage used = answered.completion().usage();
                Rates settled = settled(grant, used);
                yield settled.told(answered.limits(), grant, longestReset, now)
                        .withPace(pace.answered(startedAt, now));
            }
            case GiveUpOnModel _, GiveUpOnPrompt _ -> this;
            case TryAgain failure -> {
                Rates told = told(failure.limits(), grant, longestReset, now);
                yield switch (failure.evidence()) {
                    case RATE_LIMITED ->
                            told.withPace(pace.turnedAway(grant, false, startedAt, now));
                    case EXHAUSTED -> told.withPace(pace.turnedAway(grant, true, startedAt, now));
                    case NONE, CONGESTED, AWAY -> told;
                };
            }
        };
    }

    /// The instance's share of the limits changed.
    Rates shared(LaneLimits before, LaneLimits after, Instant now) {
        return new Rates(
                shared(requests, before.requestsPerSecond(), after.requestsPerSecond(), now),
                shared(tokens, before.tokensPerSecond(), after.tokensPerSecond(), now),
                use,
                requestQuota,
                tokenQuota,
                pace,
                begun,
                tokensBegun);
    }

    /// When a bucket holds so much; a demand beyond what it can hold must find it full, and leaves
    /// it in debt.
    private static Instant holds(
            Bucket bucket, OptionalDouble rate, double amount, int reserved, Instant now) {
        if (rate.isEmpty()) {
            return now;
        }
        Bucket filled = filled(bucket, rate, reserved, now);
        double wanted = Math.min(amount * (1.0 + reserved), capacity(rate, reserved));
        return filled.level() >= wanted ? now : filled.holds(wanted, perSecond(rate));
    }

    private static Bucket filled(Bucket bucket, OptionalDouble rate, int reserved, Instant now) {
        return rate.isEmpty()
                ? bucket
                : bucket.filled(perSecond(rate), capacity(rate, reserved), now);
    }

    private static Bucket shared(
            Bucket bucket, OptionalDouble before, OptionalDouble after, Instant now) {
        return before.isEmpty() || after.isEmpty()
                ? bucket
                : filled(bucket, before, 0, now).scaled(perSecond(after) / perSecond(before));
    }

    private static double capacity(OptionalDouble rate, int reserved) {
        return Bucket.capacity(perSecond(rate), BURST_SECONDS, reserved);
    }

    private static double perSecond(OptionalDouble rate) {
        return Math.max(SLOWEST_PER_SECOND, rate.orElse(SLOWEST_PER_SECOND));
    }

    private Rates settled(Grant grant, Usage usage) {
        double over = usage.inputTokens() + usage.outputTokens() - grant.tokens();
        return new Rates(
                requests,
                tokens.minus(over),
                usage.estimated() ? use : use.learned(grant.demand(), usage),
                requestQuota,
                tokenQuota,
                pace,
                begun,
                tokensBegun + over);
    }

    private Rates told(RateLimits said, Grant grant, Duration longestReset, Instant now) {
        return said.equals(RateLimits.NONE)
                ? this
                : new Rates(
                        requests,
                        tokens,
                        use,
                        requestQuota.told(
                                said.requests(),
                                grant,
                                (double) (begun - 1 - grant.number()),
                                longestReset,
                                now),
                        tokenQuota.told(
                                said.tokens(),
                                grant,
                                tokensBegun - grant.tokensBefore() - grant.tokens(),
                                longestReset,
                                now),
                        pace,
                        begun,
                        tokensBegun);
    }

    private Rates withPace(Pace newPace) {
        return new Rates(
                requests, tokens, use, requestQuota, tokenQuota, newPace, begun, tokensBegun);
    }
}
