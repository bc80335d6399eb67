package dev.assay.decide.limit;

import dev.assay.decide.limit.Service.Broken;
import dev.assay.decide.limit.Service.Health;
import dev.assay.decide.limit.Service.Serving;
import dev.assay.decide.limit.Service.Shut;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;

import java.time.Duration;
import java.time.Instant;

/// The arithmetic of a lane.
///
/// A call starts where the lane is in service and not paused, its limit in flight has room and its
/// rates allow it.
public final class LaneRules {

    private static final Duration PAUSE_WITHOUT_WORD = Duration.ofSeconds(1);

    /// The longest pause taken from a provider's word for all calls of a model.
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    /// A call that its prompt's deadline cuts sooner says nothing of its model.
    static final Duration LONG_IN_THE_AIR = Duration.ofSeconds(30);

    private LaneRules() {}

    /// May one more call start?
    ///
    /// @param limits what this instance may use
    /// @param reserved calls that wait for the same room and rates and go before
    public static Admission admit(
            LaneState state, LaneLimits limits, Demand demand, int reserved, Instant now) {
        return switch (state.service()) {
            case Serving _ -> start(state, limits, demand, reserved, now);
            case Broken broken ->
                    broken.dueToBeTried(now)
                            ? granted(state.withService(broken.tried(now)), limits, demand, 0, now)
                            : new Admission.Broken(broken.error());
            case Shut shut ->
                    shut.dueToBeTried(now)
                            ? granted(state.withService(shut.tried(now)), limits, demand, 0, now)
                            : new Admission.OutOfService(shut.error());
        };
    }

    private static Admission start(
            LaneState state, LaneLimits limits, Demand demand, int reserved, Instant now) {
        if (now.isBefore(state.pausedUntil())) {
            return new Admission.NotBefore(state.pausedUntil());
        }
        if (room(state, limits) <= reserved) {
            return new Admission.Full();
        }
        Instant allowedAt = state.rates().allows(limits, demand, reserved, now);
        return allowedAt.isAfter(now)
                ? new Admission.NotBefore(allowedAt)
                : granted(state, limits, demand, reserved, now);
    }

    /// Calls that could start now.
    public static int room(LaneState state, LaneLimits limits) {
        int allowed = (int) Math.min(Math.floor(state.limit().calls()), limits.maxInFlight());
        return Math.max(0, allowed - state.inFlight());
    }

    /// A call ended.
    ///
    /// @param grant with which it began
    /// @param startedAt when it began; what began before the last cut says nothing new
    public static LaneState ended(
            LaneState state,
            LaneLimits limits,
            Grant grant,
            CallResult result,
            Instant startedAt,
            Instant now) {
        int wasInFlight = state.inFlight();
        LaneState landed =
                state.withInFlight(Math.max(0, wasInFlight - 1))
                        .withService(service(state.service(), result, startedAt, now))
                        .withRates(state.rates().ended(grant, result, MAX_PAUSE, startedAt, now));
        return switch (result) {
            case Answered _, GiveUpOnPrompt _ -> {
                AdaptiveLimit grown =
                        state.limit().succeeded(startedAt, wasInFlight, limits.maxInFlight());
                yield landed.withLimit(grown);
            }
            case GiveUpOnModel _ -> landed;
            case TryAgain failure ->
                    switch (failure.evidence()) {
                        // Calls that come too fast are slowed down, however many are in flight.
                        case NONE, AWAY, RATE_LIMITED -> landed;
                        case CONGESTED -> {
                            AdaptiveLimit cut =
                                    state.limit().congested(startedAt, wasInFlight, now);
                            // One call at a time is still too much, so the lane must wait.
                            yield state.limit().isLowest() && cut.cutAt().equals(now)
                                    ? pause(landed.withLimit(cut), failure, now)
                                    : landed.withLimit(cut);
                        }
                        case EXHAUSTED -> pause(landed, failure, now);
                    };
        };
    }

    /// Whether a call that failed was made only to find out whether the model still fails.
    ///
    /// @param before the lane before the call ended
    public static boolean wasProbe(LaneState before, Instant startedAt) {
        return before.service() instanceof Broken broken
                && broken.probing()
                && !startedAt.isBefore(broken.since());
    }

