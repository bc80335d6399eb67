package dev.assay.flight;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// All calls in the air of an instance, each on a virtual thread of its own.
///
/// Their number is bounded by the lanes, which every call has passed. Safe for any thread.
public final class Flights implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    /// Answers kept for tasks that closed and may open again here.
    private static final int MAX_UNCLAIMED = 10_000;

    private final InstantSource clock;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    private final Map<FlightKey, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicInteger inAir = new AtomicInteger();
    private final Object landing = new Object();

    public Flights(InstantSource clock) {
        this.clock = clock;
    }

    /// Makes a call that its lane has granted; what comes of it goes to the inbox.
    public void start(FlightKey key, Lane lane, Callable<CallResult> call, Inbox inbox) {
        Flight flight = new Flight(inbox);
        flights.put(key, flight);
        inAir.incrementAndGet();
        threads.execute(
                () -> {
                    try {
                        fly(key, flight, lane, call);
                    } finally {
                        landed();
                    }
                });
    }

    /// Sends what comes of a call still in the air, or of one that came back to a closed task, to
    /// this inbox.
    ///
    /// @return false where there is no such call, so that it must be made anew
    public boolean attach(FlightKey key, Inbox inbox) {
        Flight flight = flights.get(key);
        if (flight == null) {
            return false;
        }
        synchronized (flight) {
            flight.inbox = inbox;
            flight.unclaimed.ifPresent(landed -> deliver(key, flight, landed));
        }
        return true;
    }

    /// Waits until no call is in the air, or for so long.
    public void awaitLanding(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (landing) {
            try {
                for (long left = timeout.toMillis(); inAir.get() > 0 && left > 0; ) {
                    landing.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Ends every call that is still in the air.
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void fly(FlightKey key, Flight flight, Lane lane, Callable<CallResult> call) {
        Instant startedAt = clock.instant();
        long startedNanos = System.nanoTime();
        CallResult result;
        try {
            result = call.call();
        } catch (InterruptedException e) {
            // The instance is closing; the call is made again by whoever takes over.
            lane.released();
            flights.remove(key);
            return;
        } catch (Exception | StackOverflowError e) {
            LOG.error(
                    "calling model {} for prompt {} failed in our own code",
                    key.model(),
                    key.promptId(),
                    e);
            result =
                    new CallResult.GiveUpOnPrompt(
                            new CallError(
                                    FailureCode.INTERNAL_ERROR,
                                    "calling " + key.model() + " failed inside: " + e));
        }
        Landed landed = new Landed(key, result, Duration.ofNanos(System.nanoTime() - startedNanos));
        lane.ended(result, startedAt);
        synchronized (flight) {
            deliver(key, flight, landed);
        }
    }

    private void deliver(FlightKey key, Flight flight, Landed landed) {
        if (flight.inbox.offer(landed) || flights.size() > MAX_UNCLAIMED) {
            flights.remove(key);
        } else {
            flight.unclaimed = Optional.of(landed);
        }
    }

    private void landed() {
        if (inAir.decrementAndGet() == 0) {
            synchronized (landing) {
                landing.notifyAll();
            }
        }
    }

    private static final class Flight {
        private Inbox inbox;
        private Optional<Landed> unclaimed = Optional.empty();

        private Flight(Inbox inbox) {
            this.inbox = inbox;
        }
    }
}
