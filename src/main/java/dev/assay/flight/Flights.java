package dev.assay.flight;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// All calls in the air of an instance, each on a virtual thread of its own.
///
/// Their number is bounded by the lanes, which every call has passed. Safe for any thread.
public final class Flights implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    /// Answers kept for tasks that closed and may open again here; the oldest go first.
    static final int MAX_UNCLAIMED = 2_000;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final InstantSource clock;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    private final Map<FlightKey, Flight> flights = new ConcurrentHashMap<>();
    private final Set<Flight> unclaimed = new LinkedHashSet<>();
    private final AtomicInteger inAir = new AtomicInteger();
    private final Object landing = new Object();

    public Flights(InstantSource clock) {
        this.clock = clock;
    }

    /// Makes a call that its lane has granted; what comes of it goes to the inbox.
    public void start(FlightKey key, Lane lane, Callable<CallResult> call, Inbox inbox) {
        Flight flight = new Flight(key, inbox);
        flights.put(key, flight);
        inAir.incrementAndGet();
        try {
            threads.execute(
                    () -> {
                        try {
                            fly(flight, lane, call);
                        } finally {
                            landed();
                        }
                    });
        } catch (RejectedExecutionException e) {
            // The instance is closing; the call is made again by whoever takes over.
            lane.released();
            flights.remove(key, flight);
            landed();
        }
    }

    /// Sends what comes of a call still in the air, or of one that came back to a closed task, to
    /// this inbox.
    ///
    /// @return false where there is no such call, so that it must be made anew
    public boolean attach(FlightKey key, Inbox inbox) {
        Flight flight = flights.get(key);
        return flight != null && flight.attach(inbox);
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

    /// Waits until open tasks have taken what came back to them, or for so long.
    public void awaitTaking(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (untaken() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends every call that is still in the air.
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void fly(Flight flight, Lane lane, Callable<CallResult> call) {
        FlightKey key = flight.key;
        Instant startedAt = clock.instant();
        long startedNanos = System.nanoTime();
        CallResult result;
        try {
            result = call.call();
        } catch (InterruptedException e) {
            // The instance is closing; the call is made again by whoever takes over.
            lane.released();
            flights.remove(key, flight);
            return;
        } catch (Exception | Error e) {
            // Whatever it is, a prompt that never hears of its call would wait for ever.
            LOG.error(
                    "calling model {} for prompt {} failed in our own code",
                    key.model(),
                    key.promptId(),
                    e);
            result = failedInside(key, e);
        }
        lane.ended(result, startedAt);
        Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
        flight.land(new Landed(key, result, took));
    }

    /// Without the message of what was thrown, which may quote a prompt or a key.
    private static CallResult failedInside(FlightKey key, Throwable thrown) {
        String message =
                "calling model %s failed inside (%s); the log has more"
                        .formatted(key.model(), thrown.getClass().getSimpleName());
        return new CallResult.GiveUpOnPrompt(new CallError(FailureCode.INTERNAL_ERROR, message));
    }

    private void landed() {
        if (inAir.decrementAndGet() == 0) {
            synchronized (landing) {
                landing.notifyAll();
            }
        }
    }

    private int untaken() {
        synchronized (unclaimed) {
            return flights.size() - inAir.get() - unclaimed.size();
        }
    }

    /// Keeps an answer for whoever attaches next.
    private void keep(Flight flight) {
        synchronized (unclaimed) {
            unclaimed.add(flight);
            if (unclaimed.size() > MAX_UNCLAIMED) {
                Flight oldest = unclaimed.iterator().next();
                unclaimed.remove(oldest);
                flights.remove(oldest.key, oldest);
            }
        }
    }

    private void claim(Flight flight) {
        synchronized (unclaimed) {
            unclaimed.remove(flight);
        }
    }

    /// A call, known until its inbox's owner has taken what came of it.
    ///
    /// Locks are taken in this order: flight, inbox, unclaimed.
    final class Flight {

        private final FlightKey key;
        private Inbox inbox;
        private Optional<Landed> landed = Optional.empty();
        private boolean taken;

        private Flight(FlightKey key, Inbox inbox) {
            this.key = key;
            this.inbox = inbox;
        }

        private synchronized void land(Landed arrival) {
            landed = Optional.of(arrival);
            deliver();
        }

        private synchronized boolean attach(Inbox newInbox) {
            if (taken) {
                return false;
            }
            inbox = newInbox;
            if (landed.isPresent()) {
                claim(this);
                deliver();
            }
            return true;
        }

        /// What came of it, for the inbox it is in now; only once.
        synchronized Optional<Landed> take(Inbox by) {
            if (taken || by != inbox) {
                return Optional.empty();
            }
            taken = true;
            flights.remove(key, this);
            return landed;
        }

        /// The inbox was closed with this in it.
        synchronized void abandon(Inbox by) {
            if (!taken && by == inbox) {
                keep(this);
            }
        }

        private void deliver() {
            if (!inbox.offer(this)) {
                keep(this);
            }
        }
    }
}
