package dev.assay.topology;

import dev.assay.config.TopologyFile;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// How far what a stream thread wrote is known to lie on the broker.
///
/// In a transaction all that a thread writes comes to be at once. At least once, records to several
/// partitions come to be in any order, so what a store forgets must wait for what replaces it: a
/// flush of the thread's producer tells, which Kafka Streams does at each commit.
///
/// Safe for any thread; the count of flushes is the calling thread's own.
final class Deliveries {

    private static final Duration LOOK = Duration.ofMillis(5);

    private final boolean transactional;

    /// By thread; one that has died is forgotten.
    private final Map<Thread, Long> flushes = Collections.synchronizedMap(new WeakHashMap<>());

    private final AtomicInteger departing = new AtomicInteger();

    Deliveries(boolean transactional) {
        this.transactional = transactional;
    }

    static Deliveries of(TopologyFile file) {
        String guarantee = file.kafka().getOrDefault("processing.guarantee", "");
        return new Deliveries(!guarantee.equalsIgnoreCase("at_least_once"));
    }

    boolean transactional() {
        return transactional;
    }

    /// How often this thread's producer has had all it was given acknowledged.
    long flushes() {
        return flushes.getOrDefault(Thread.currentThread(), 0L);
    }

    /// All that this thread wrote until now lies on the broker.
    void flushed() {
        flushes.merge(Thread.currentThread(), 1L, Long::sum);
    }

    /// More prompts, or fewer, have gone on and are still in a store.
    void departing(int change) {
        departing.addAndGet(change);
    }

    /// Waits until no prompt that has gone on is in a store.
    ///
    /// @return false if some still were when the time was up, which will then go on twice
    boolean awaitDepartures(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (departing.get() > 0) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }
}
