package dev.assay.decide.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.budget.Grant.Ruling;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Purses of several partitions and one ledger, under delays, repeats, crashes and midnight: what
/// the provider bills never exceeds the limit of a day, and nobody waits for ever.
class BudgetSimulationTest {

    private static final BudgetScope SCOPE = BudgetScope.tenant("acme");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant NEAR_MIDNIGHT = Instant.parse("2026-01-01T23:59:50Z");
    private static final long LIMIT = 1_000_000;
    private static final int MOST_CALL = 20_000;

    static Stream<Arguments> worlds() {
        return LongStream.rangeClosed(1, 150)
                .mapToObj(seed -> Arguments.of(seed, seed % 3 == 0, seed % 5 == 0));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void billsStayWithinTheLimitAndEveryCallIsMadeOrRefused(
            long seed, boolean crashes, boolean midnight) {
        World world = new World(new Random(seed), midnight ? NEAR_MIDNIGHT : NOON);
        for (int step = 0; step < 600; step++) {
            world.step(true, crashes);
        }
        for (int step = 0; step < 4_000 && world.waits(); step++) {
            world.step(false, false);
        }

        assertThat(world.waits()).as("calls that wait for ever").isFalse();
        for (int step = 0; step < 700; step++) {
            world.step(false, false);
        }
        world.billedByDay.forEach(
                (account, billed) ->
                        assertThat(world.book(account).usedNanoUsd())
                                .isGreaterThanOrEqualTo(billed));
        if (!crashes) {
            world.billedByDay.forEach(
                    (account, billed) -> {
                        assertThat(world.book(account).usedNanoUsd()).isEqualTo(billed);
                        assertThat(world.book(account).openNanoUsd()).isZero();
                    });
        }
        if (!crashes && !midnight) {
            assertThat(world.refusals).isPositive();
            assertThat(LIMIT - world.book(Account.at(SCOPE, NOON)).usedNanoUsd())
                    .as("left when the last was refused")
                    .isLessThan(MOST_CALL);
        }
    }

    private record Flight(Account account, long aside, long cost, Instant landsAt) {}

    private static final class Holder {
        private final Map<Account, Purse> purses = new HashMap<>();
        private final Deque<Long> waiting = new ArrayDeque<>();
        private final List<Flight> air = new ArrayList<>();
        private final Deque<Grant> mail = new ArrayDeque<>();
        private long incarnation;
    }

    private static final class World {
        private final Random random;
        private final List<Holder> holders = new ArrayList<>();
        private final Deque<Claim> toLedger = new ArrayDeque<>();
        private final Map<Account, Book> books = new HashMap<>();
        private final Map<Account, Long> billedByDay = new HashMap<>();
        private Instant now;
        private int refusals;

        World(Random random, Instant start) {
            this.random = random;
            this.now = start;
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                Holder holder = new Holder();
                holder.incarnation = random.nextLong();
                holders.add(holder);
            }
        }

        Book book(Account account) {
            return books.getOrDefault(account, Book.EMPTY);
        }

        boolean waits() {
            return holders.stream()
                    .anyMatch(holder -> !holder.waiting.isEmpty() || !holder.air.isEmpty());
        }

        void step(boolean load, boolean crashes) {
            now = now.plus(Purse.TICK);
            for (int partition = 0; partition < holders.size(); partition++) {
                Holder holder = holders.get(partition);
                if (crashes && random.nextInt(150) == 0) {
                    crash(holder);
                }
                if (load && random.nextInt(holders.size()) == 0) {
                    holder.waiting.add(1L + random.nextInt(MOST_CALL));
                }
                land(holder);
                read(holder);
                start(holder);
                tick(holder, partition);
            }
            int heard = random.nextInt(8) == 0 ? 0 : toLedger.size();
            for (int i = 0; i < heard; i++) {
                enter(toLedger.removeFirst());
            }
        }

        /// Its calls are billed all the same, and made again; what it had asked for may yet come.
        private void crash(Holder holder) {
            holder.air.forEach(flight -> holder.waiting.addFirst(flight.aside()));
            holder.air.clear();
            holder.purses.clear();
            holder.incarnation = random.nextLong();
        }

        private void land(Holder holder) {
            for (Flight flight : List.copyOf(holder.air)) {
                if (!flight.landsAt().isAfter(now)) {
                    holder.air.remove(flight);
                    holder.purses.computeIfPresent(
                            flight.account(),
                            (_, purse) -> purse.settle(flight.aside(), flight.cost(), 0));
                }
            }
        }

        private void read(Holder holder) {
            int read = random.nextInt(4) == 0 ? 0 : holder.mail.size();
            for (int i = 0; i < read; i++) {
                Grant grant = holder.mail.removeFirst();
                if (grant.incarnation() == holder.incarnation) {
                    holder.purses.computeIfPresent(
                            grant.account(), (_, purse) -> purse.granted(grant, now));
                }
            }
        }

        private void start(Holder holder) {
            Account today = Account.at(SCOPE, now);
            for (long call : List.copyOf(holder.waiting)) {
                Purse purse = holder.purses.getOrDefault(today, Purse.empty(today));
                if (purse.refused(call, now).isPresent()) {
                    holder.waiting.remove(call);
                    refusals++;
                } else if (purse.has(call)) {
                    holder.waiting.remove(call);
                    purse = purse.hold(call);
                    long cost = random.nextInt((int) call + 1);
                    bill(today, cost);
                    holder.air.add(
                            new Flight(today, call, cost, now.plusMillis(random.nextInt(5_000))));
                } else {
                    purse = purse.lacks(call);
                }
                holder.purses.put(today, purse);
            }
        }

        private void bill(Account account, long cost) {
            long billed = billedByDay.merge(account, cost, Long::sum);
            assertThat(billed).as("billed on %s", account.day()).isLessThanOrEqualTo(LIMIT);
        }

        private void tick(Holder holder, int partition) {
            holder.purses.replaceAll(
                    (_, purse) -> {
                        Purse.Ticked ticked = purse.tick(partition, holder.incarnation, now);
                        ticked.claim().ifPresent(toLedger::add);
                        return ticked.purse();
                    });
        }

        private void enter(Claim claim) {
            // A claim may come twice where the pipeline runs at least once.
            for (int times = 0; times < 1 + random.nextInt(2); times++) {
                Book.Entry entry = book(claim.account()).enter(claim, OptionalLong.of(LIMIT), now);
                books.put(claim.account(), entry.book());
                assertThat(entry.book().usedNanoUsd()).isLessThanOrEqualTo(LIMIT);
                entry.grant().ifPresent(holders.get(claim.holder()).mail::add);
                entry.grant()
                        .filter(grant -> grant.ruling() == Ruling.REFUSED)
                        .ifPresent(
                                grant ->
                                        assertThat(LIMIT - grant.usedNanoUsd())
                                                .isLessThan(claim.neededNanoUsd()));
            }
        }
    }

    @Test
    void silentPurseKeepsNobodyWaiting() {
        Account account = Account.at(SCOPE, NOON);
        Claim first = new Claim(account, 0, 1, 1, LIMIT, LIMIT, 0, 0, 0, 0);
        Book book = Book.EMPTY.enter(first, OptionalLong.of(LIMIT), NOON).book();
        Claim other = new Claim(account, 1, 1, 1, 5, 5, 0, 0, 0, 0);

        assertThat(ruling(book, other, NOON.plusSeconds(30))).isEqualTo(Ruling.LATER);
        assertThat(ruling(book, other, NOON.plus(Duration.ofSeconds(61))))
                .isEqualTo(Ruling.REFUSED);
    }

    private static Ruling ruling(Book book, Claim claim, Instant now) {
        return book.enter(claim, OptionalLong.of(LIMIT), now).grant().orElseThrow().ruling();
    }
}
