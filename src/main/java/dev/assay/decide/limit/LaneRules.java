package dev.assay.decide.limit;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The arithmetic of a lane.
///
/// A call starts where the lane is in service and not paused, its limit in flight has room and its
/// limit per minute has a token.
public final class LaneRules {

    private static final Duration PROBE_AFTER = Duration.ofSeconds(30);
    private static final Duration PAUSE_WITHOUT_WORD = Duration.ofSeconds(1);

    /// The longest pause taken from a provider's word for all calls of a model.
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    private static final double SECONDS_PER_MINUTE = 60;

    /// How many seconds of tokens may be saved up.
    private static final double BURST_SECONDS = 3;

    private LaneRules() {}

    /// May one more call start?
    ///
    /// @param share of the application's limits that this instance may use, 0 to 1
    /// @param reserved calls of higher precedence that wait for the same room and tokens
    public static Admission admit(
            LaneState state, LaneSettings settings, double share, int reserved, Instant now) {
        if (state.shut().isPresent()) {
            return probe(state, state.shut().get(), now);
        }
        if (now.isBefore(state.pausedUntil())) {
            return new Admission.NotBefore(state.pausedUntil());
        }
        if (room(state, settings, share) <= reserved) {
            return new Admission.Full();
        }
        LaneState granted = state.withInFlight(state.inFlight() + 1);
        if (settings.requestsPerMinute().isEmpty()) {
            return new Admission.Granted(granted);
        }
        double perSecond =
                Math.max(
                        1e-6, settings.requestsPerMinute().getAsInt() * share / SECONDS_PER_MINUTE);
        LaneState filled = refill(granted, perSecond, now);
        double missing = 1 + reserved - filled.tokens();
        return missing <= 0
                ? new Admission.Granted(filled.withTokens(filled.tokens() - 1, filled.refilledAt()))
                : new Admission.NotBefore(now.plus(secondsUp(missing / perSecond)));
    }

    /// Calls that could start now.
    public static int room(LaneState state, LaneSettings settings, double share) {
        int allowed =
                (int) Math.min(Math.floor(state.limit().calls()), settings.maxInFlight(share));
        return Math.max(0, allowed - state.inFlight());
    }

    /// A call ended.
    ///
    /// @param startedAt when it began; what began before the last cut says nothing new
    public static LaneState ended(
            LaneState state,
            LaneSettings settings,
            double share,
            CallResult result,
            Instant startedAt,
            Instant now) {
        int wasInFlight = state.inFlight();
        LaneState landed = state.withInFlight(Math.max(0, wasInFlight - 1));
        return switch (result) {
            case Answered _, GiveUpOnPrompt _ -> {
                int max = settings.maxInFlight(share);
                yield reopen(landed, startedAt)
                        .withLimit(state.limit().succeeded(startedAt, wasInFlight, max));
            }
            case GiveUpOnModel failure ->
                    landed.withShut(Optional.of(shut(state, failure.error(), now)));
            case TryAgain failure -> {
                AdaptiveLimit cut = state.limit().congested(startedAt, wasInFlight, now);
                yield switch (failure.evidence()) {
                    case NONE -> landed;
                    // One call at a time is still too much, so the lane must wait.
                    case CONGESTED ->
                            state.limit().isLowest() && cut.cutAt().equals(now)
                                    ? pause(landed.withLimit(cut), failure, now)
                                    : landed.withLimit(cut);
                    case EXHAUSTED -> pause(landed.withLimit(cut), failure, now);
                };
            }
        };
    }

    /// A call that was granted was never made.
    public static LaneState released(LaneState state) {
        return state.withInFlight(Math.max(0, state.inFlight() - 1));
    }

    private static Admission probe(LaneState state, LaneState.Shut shut, Instant now) {
        if (now.isBefore(shut.probeAt())) {
            return new Admission.OutOfService(shut.error());
        }
        LaneState.Shut next = new LaneState.Shut(shut.error(), shut.since(), now.plus(PROBE_AFTER));
        return new Admission.Granted(
                state.withInFlight(state.inFlight() + 1).withShut(Optional.of(next)));
    }

    private static LaneState.Shut shut(LaneState state, CallError error, Instant now) {
        Instant since = state.shut().map(LaneState.Shut::since).orElse(now);
        return new LaneState.Shut(error, since, now.plus(PROBE_AFTER));
    }

    /// What began before the lane was shut does not show that the model is back.
    private static LaneState reopen(LaneState state, Instant startedAt) {
        boolean stale = state.shut().filter(shut -> startedAt.isBefore(shut.since())).isPresent();
        return stale ? state : state.withShut(Optional.empty());
    }

    private static LaneState pause(LaneState state, TryAgain failure, Instant now) {
        Duration asked = failure.retryAfter().orElse(PAUSE_WITHOUT_WORD);
        Instant until = now.plus(asked.compareTo(MAX_PAUSE) < 0 ? asked : MAX_PAUSE);
        return until.isAfter(state.pausedUntil()) ? state.withPausedUntil(until) : state;
    }

    private static LaneState refill(LaneState state, double perSecond, Instant now) {
        double seconds = Duration.between(state.refilledAt(), now).toNanos() / 1e9;
        if (seconds <= 0) {
            return state;
        }
        double capacity = Math.max(1, perSecond * BURST_SECONDS);
        return state.withTokens(Math.min(capacity, state.tokens() + seconds * perSecond), now);
    }

    private static Duration secondsUp(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1_000));
    }
}
