package dev.assay.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.Grant;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.flight.Lane.Precedence;
import dev.assay.flight.Lane.Waiter;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;

/// Live calls alone and beside bulk work that would take every place, in simulated time.
class LaneFairnessTest {

    private static final Grant GRANT = new Grant(0, 0, Demand.NONE, 0, 10);

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final CallResult ENDED =
            new CallResult.GiveUpOnPrompt(new CallError(FailureCode.INVALID_INPUT, "no matter"));

    /// Bulk calls started, and what live calls took from arrival to landing, sorted.
    private record Run(long bulkStarts, List<Long> liveMs) {
        private long p99Ms() {
            return liveMs.get((int) (liveMs.size() * 0.99));
        }
    }

    private record InAir(Instant startedAt, Instant endsAt, boolean bulk) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void liveCallsTakeNoLongerBesideBulkThatWantsEveryPlace(long seed) {
        Duration call = Duration.ofSeconds(2);

        Run alone = run(seed, 64, call, 8, Duration.ofMinutes(20), false);
        Run beside = run(seed, 64, call, 8, Duration.ofMinutes(20), true);

        assertThat(alone.liveMs()).hasSizeGreaterThan(4_000);
        assertThat((double) beside.p99Ms() / alone.p99Ms()).isLessThanOrEqualTo(1.25);
        assertThat(beside.bulkStarts()).isGreaterThan(16_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fewPlacesAndLongCallsKeepHalfForLiveCalls(long seed) {
        Duration call = Duration.ofSeconds(20);

        Run alone = run(seed, 4, call, 0.25, Duration.ofHours(10), false);
        Run beside = run(seed, 4, call, 0.25, Duration.ofHours(10), true);

        assertThat((double) beside.p99Ms() / alone.p99Ms()).isLessThanOrEqualTo(1.25);
        assertThat(beside.bulkStarts()).isGreaterThan(2_000);
    }

    @Test
    void bulkHasItsTurnWhileLiveCallsAlwaysWait() {
        Instant[] now = {START};
        Lane lane = lane(1, now);
        Waiter live = lane.waiter(Precedence.ANSWER);
        Waiter bulk = lane.waiter(Precedence.BULK_ANSWER);
        live.waiting(1_000);
        bulk.waiting(1_000);
        int bulkStarts = 0;

        for (int round = 0; round < 160; round++) {
            boolean started = live.tryStart(Demand.NONE) instanceof Admission.Granted;
            if (!started) {
                assertThat(bulk.tryStart(Demand.NONE)).isInstanceOf(Admission.Granted.class);
                bulkStarts++;
            }
            lane.ended(GRANT, ENDED, now[0]);
        }

        assertThat(bulkStarts).isEqualTo(10);
    }

    @Test
    void bulkOfOneTaskGivesWayToLiveCallsOfAnother() {
        Instant[] now = {START};
        Lane lane = lane(2, now);
        Waiter liveElsewhere = lane.waiter(Precedence.ANSWER);
        Waiter bulkChecks = lane.waiter(Precedence.BULK_CHECK);
        liveElsewhere.waiting(2);
        bulkChecks.waiting(5);

        assertThat(bulkChecks.tryStart(Demand.NONE)).isEqualTo(new Admission.Full());
        assertThat(liveElsewhere.tryStart(Demand.NONE)).isInstanceOf(Admission.Granted.class);
    }

    /// Twenty calls a minute, or tokens for ten. Bulk of one task always asks first.
    @ParameterizedTest
    @CsvSource({"20, , 20, 3000", ", 6000, 10, 6000"})
    void liveCallsOfAnotherTaskGoFirstWhereARateIsTheLimit(
            @Nullable Integer requests, @Nullable Integer tokens, int perMinute, long periodMs) {
        Instant[] now = {START};
        Lane lane = lane(new LaneSettings(64, optional(requests), optional(tokens)), now);
        Waiter bulk = lane.waiter(Precedence.BULK_ANSWER);
        Waiter live = lane.waiter(Precedence.ANSWER);
        Demand demand = new Demand(500, OptionalInt.of(100));
        Deque<Instant> waiting = new ArrayDeque<>();
        int starts = 0;

        for (int turn = 0; turn < 120_000; turn++) {
            now[0] = START.plusMillis(5L * turn);
            bulk.waiting(1_000);
            starts += starts(lane, bulk, demand, 1_000);
            if (turn % 5_000 == 0) {
                waiting.add(now[0]);
            }
            live.waiting(waiting.size());
            int started = starts(lane, live, demand, waiting.size());
            for (int call = 0; call < started; call++) {
                assertThat(Duration.between(waiting.remove(), now[0]).toMillis())
                        .isLessThanOrEqualTo(periodMs + 5);
            }
            live.waiting(waiting.size());
            starts += started;
        }

        assertThat(waiting).hasSizeLessThanOrEqualTo(1);
        assertThat((double) starts).isBetween(perMinute * 10 * 0.98, perMinute * 10 + 1.0);
    }

    /// Calls that start now, and end at once.
    private static int starts(Lane lane, Waiter waiter, Demand demand, int most) {
        int starts = 0;
        while (starts < most
                && waiter.tryStart(demand) instanceof Admission.Granted(var _, Grant grant)) {
            lane.ended(grant, ENDED, START);
            starts++;
        }
        return starts;
    }

    /// Live calls come at random, `liveInFlight` in flight on average; calls take half to one and a
    /// half times `call`. Bulk always waits.
    private static Run run(
            long seed,
            int limit,
            Duration call,
            double liveInFlight,
            Duration length,
            boolean withBulk) {
        Random arrivals = new Random(seed);
        Random times = new Random(seed + 1_000);
        Instant[] now = {START};
        Lane lane = lane(limit, now);
        Waiter live = lane.waiter(Precedence.ANSWER);
        Waiter bulk = lane.waiter(Precedence.BULK_ANSWER);
        bulk.waiting(withBulk ? 1_000 : 0);
        Deque<Instant> waiting = new ArrayDeque<>();
        PriorityQueue<InAir> inAir = new PriorityQueue<>(Comparator.comparing(InAir::endsAt));
        List<Long> tookMs = new ArrayList<>();
        long bulkStarts = 0;
        int liveInAir = 0;
        Duration step = call.dividedBy(200);
        double perStep = liveInFlight * step.toMillis() / call.toMillis();

        for (; now[0].isBefore(START.plus(length)); now[0] = now[0].plus(step)) {
            while (!inAir.isEmpty() && !inAir.peek().endsAt().isAfter(now[0])) {
                InAir landed = inAir.remove();
                lane.ended(GRANT, ENDED, landed.startedAt());
                liveInAir -= landed.bulk() ? 0 : 1;
            }
            if (arrivals.nextDouble() < perStep) {
                waiting.add(now[0]);
            }
            live.waiting(waiting.size());
            while (!waiting.isEmpty() && live.tryStart(Demand.NONE) instanceof Admission.Granted) {
                Instant endsAt = now[0].plus(time(call, times));
                tookMs.add(Duration.between(waiting.remove(), endsAt).toMillis());
                inAir.add(new InAir(now[0], endsAt, false));
                liveInAir++;
            }
            live.waiting(waiting.size());
            live.inAir(liveInAir);
            while (withBulk && bulk.tryStart(Demand.NONE) instanceof Admission.Granted) {
                inAir.add(new InAir(now[0], now[0].plus(time(call, times)), true));
                bulkStarts++;
            }
        }
        return new Run(bulkStarts, tookMs.stream().sorted().toList());
    }

    private static Duration time(Duration call, Random random) {
        return Duration.ofMillis((long) (call.toMillis() * (0.5 + random.nextDouble())));
    }

    private static Lane lane(int limit, Instant[] now) {
        return lane(new LaneSettings(limit, OptionalInt.empty(), OptionalInt.empty()), now);
    }

    private static Lane lane(LaneSettings settings, Instant[] now) {
        return new Lanes(Map.of("m", settings), () -> now[0]).lane("m");
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
