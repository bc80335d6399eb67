package dev.assay.flight;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.FailureCode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// All calls in the air of an instance, each try on a virtual thread of its own.
///
/// Their number is bounded by the lanes, which every try has passed. Safe for any thread.
public final class Flights implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    /// Answers kept for tasks that closed and may open again here; the oldest go first.
    static final int MAX_UNCLAIMED = 2_000;

    static final long MAX_UNCLAIMED_CHARS = 32L * 1024 * 1024;

    /// A task that is only revived is back by then; one that moved away has its calls made anew
    /// where it is now.
    static final Duration CANCEL_ABANDONED_AFTER = Duration.ofSeconds(10);

    private static final Duration LOOK_FOR_ABANDONED = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final InstantSource clock;
    private final Hedges hedges;
    private final SharedCalls shared;
    private final RequestMemory memory;
    private final CallThreads threads;
    private final Map<FlightKey, Flight> flights = new ConcurrentHashMap<>();
    private final SequencedMap<Flight, Integer> unclaimed = new LinkedHashMap<>();
    private final Map<Flight, Instant> abandoned = new HashMap<>();
    private final AtomicInteger inAir = new AtomicInteger();
    private final AtomicInteger following = new AtomicInteger();
    private final Object landing = new Object();
    private long unclaimedChars;
    private Instant lookedForAbandoned = Instant.EPOCH;

    /// @param maxKeptBytes of answers kept for identical requests
    /// @param threads that calls are made on
    public Flights(
            InstantSource clock,
            Hedges hedges,
            RequestMemory memory,
            long maxKeptBytes,
            CallThreads threads) {
        this.clock = clock;
        this.memory = memory;
        this.threads = threads;
        this.hedges = hedges;
        this.shared = new SharedCalls(maxKeptBytes, clock);
    }

    /// True where memory is left for the request of one more call of this line.
    public boolean hasRoom(Line line) {
        return memory.hasRoom(line);
    }

    /// Makes a call that its lane has granted; what comes of it goes to the inbox.
    ///
    /// @param reuse where identical requests may share what comes of it
    public void start(
            FlightKey key, Slot slot, ReadyCall call, Inbox inbox, Optional<Reuse> reuse) {
        Flight flight = new Flight(this, key, inbox, reuse);
        flights.put(key, flight);
        reuse.ifPresent(same -> shared.lead(same, flight));
        Try first = new Try(true);
        flight.add(first);
        hedges.began(key.model());
        takeOff(flight, first, slot, call);
    }

    /// Makes a second try of a call that is in the air, which its lane has granted. The first
    /// answer counts, and the other try is cancelled then.
    ///
    /// @return false where the call has come back; the second try was not made
    public boolean hedge(FlightKey key, Slot slot, ReadyCall call) {
        Flight flight = flights.get(key);
        Try second = new Try(false);
        if (flight == null || !flight.add(second)) {
            return false;
        }
        takeOff(flight, second, slot, call);
        return true;
    }

    /// Takes part in an identical request, in the air or answered before; what comes of it goes to
    /// the inbox.
    ///
    /// @return false where there is none, so that this call must be made
    public boolean share(FlightKey key, Reuse reuse, Inbox inbox) {
        Optional<CallResult.Answered> answer = shared.answer(reuse);
        Flight follower = new Flight(this, key, inbox, Optional.empty());
        if (answer.isPresent()) {
            flights.put(key, follower);
            follower.landShared(answer.get());
            return true;
        }
        if (following.incrementAndGet() > SharedCalls.MAX_FOLLOWERS) {
            following.decrementAndGet();
            return false;
        }
        flights.put(key, follower);
        if (shared.leader(reuse, clock.instant())
                .filter(leader -> leader.follow(follower))
                .isPresent()) {
            return true;
        }
        flights.remove(key, follower);
        following.decrementAndGet();
        return false;
    }

    /// Sends what comes of a call still in the air, or of one that came back to a closed task, to
    /// this inbox.
    ///
    /// @return false where there is no such call, so that it must be made anew
    public boolean attach(FlightKey key, Inbox inbox) {
        Flight flight = flights.get(key);
        return flight != null && flight.attach(inbox);
    }

    /// Cancels calls whose task closed some time ago and did not open here again: whoever has it
    /// now makes them anew. To be called now and then; looks once a second.
    public void cancelAbandoned() {
        Instant now = clock.instant();
        List<Flight> over = new ArrayList<>();
        synchronized (abandoned) {
            if (now.isBefore(lookedForAbandoned.plus(LOOK_FOR_ABANDONED))
                    && !now.isBefore(lookedForAbandoned)) {
                return;
            }
            lookedForAbandoned = now;
            abandoned.keySet().removeIf(flight -> !flight.abandoned());
            flights.values().stream()
                    .filter(Flight::abandoned)
                    .forEach(flight -> abandoned.putIfAbsent(flight, now));
            abandoned.forEach(
                    (flight, since) -> {
                        if (!now.isBefore(since.plus(CANCEL_ABANDONED_AFTER))) {
                            over.add(flight);
                        }
                    });
            over.forEach(abandoned::remove);
        }
        // Their task may have opened again since, or others may follow them.
        over.removeIf(flight -> !flight.cancelIfAbandoned());
        over.forEach(this::forget);
        if (!over.isEmpty()) {
            LOG.info("cancelled {} calls whose partitions are worked on elsewhere", over.size());
        }
    }

    /// Ends a call in the air whose result nobody needs any more, unless identical requests take
    /// part in it.
    public void cancel(FlightKey key) {
        Flight flight = flights.get(key);
        if (flight != null && flight.cancelUnlessFollowed()) {
            forget(flight);
        }
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
        threads.threads().shutdownNow();
    }

    private void takeOff(Flight flight, Try attempt, Slot slot, ReadyCall call) {
        inAir.incrementAndGet();
        memory.take(call.line(), call.bytes());
        try {
            threads.threads()
                    .execute(
                            () -> {
                                try {
                                    fly(flight, attempt, slot, call.make());
                                } finally {
                                    landed(call);
                                }
                            });
        } catch (RejectedExecutionException e) {
            // The instance is closing; the call is made again by whoever takes over.
            cancelled(flight, attempt, slot);
            landed(call);
        }
    }

    private void fly(Flight flight, Try attempt, Slot slot, Callable<CallResult> call) {
        FlightKey key = flight.key();
        Instant startedAt = clock.instant();
        long startedNanos = threads.ticker().getAsLong();
        CallResult result;
        try {
            if (!attempt.begin()) {
                throw new InterruptedException();
            }
            result = call.call();
        } catch (InterruptedException e) {
            noteTime(key, attempt, startedNanos);
            cancelled(flight, attempt, slot);
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
        noteTime(key, attempt, startedNanos);
        CallResult meaning = slot.ended(result, startedAt);
        flight.ended(
                attempt, meaning, Duration.ofNanos(threads.ticker().getAsLong() - startedNanos));
    }

    /// A second try's time would tell nothing of how slow first ones are.
    private void noteTime(FlightKey key, Try attempt, long startedNanos) {
        if (attempt.first()) {
            hedges.took(key.model(), Duration.ofNanos(threads.ticker().getAsLong() - startedNanos));
        }
    }

    /// A try was ended by us: the other one came first, its task is elsewhere, or the instance is
    /// closing.
    private void cancelled(Flight flight, Try attempt, Slot slot) {
        slot.released();
        if (!flight.cancelled(attempt)) {
            forget(flight);
        }
    }

    /// Without the message of what was thrown, which may quote a prompt or a key.
    private static CallResult failedInside(FlightKey key, Throwable thrown) {
        String message =
                "calling model %s failed inside (%s); the log has more"
                        .formatted(key.model(), thrown.getClass().getSimpleName());
        return new CallResult.GiveUpOnPrompt(new CallError(FailureCode.INTERNAL_ERROR, message));
    }

    private void landed(ReadyCall call) {
        memory.giveBack(call.line(), call.bytes());
        if (inAir.decrementAndGet() == 0) {
            synchronized (landing) {
                landing.notifyAll();
            }
        }
    }

    private long untaken() {
        return flights.values().stream().filter(Flight::untaken).count();
    }

    /// A call that identical requests may share has come back, or was given up.
    void ended(Flight flight, Reuse reuse, Optional<CallResult> result) {
        shared.ended(reuse, flight, result);
    }

    void releaseFollowers(int count) {
        following.addAndGet(-count);
    }

    /// Keeps an answer for whoever attaches next. Called with the flight locked.
    void keep(Flight flight, int chars) {
        synchronized (unclaimed) {
            if (unclaimed.putIfAbsent(flight, chars) == null) {
                unclaimedChars += chars;
            }
            while (unclaimed.size() > MAX_UNCLAIMED || unclaimedChars > MAX_UNCLAIMED_CHARS) {
                Flight oldest = unclaimed.firstEntry().getKey();
                claim(oldest);
                forget(oldest);
            }
        }
    }

    void claim(Flight flight) {
        synchronized (unclaimed) {
            Integer chars = unclaimed.remove(flight);
            if (chars != null) {
                unclaimedChars -= chars;
            }
        }
    }

    void forget(Flight flight) {
        flights.remove(flight.key(), flight);
    }
}
