package dev.assay.decide.limit;

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
/// The limit in flight adapts by additive increase and multiplicative decrease: half on evidence of
/// congestion, at most once per round trip, and one more per round trip of successes while at least
/// half of it is used. Latency alone says nothing: that of a language model follows the length of
/// its answer. Source of the scheme: Chiu and Jain, "Analysis of the Increase and Decrease
/// Algorithms for Congestion Avoidance in Computer Networks", 1989; the rule on use as in Netflix's
/// concurrency-limits.
public final class LaneRules {

    private static final double DECREASE = 0.5;
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
    /// @param reserved calls of higher precedence that wait for the same room
    public static Admission admit(
            LaneState state, LaneSettings settings, double share, int reserved, Instant now) {
        if (state.shut().isPresent()) {
            return probe(state, state.shut().get(), now);
        }
        if (now.isBefore(state.pausedUntil())) {
            return new Admission.NotBefore(state.pausedUntil());
        }
        if (room(state, settings, share) - reserved <= 0) {
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
        return filled.tokens() >= 1
                ? new Admission.Granted(filled.withTokens(filled.tokens() - 1, now))
                : new Admission.NotBefore(now.plus(secondsUp((1 - filled.tokens()) / perSecond)));
    }

    /// Calls that could start now.
    public static int room(LaneState state, LaneSettings settings, double share) {
        int allowed = (int) Math.min(Math.floor(state.limit()), settings.maxInFlight(share));
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
            case Answered _, GiveUpOnPrompt _ ->
                    grow(landed.withShut(Optional.empty()), settings, share, wasInFlight);
            case GiveUpOnModel failure ->
                    landed.withShut(
                            Optional.of(
                                    new LaneState.Shut(failure.error(), now.plus(PROBE_AFTER))));
            case TryAgain failure ->
                    switch (failure.evidence()) {
                        case NONE -> landed;
                        case CONGESTED -> cut(landed, startedAt, now);
                        case EXHAUSTED -> pause(cut(landed, startedAt, now), failure, now);
                    };
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
        LaneState.Shut next = new LaneState.Shut(shut.error(), now.plus(PROBE_AFTER));
        return new Admission.Granted(
                state.withInFlight(state.inFlight() + 1).withShut(Optional.of(next)));
    }

    private static LaneState grow(
            LaneState state, LaneSettings settings, double share, int wasInFlight) {
        boolean used = wasInFlight * 2 >= state.limit();
        double grown = Math.min(settings.maxInFlight(share), state.limit() + 1 / state.limit());
        return used && grown > state.limit() ? state.withLimit(grown) : state;
    }

    private static LaneState cut(LaneState state, Instant startedAt, Instant now) {
        return startedAt.isBefore(state.cutAt())
                ? state
                : state.withCut(Math.max(1, state.limit() * DECREASE), now);
    }

    private static LaneState pause(LaneState state, TryAgain failure, Instant now) {
        Duration asked = failure.retryAfter().orElse(PAUSE_WITHOUT_WORD);
        Instant until = now.plus(asked.compareTo(MAX_PAUSE) < 0 ? asked : MAX_PAUSE);
        return until.isAfter(state.pausedUntil()) ? state.withPausedUntil(until) : state;
    }

    private static LaneState refill(LaneState state, double perSecond, Instant now) {
        double seconds = Math.max(0, Duration.between(state.refilledAt(), now).toNanos() / 1e9);
        double capacity = Math.max(1, perSecond * BURST_SECONDS);
        return state.withTokens(Math.min(capacity, state.tokens() + seconds * perSecond), now);
    }

    private static Duration secondsUp(double seconds) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1_000));
    }
}