    /// A call that was granted was never made, or given up by us.
    public static LaneState released(LaneState state) {
        LaneState landed = state.withInFlight(Math.max(0, state.inFlight() - 1));
        return switch (state.service()) {
            case Serving _ -> landed;
            case Broken broken -> landed.withService(broken.untried());
            case Shut shut -> landed.withService(shut.untried());
        };
    }

    /// The instance's share of the application's limits changed.
    public static LaneState shared(
            LaneState state, LaneLimits before, LaneLimits after, Instant now) {
        return state.withRates(state.rates().shared(before, after, now));
    }

    private static Admission granted(
            LaneState state, LaneLimits limits, Demand demand, int reserved, Instant now) {
        Grant grant = state.rates().grant(demand, now);
        LaneState begun =
                state.withInFlight(state.inFlight() + 1)
                        .withRates(state.rates().began(limits, grant, reserved, now));
        return new Admission.Granted(begun, grant);
    }

    /// What a call's end says of the model. What began before the last change says nothing new.
    private static Service service(
            Service service, CallResult result, Instant startedAt, Instant now) {
        boolean stale = startedAt.isBefore(since(service));
        return switch (result) {
            case Answered _, GiveUpOnPrompt _ ->
                    switch (service) {
                        case Serving serving ->
                                new Serving(serving.since(), serving.health().plusAnswered(now));
                        case Broken _ -> new Serving(now, Health.unknown(now));
                        case Shut _ -> stale ? service : new Serving(now, Health.unknown(now));
                    };
            case GiveUpOnModel failure -> {
                boolean old = stale && service instanceof Serving;
                Instant since = service instanceof Shut shut ? shut.since() : now;
                yield old
                        ? service
                        : new Shut(failure.error(), since, now.plus(Shut.PROBE_AFTER), false);
            }
            case TryAgain failure ->
                    switch (service) {
                        case Serving serving -> failed(serving, failure, startedAt, now);
                        case Broken broken -> stale ? broken : broken.again(ofModel(failure), now);
                        case Shut shut ->
                                stale
                                        ? shut
                                        : new Shut(
                                                shut.error(),
                                                shut.since(),
                                                now.plus(Shut.PROBE_AFTER),
                                                false);
                    };
        };
    }

    /// A model that turns calls away for their number serves.
    private static Service failed(
            Serving serving, TryAgain failure, Instant startedAt, Instant now) {
        Health before = serving.health();
        Health health =
                switch (failure.evidence()) {
                    case NONE ->
                            isOutOfTime(failure)
                                    ? outOfTime(serving, startedAt, now)
                                    : before.plusFailed(false, now);
                    case CONGESTED -> before.plusFailed(true, now);
                    case RATE_LIMITED, EXHAUSTED, AWAY -> before;
                };
        return health.inARow() > before.inARow() && health.failing(now)
                ? Broken.first(ofModel(failure), now)
                : new Serving(serving.since(), health);
    }

    /// A prompt's own deadline is not its model's failure. But where deadlines are shorter than the
    /// model's timeout, nothing else is seen of one that takes calls and never answers.
    private static Health outOfTime(Serving serving, Instant startedAt, Instant now) {
        boolean stale = startedAt.isBefore(serving.since());
        boolean ranLong = !now.isBefore(startedAt.plus(LONG_IN_THE_AIR));
        return ranLong && !stale ? serving.health().plusFailed(true, now) : serving.health();
    }

    private static boolean isOutOfTime(TryAgain failure) {
        return failure.error().code() == FailureCode.DEADLINE_EXCEEDED;
    }

    /// What other prompts are told of the model: no deadline of theirs has passed.
    private static CallError ofModel(TryAgain failure) {
        return isOutOfTime(failure)
                ? new CallError(FailureCode.TIMEOUT, failure.error().message())
                : failure.error();
    }

    private static Instant since(Service service) {
        return switch (service) {
            case Serving serving -> serving.since();
            case Broken broken -> broken.since();
            case Shut shut -> shut.since();
        };
    }

    private static LaneState pause(LaneState state, TryAgain failure, Instant now) {
        Duration asked = failure.retryAfter().orElse(PAUSE_WITHOUT_WORD);
        Instant until = now.plus(asked.compareTo(MAX_PAUSE) < 0 ? asked : MAX_PAUSE);
        return until.isAfter(state.pausedUntil()) ? state.withPausedUntil(until) : state;
    }
}
