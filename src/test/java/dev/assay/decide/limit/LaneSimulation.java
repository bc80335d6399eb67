package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.SimProvider.Reply;
import dev.assay.model.CallResult;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/// A lane with more to do than it can, against a simulated provider, in simulated time.
final class LaneSimulation {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /// @param answered calls that answered after the warm-up
    /// @param refused calls that did not answer, after the warm-up
    /// @param longestIdle the longest time in which no call began
    /// @param trace every step, for comparing two runs
    record Outcome(long answered, long refused, Duration longestIdle, String trace) {}

    private record Flight(Grant grant, Instant startedAt, Instant landsAt, CallResult result) {}

    private static final Demand DEMAND = new Demand(100, OptionalInt.empty());

    private final LaneSettings settings;
    private final LaneLimits limits;
    private final SimProvider provider;
    private final Instant countedFrom;
    private final PriorityQueue<Flight> inAir =
            new PriorityQueue<>(
                    Comparator.comparing(Flight::landsAt)
                            .thenComparingLong(flight -> flight.grant().number()));
    private final StringBuilder trace = new StringBuilder();
    private LaneState lane;
    private long answered;
    private long refused;
    private Instant lastStart = NOW;
    private Duration longestIdle = Duration.ZERO;

    LaneSimulation(LaneSettings settings, SimProvider provider, Duration warmUp) {
        this.settings = settings;
        this.limits = settings.of(Share.WHOLE);
        this.provider = provider;
        this.countedFrom = NOW.plus(warmUp);
        this.lane = LaneState.fresh(settings, NOW);
    }

    Outcome run(Duration time) {
        Instant end = NOW.plus(time);
        for (Instant now = NOW; now.isBefore(end); ) {
            Instant wake = startAll(now, end);
            Flight next = inAir.peek();
            if (next != null && !next.landsAt().isAfter(wake)) {
                now = next.landsAt();
                inAir.remove();
                land(next, now);
            } else {
                now = wake;
            }
        }
        return new Outcome(answered, refused, longestIdle, trace.toString());
    }

    /// Starts what may start, and says when to ask again.
    private Instant startAll(Instant now, Instant end) {
        while (true) {
            switch (LaneRules.admit(lane, limits, DEMAND, 0, now)) {
                case Admission.Granted granted -> start(granted, now);
                case Admission.NotBefore notBefore -> {
                    assertThat(notBefore.at()).isAfter(now);
                    return notBefore.at();
                }
                case Admission.Full _, Admission.OutOfService _ -> {
                    return end;
                }
                case Admission.Broken _ -> {
                    return now.plus(LOOK_AGAIN);
                }
            }
        }
    }

    private void start(Admission.Granted granted, Instant now) {
        int allowed = (int) Math.min(settings.maxInFlight(), lane.limit().calls());
        lane = granted.state();
        Reply reply = provider.call(now);
        inAir.add(new Flight(granted.grant(), now, now.plus(reply.took()), reply.result()));
        Duration idle = Duration.between(lastStart, now);
        longestIdle = idle.compareTo(longestIdle) > 0 ? idle : longestIdle;
        lastStart = now;
        assertThat(lane.inFlight()).isEqualTo(inAir.size()).isLessThanOrEqualTo(allowed);
    }

    private void land(Flight flight, Instant now) {
        provider.ended();
        lane =
                LaneRules.ended(
                        lane, limits, flight.grant(), flight.result(), flight.startedAt(), now);
        assertThat(lane.limit().calls()).isBetween(1.0, (double) settings.maxInFlight());
        trace.append(now).append(' ').append(lane.limit()).append('\n');
        if (!now.isBefore(countedFrom)) {
            boolean isAnswer = flight.result() instanceof CallResult.Answered;
            answered += isAnswer ? 1 : 0;
            refused += isAnswer ? 0 : 1;
        }
    }
}
