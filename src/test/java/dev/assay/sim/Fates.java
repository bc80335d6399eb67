package dev.assay.sim;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/// What goes wrong in one run, and how often: drawn once from the seed, so that most runs have a
/// few kinds of trouble and some have none at all.
final class Fates {

    private static final Duration LONGEST_TROUBLE = Duration.ofMinutes(2);

    private final RandomGenerator random;
    private final Scheduler scheduler;
    private final double crashPerRecord;
    private final double crashPerCommit;
    private final double brokerFaultPerRecord;
    private final double commitTimeout;
    private final double stallPerLoop;
    private final double shuffle;
    private final boolean jumps;
    private final boolean moves;
    private final long overAtNanos;
    private long disruptedAtNanos = -1;

    Fates(long seed, Scheduler scheduler) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.scheduler = scheduler;
        boolean calm = random.nextInt(8) == 0;
        crashPerRecord = calm ? 0 : some(0.5, 0.004);
        crashPerCommit = calm ? 0 : some(0.5, 0.02);
        brokerFaultPerRecord = calm ? 0 : some(0.3, 0.004);
        commitTimeout = calm ? 0 : some(0.3, 0.02);
        stallPerLoop = calm ? 0 : some(0.3, 0.002);
        shuffle = calm ? 0 : some(0.5, 1);
        jumps = !calm && random.nextInt(3) == 0;
        moves = !calm && random.nextInt(2) == 0;
        overAtNanos = calm ? 0 : duration(Duration.ofSeconds(20), LONGEST_TROUBLE).toNanos();
    }

    /// From now on all goes well, but for what models do.
    boolean over() {
        return scheduler.nowNanos() >= overAtNanos;
    }

    Duration trouble() {
        return Duration.ofNanos(overAtNanos);
    }

    boolean jumps() {
        return jumps;
    }

    /// Whether instances come and go in order.
    boolean moves() {
        return moves;
    }

    boolean crashesAtRecord() {
        return strikes(crashPerRecord);
    }

    boolean crashesAtCommit() {
        return strikes(crashPerCommit);
    }

    boolean brokerFails() {
        return strikes(brokerFaultPerRecord);
    }

    boolean commitTimesOut() {
        return strikes(commitTimeout);
    }

    boolean stalls() {
        return strikes(stallPerLoop);
    }

    boolean shuffles() {
        return strikes(shuffle);
    }

    boolean flip() {
        return random.nextBoolean();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    Duration duration(Duration from, Duration to) {
        return Duration.ofNanos(random.nextLong(from.toNanos(), to.toNanos()));
    }

    /// Something happened after which a call may be made again.
    void disrupted() {
        disruptedAtNanos = scheduler.nowNanos();
    }

    boolean disruptedSince(long nanos) {
        return disruptedAtNanos >= nanos;
    }

    private double some(double chance, double most) {
        double drawn = random.nextDouble() * most;
        return random.nextDouble() < chance ? drawn : 0;
    }

    private boolean strikes(double chance) {
        return chance > 0 && !over() && random.nextDouble() < chance;
    }
}
