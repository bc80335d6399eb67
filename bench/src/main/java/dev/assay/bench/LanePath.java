package dev.assay.bench;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.LaneLimits;
import dev.assay.decide.limit.LaneRules;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.LaneState;
import dev.assay.decide.limit.Share;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// The lane's arithmetic, alone: microseconds an operation.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LanePath {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int IN_FLIGHT = 1_000;
    private static final int PER_MINUTE = 1_000_000;

    private final CallResult ended =
            new CallResult.GiveUpOnPrompt(
                    new CallError(FailureCode.CONTENT_FILTER, "was refused"));
    private final LaneSettings settings =
            new LaneSettings(
                    IN_FLIGHT, OptionalInt.of(PER_MINUTE), OptionalInt.of(1_000 * PER_MINUTE));
    private final LaneLimits limits = settings.of(Share.WHOLE);
    private final Demand demand = new Demand(100, OptionalInt.of(400));
    private LaneState lane = LaneState.fresh(settings, NOW);
    private Instant now = NOW.plusSeconds(1);

    /// A call's begin and its end, a millisecond apart.
    @Benchmark
    public LaneState admitAndEnd() {
        Instant began = now;
        now = began.plusMillis(1);
        if (LaneRules.admit(lane, limits, demand, 0, began)
                instanceof Admission.Granted granted) {
            lane = LaneRules.ended(
                            granted.state(), limits, granted.grant(), ended, began, now);
            return lane;
        }
        throw new IllegalStateException("the lane is full");
    }
}
