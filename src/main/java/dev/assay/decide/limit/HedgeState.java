package dev.assay.decide.limit;

import dev.assay.model.HedgePolicy;

import java.time.Duration;
import java.util.Optional;

/// What is known of a model's latency, and how many second tries may be made.
///
/// The quantile is followed by small steps, up where a call took longer and down where not, sized
/// so that both balance at the quantile: "Frugal Streaming for Estimating Quantiles" (Ma,
/// Muthukrishnan, Sandler, 2013), with steps in proportion to the estimate. It needs two numbers
/// and forgets old times. Jeffrey Dean and Luiz André Barroso, "The Tail at Scale" (CACM, 2013),
/// tell what second tries are good for, and why to bound them.
///
/// @param quantileMs the estimate
/// @param calls how many it rests on
/// @param credit second tries that may be made now
public record HedgeState(double quantileMs, long calls, double credit) {

    public static final HedgeState FRESH = new HedgeState(0, 0, 0);

    /// Calls before an estimate is trusted.
    static final int MIN_CALLS = 30;

    /// Second tries that may be saved up.
    static final double MAX_CREDIT = 10;

    private static final double STEP = 0.05;

    /// A call began, which pays its share of a second try.
    public HedgeState began(HedgePolicy policy) {
        return new HedgeState(quantileMs, calls, Math.min(MAX_CREDIT, credit + policy.maxShare()));
    }

    /// A first try ended, or had taken this long when it was given up.
    public HedgeState took(HedgePolicy policy, Duration duration) {
        double ms = Math.max(1, duration.toNanos() / 1e6);
        if (calls == 0) {
            return new HedgeState(ms, 1, credit);
        }
        double step = Math.max(STEP, 1.0 / (calls + 1));
        double moved =
                ms > quantileMs
                        ? quantileMs * (1 + step * policy.quantile())
                        : quantileMs * (1 - step * (1 - policy.quantile()));
        return new HedgeState(moved, calls + 1, credit);
    }

    /// How long a call must be in the air before it is slow; empty while too little is known.
    public Optional<Duration> slowAfter() {
        return calls < MIN_CALLS
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) (quantileMs * 1e6)));
    }

    /// One more second try, if there is credit for it.
    public Optional<HedgeState> hedged() {
        return credit < 1
                ? Optional.empty()
                : Optional.of(new HedgeState(quantileMs, calls, credit - 1));
    }
}
