package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.CallResult;
import dev.assay.model.Usage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Three instances with more to do than they may. Every few seconds one of them joins or leaves,
/// and the partitions move.
class FleetSimulationTest {

    private static final int PARTITIONS = 12;
    private static final int INSTANCES = 3;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration TIME = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(2);
    private static final Demand DEMAND = new Demand(100, OptionalInt.of(100));

    @ParameterizedTest
    @CsvSource({"300, 3", "600, 4", "6000, 5", "6000, 6"})
    void requestsOfNoMinuteExceedTheLimitAndNineTenthsOfItAreUsed(int perMinute, long seed) {
        LaneSettings settings =
                new LaneSettings(1_000_000, OptionalInt.of(perMinute), OptionalInt.empty());

        Fleet fleet = new Fleet(settings, seed);
        fleet.run();

        assertThat(fleet.mostInAMinute).isLessThanOrEqualTo((int) (perMinute * 1.05));
        assertThat((double) fleet.begun).isGreaterThan(0.9 * perMinute * TIME.toMinutes());
    }

    /// Where an instance's calls lie seconds apart, what it had nearly saved up for one is lost
    /// whenever the partition moves.
    @ParameterizedTest
    @CsvSource({"12, 1, 0.4", "30, 2, 0.7", "100, 3, 0.8"})
    void lowLimitOnRequestsIsKeptTooButLessOfItIsUsed(int perMinute, long seed, double used) {
        LaneSettings settings =
                new LaneSettings(1_000_000, OptionalInt.of(perMinute), OptionalInt.empty());

        Fleet fleet = new Fleet(settings, seed);
        fleet.run();

        assertThat(fleet.mostInAMinute).isLessThanOrEqualTo((int) (perMinute * 1.05) + INSTANCES);
        assertThat((double) fleet.begun).isGreaterThan(used * perMinute * TIME.toMinutes());
    }

    @ParameterizedTest
    @CsvSource({"20000, 1", "120000, 2", "1200000, 3"})
    void tokensOfNoMinuteExceedTheLimitAndNineTenthsOfItAreUsed(int perMinute, long seed) {
        LaneSettings settings =
                new LaneSettings(1_000_000, OptionalInt.empty(), OptionalInt.of(perMinute));

        Fleet fleet = new Fleet(settings, seed);
        fleet.run();

        assertThat(fleet.mostInAMinute * 200.0).isLessThanOrEqualTo(perMinute * 1.05);
        assertThat(fleet.begun * 200.0).isGreaterThan(0.9 * perMinute * TIME.toMinutes());
    }

    @ParameterizedTest
    @CsvSource({"12, 1", "100, 2", "1000, 3"})
    void callsInFlightOfPartitionsThatStayAreWithinTheLimit(int inFlight, long seed) {
        LaneSettings settings =
                new LaneSettings(inFlight, OptionalInt.empty(), OptionalInt.empty());

        Fleet fleet = new Fleet(settings, seed);
        fleet.run();

        assertThat(fleet.mostWhenSettled).isEqualTo(inFlight);
    }

    private record Flight(int instance, Instant startedAt, Grant grant) {}

    private static final class Fleet {

        private final Random random;
        private final LaneSettings settings;
        private final List<LaneState> lanes = new ArrayList<>();
        private final List<LaneLimits> limits = new ArrayList<>();
        private final Deque<Flight> inAir = new ArrayDeque<>();

        /// When the calls of the last minute began.
        private final Deque<Instant> lately = new ArrayDeque<>();

        private Instant movedAt = NOW;
        private int mostInAMinute;
        private int mostWhenSettled;
        private int begun;

        private Fleet(LaneSettings settings, long seed) {
            this.settings = settings;
            this.random = new Random(seed);
            for (int instance = 0; instance < INSTANCES; instance++) {
                lanes.add(LaneState.fresh(settings, NOW));
                limits.add(settings.of(new Share(PARTITIONS, Set.of())));
            }
        }

        private void run() {
            move(NOW);
            Instant end = NOW.plus(TIME);
            for (Instant now = NOW; now.isBefore(end); now = now.plus(STEP)) {
                if (now.isAfter(movedAt.plusSeconds(3 + random.nextInt(60)))) {
                    move(now);
                }
                land(now);
                for (int instance = 0; instance < INSTANCES; instance++) {
                    start(instance, now);
                }
                count(now);
            }
        }

        /// Partitions go to those instances that are there, at least one of them.
        private void move(Instant now) {
            int there = 1 + random.nextInt((1 << INSTANCES) - 1);
            List<Set<Integer>> owned = new ArrayList<>();
            IntStream.range(0, INSTANCES).forEach(_ -> owned.add(new HashSet<>()));
            for (int partition = 0; partition < PARTITIONS; ) {
                int instance = random.nextInt(INSTANCES);
                if ((there & 1 << instance) != 0) {
                    owned.get(instance).add(partition++);
                }
            }
            for (int instance = 0; instance < INSTANCES; instance++) {
                LaneLimits before = limits.get(instance);
                LaneLimits after = settings.of(new Share(PARTITIONS, owned.get(instance)));
                lanes.set(instance, LaneRules.shared(lanes.get(instance), before, after, now));
                limits.set(instance, after);
            }
            movedAt = now;
        }

        private void start(int instance, Instant now) {
            while (LaneRules.admit(lanes.get(instance), limits.get(instance), DEMAND, 0, now)
                    instanceof Admission.Granted granted) {
                lanes.set(instance, granted.state());
                inAir.add(new Flight(instance, now, granted.grant()));
                lately.add(now);
                begun++;
            }
        }

        private void land(Instant now) {
            while (!inAir.isEmpty()
                    && !inAir.getFirst().startedAt().plus(ANSWER_TIME).isAfter(now)) {
                Flight flight = inAir.removeFirst();
                int instance = flight.instance();
                LaneState landed =
                        LaneRules.ended(
                                lanes.get(instance),
                                limits.get(instance),
                                flight.grant(),
                                answered(),
                                flight.startedAt(),
                                now);
                lanes.set(instance, landed);
            }
        }

        private void count(Instant now) {
            while (!lately.isEmpty() && !lately.getFirst().isAfter(now.minus(MINUTE))) {
                lately.removeFirst();
            }
            mostInAMinute = Math.max(mostInAMinute, lately.size());
            if (now.isAfter(movedAt.plus(ANSWER_TIME))) {
                mostWhenSettled = Math.max(mostWhenSettled, inAir.size());
            }
        }

        private static CallResult answered() {
            return new CallResult.Answered(
                    completion("fine").withUsage(new Usage(100, 0, 100, 0, false)));
        }
    }
}
