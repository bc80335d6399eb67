package dev.assay.decide.place;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Several instances and one ledger, under delays, losses, repeats, crashes, processes that stand
/// still and a ledger that moves: calls in flight never exceed the limit, and nobody waits for
/// ever.
class PlaceSimulationTest {

    private static final Instant START = Instant.EPOCH;
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final Duration SILENCE = PlaceBook.silence(TIMEOUT);
    private static final String MODEL = "m";

    static Stream<Arguments> worlds() {
        return LongStream.rangeClosed(1, 300)
                .mapToObj(seed -> Arguments.of(seed, seed % 3 != 0, seed % 4 == 0));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void neverMoreIsInFlightThanTheLimitAndEveryCallIsMade(
            long seed, boolean trouble, boolean movingLedger) {
        World world = new World(new Random(seed));
        world.movingLedger = movingLedger;
        for (int step = 0; step < 1_500; step++) {
            world.step(true, trouble);
        }
        for (int step = 0; step < 100_000 && world.waits(); step++) {
            world.step(false, false);
        }

        assertThat(world.waits())
                .as("calls that wait for ever: %s %s", world.book, world.instances)
                .isFalse();
        assertThat(world.most).isLessThanOrEqualTo(world.limit);
        for (int step = 0; step < 1_000; step++) {
            world.step(false, false);
        }
        assertThat(world.book.held()).as("places that nobody has use for").isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 3", "4, 3", "5, 2", "1, 5"})
    void instancesThatWantAllOfItHaveEqualSharesOfNearlyAll(int limit, int instances) {
        World world = new World(new Random(limit), limit, instances);
        int steps = 6_000;
        for (int step = 0; step < steps; step++) {
            world.instances.forEach(instance -> instance.waiting = 10);
            world.step(false, false);
        }

        // Calls take 0.5 s each.
        double most = (double) limit * steps * STEP.toMillis() / 500;
        int begun = world.instances.stream().mapToInt(instance -> instance.begun).sum();
        assertThat(begun / most).isBetween(0.75, 1.0);
        assertThat(world.instances)
                .allSatisfy(
                        instance ->
                                assertThat((double) instance.begun * instances / begun)
                                        .isBetween(0.8, 1.25));
    }

    @Test
    void whatOneDoesNotWantAnotherHas() {
        World world = new World(new Random(1), 4, 3);
        for (int step = 0; step < 400; step++) {
            world.instances.getFirst().waiting = 10;
            world.step(false, false);
        }

        assertThat(world.instances.getFirst().places.open(world.now)).isEqualTo(4);
    }

    private static final class Call {
        private final Instant landsAt;

        private Call(Instant landsAt) {
            this.landsAt = landsAt;
        }
    }

    private static final class Instance {
        private final long id;
        private final Deque<PlaceGrant> mail = new ArrayDeque<>();
        private final List<Call> known = new ArrayList<>();
        private Places places = Places.NONE;
        private int waiting;
        private int begun;
        private Instant awakeAt = START;

        private Instance(long id) {
            this.id = id;
        }

        @Override
        public String toString() {
            return id + " has " + known.size() + " in flight, " + waiting + " waiting, " + places;
        }
    }

    private static final class World {
        private final Random random;
        private final int limit;
        private final List<Instance> instances = new ArrayList<>();
        private final List<PlaceClaim> toLedger = new ArrayList<>();
        private final List<Call> air = new ArrayList<>();
        private final IntUnaryOperator takesMs;
        private PlaceBook book = PlaceBook.EMPTY;
        private Instant now = START;
        private boolean movingLedger;
        private int most;

        World(Random random) {
            this.random = random;
            this.limit = 1 + random.nextInt(5);
            this.takesMs = random::nextInt;
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                instances.add(new Instance(random.nextLong()));
            }
        }

        World(Random random, int limit, int instances) {
            this.random = random;
            this.limit = limit;
            this.takesMs = _ -> 500;
            for (int i = 0; i < instances; i++) {
                this.instances.add(new Instance(random.nextLong()));
            }
        }

        boolean waits() {
            return instances.stream()
                    .anyMatch(instance -> instance.waiting > 0 || !instance.known.isEmpty());
        }

        void step(boolean load, boolean trouble) {
            now = now.plus(STEP);
            air.removeIf(call -> !call.landsAt.isAfter(now));
            for (int partition = 0; partition < instances.size(); partition++) {
                if (trouble && random.nextInt(800) == 0) {
                    crash(partition);
                }
                Instance instance = instances.get(partition);
                if (load && random.nextInt(20 * instances.size()) == 0) {
                    instance.waiting += random.nextInt(6);
                }
                if (trouble && random.nextInt(1_000) == 0) {
                    instance.awakeAt = now.plusMillis(random.nextInt(40_000));
                }
                if (!now.isBefore(instance.awakeAt)) {
                    live(instance, partition, trouble);
                }
            }
            if (movingLedger && random.nextInt(400) == 0) {
                book = moved(book);
            }
            hear(trouble);
        }

        /// Its calls die with it, and are made again by the next one.
        private void crash(int partition) {
            Instance before = instances.get(partition);
            Instance after = new Instance(random.nextLong());
            after.waiting = before.waiting + before.known.size();
            after.mail.addAll(before.mail);
            air.removeAll(before.known);
            instances.set(partition, after);
        }

        private void live(Instance instance, int partition, boolean trouble) {
            instance.known.removeIf(call -> !call.landsAt.isAfter(now));
            // One that was asleep may begin calls before it reads what came meanwhile.
            if (random.nextBoolean()) {
                start(instance);
            }
            int read = random.nextInt(4) == 0 ? 0 : instance.mail.size();
            for (int i = 0; i < read; i++) {
                PlaceGrant grant = instance.mail.removeFirst();
                if (grant.instance() == instance.id && !(trouble && random.nextInt(20) == 0)) {
                    instance.places = instance.places.granted(grant);
                }
            }
            start(instance);
            int inFlight = instance.known.size();
            Places.Looked looked =
                    instance.places.look(
                            MODEL,
                            partition,
                            instance.id,
                            new Places.Load(
                                    inFlight,
                                    Math.max(
                                            inFlight, Math.min(limit, inFlight + instance.waiting)),
                                    false),
                            now);
            instance.places = looked.places();
            looked.claim()
                    .filter(_ -> !(trouble && random.nextInt(20) == 0))
                    .ifPresent(toLedger::add);
        }

        private void start(Instance instance) {
            while (instance.waiting > 0 && instance.known.size() < instance.places.open(now)) {
                instance.waiting--;
                instance.begun++;
                int ms = takesMs.applyAsInt((int) TIMEOUT.toMillis());
                Call call = new Call(now.plusMillis(ms));
                instance.known.add(call);
                air.add(call);
                most = Math.max(most, air.size());
            }
        }

        /// Claims of different partitions overtake one another.
        private void hear(boolean trouble) {
            int heard = random.nextInt(3) == 0 ? 0 : toLedger.size();
            for (int i = 0; i < heard; i++) {
                PlaceClaim claim = toLedger.remove(trouble ? random.nextInt(toLedger.size()) : 0);
                for (int times = 0; times < 1 + random.nextInt(2); times++) {
                    PlaceBook.Entry entry = book.enter(claim, limit, SILENCE, now);
                    book = entry.book();
                    assertThat(book.held()).isLessThanOrEqualTo(limit);
                    Optional<PlaceGrant> grant = entry.grant();
                    grant.ifPresent(answer -> instances.get(answer.holder()).mail.add(answer));
                }
            }
        }

        /// Whoever opens the ledger next takes everybody for just heard.
        private PlaceBook moved(PlaceBook before) {
            SortedMap<Long, PlaceBook.Lease> leases = new TreeMap<>();
            before.leases()
                    .forEach(
                            (instance, lease) ->
                                    leases.put(
                                            instance,
                                            new PlaceBook.Lease(
                                                    lease.number(),
                                                    lease.held(),
                                                    lease.places(),
                                                    lease.wanted(),
                                                    lease.turn(),
                                                    lease.extra(),
                                                    now,
                                                    now)));
            return new PlaceBook(before.turns(), leases);
        }
    }
}
