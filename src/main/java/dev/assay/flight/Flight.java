package dev.assay.flight;

import dev.assay.model.CallResult;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A call, known until its inbox's owner has taken what came of it.
///
/// It is made by one try, or by a second beside a slow first one, and then the first answer counts.
/// Locks are taken in this order: flight, inbox, the set of unclaimed flights.
final class Flight {

    private final Flights flights;
    private final FlightKey key;
    private final Optional<Reuse> reuse;
    private final List<Try> tries = new ArrayList<>(1);
    private final List<Flight> followers = new ArrayList<>(0);
    private Inbox inbox;
    private Optional<Landed> landed = Optional.empty();
    private boolean over;
    private int besides;

    /// @param reuse where calls of identical requests may follow this one
    Flight(Flights flights, FlightKey key, Inbox inbox, Optional<Reuse> reuse) {
        this.flights = flights;
        this.key = key;
        this.inbox = inbox;
        this.reuse = reuse;
    }

    FlightKey key() {
        return key;
    }

    /// True where nothing has come of it yet.
    synchronized boolean inAir() {
        return landed.isEmpty() && !over;
    }

    /// True where nobody waits for what comes of it.
    synchronized boolean abandoned() {
        return inAir() && followers.isEmpty() && inbox.isClosed();
    }

    /// True where what came of it lies in the inbox of an open task.
    synchronized boolean untaken() {
        return landed.isPresent() && !over && !inbox.isClosed();
    }

    /// One more try is about to be made.
    ///
    /// @return false where the call has come back already
    synchronized boolean add(Try attempt) {
        return inAir() && tries.add(attempt);
    }

    /// Another call, of an identical request, takes what comes of this one.
    ///
    /// @return false where this one has come back already
    synchronized boolean follow(Flight follower) {
        return inAir() && followers.add(follower);
    }

    /// A try came back. The first answer counts; a failure only where no other try may still bring
    /// an answer.
    void ended(Try attempt, CallResult result, Duration took) {
        List<Flight> waiting;
        synchronized (this) {
            tries.remove(attempt);
            if (!inAir()) {
                return;
            }
            boolean answered = result instanceof CallResult.Answered;
            if (!answered && !tries.isEmpty()) {
                besides += mayBeBilled(result) ? 1 : 0;
                return;
            }
            besides += tries.size();
            tries.forEach(Try::cancel);
            reuse.ifPresent(same -> flights.ended(this, same, Optional.of(result)));
            land(new Landed(key, result, took, besides));
            waiting = List.copyOf(followers);
            followers.clear();
        }
        waiting.forEach(follower -> follower.landShared(result));
        flights.releaseFollowers(waiting.size());
    }

    /// A try was cancelled before anything came of it.
    ///
    /// @return false where nothing will come of the flight any more
    synchronized boolean cancelled(Try attempt) {
        tries.remove(attempt);
        return landed.isPresent() || !tries.isEmpty();
    }

    /// What another call of an identical request brought; it took no time of its own.
    synchronized void landShared(CallResult result) {
        if (inAir()) {
            land(new Landed(key, SharedCalls.forFollower(result), Duration.ZERO, 0));
        }
    }

    /// Ends its tries. Nothing comes of it.
    synchronized void cancel() {
        over = true;
        tries.forEach(Try::cancel);
        reuse.ifPresent(same -> flights.ended(this, same, Optional.empty()));
    }

    /// The same, unless others take part in it.
    ///
    /// @return false where they do, so that it goes on
    synchronized boolean cancelUnlessFollowed() {
        if (!followers.isEmpty()) {
            return false;
        }
        cancel();
        return true;
    }

    /// The same, unless somebody waits for it by now.
    ///
    /// @return false where somebody does, so that it goes on
    synchronized boolean cancelIfAbandoned() {
        if (!abandoned()) {
            return false;
        }
        cancel();
        return true;
    }

    /// Sends what comes of it, or came, to another inbox.
    ///
    /// @return false where it is over
    synchronized boolean attach(Inbox newInbox) {
        if (over) {
            return false;
        }
        inbox = newInbox;
        if (landed.isPresent()) {
            flights.claim(this);
            deliver();
        }
        return true;
    }

    /// What came of it, for the inbox it is in now; only once.
    synchronized Optional<Landed> take(Inbox by) {
        if (over || by != inbox) {
            return Optional.empty();
        }
        over = true;
        flights.forget(this);
        return landed;
    }

    /// The inbox was closed with this in it.
    synchronized void abandon(Inbox by) {
        if (!over && by == inbox) {
            flights.keep(this, chars());
        }
    }

    private void land(Landed arrival) {
        landed = Optional.of(arrival);
        deliver();
    }

    private void deliver() {
        if (!inbox.offer(this)) {
            flights.keep(this, chars());
        }
    }

    private int chars() {
        return landed.isPresent() && landed.get().result() instanceof CallResult.Answered answered
                ? answered.completion().responseJson().length()
                : 0;
    }

    private static boolean mayBeBilled(CallResult result) {
        return result instanceof CallResult.TryAgain failure && failure.billed();
    }
}
