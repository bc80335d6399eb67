package dev.assay.flight;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.Grant;
import dev.assay.decide.limit.Headroom;
import dev.assay.decide.limit.LaneLimits;
import dev.assay.decide.limit.LaneRules;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.LaneState;
import dev.assay.decide.limit.Service;
import dev.assay.decide.limit.Share;
import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;
import dev.assay.decide.place.Places;
import dev.assay.flight.WaitingLine.Member;
import dev.assay.model.CallResult;
import dev.assay.model.Priority;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The way to one model, shared by the stages and tasks of an instance.
///
/// Never blocks: a call that cannot start is told so. Safe for any thread. Interactive calls go
/// first, and among calls of one priority those of later stages, so that what is begun is finished
/// before more is begun. Bulk calls leave places free for live ones, since places come back only
/// when calls land; and one start of sixteen is theirs whoever waits.
public final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /// Who asks for room, lowest precedence first.
    public enum Precedence {
        BULK_ANSWER,
        BULK_CHECK,
        ANSWER,
        CHECK;

        private boolean isBulk() {
            return switch (this) {
                case BULK_ANSWER, BULK_CHECK -> true;
                case ANSWER, CHECK -> false;
            };
        }
    }

    /// Interactive starts after which a waiting bulk call has its turn.
    static final int INTERACTIVE_PER_BULK = 15;

    private final String model;
    private final LaneSettings settings;
    private final InstantSource clock;
    private final Map<Precedence, Queue> queues = new EnumMap<>(Precedence.class);
    private final Optional<PlaceLease> lease;
    private Headroom headroom;
    private int startsSinceBulk;
    private LaneState state;
    private LaneLimits limits;
    private boolean stopped;

    /// @param lease where the ledger says how many calls may be in flight
    Lane(String model, LaneSettings settings, InstantSource clock, Optional<PlaceLease> lease) {
        this.model = model;
        this.settings = settings;
        this.clock = clock;
        this.lease = lease;
        Instant now = clock.instant();
        this.limits = settings.of(Share.WHOLE);
        this.state = LaneState.fresh(settings, now);
        this.headroom = Headroom.fresh(now);
        for (Precedence precedence : Precedence.values()) {
            queues.put(precedence, new Queue());
        }
    }

    public String model() {
        return model;
    }

    /// One waiting line for this lane: what a stage of a task has of one priority.
    public Waiter waiter(Precedence precedence) {
        return new Waiter(this, precedence);
    }

    /// Calls in flight.
    public synchronized int inFlight() {
        return state.inFlight();
    }

    /// Calls that may be in flight now, on this instance.
    public synchronized int allowedInFlight() {
        return room() + state.inFlight();
    }

    /// Calls that wait for room, of all tasks of this instance.
    public synchronized int waiting(Priority priority) {
        return queues.entrySet().stream()
                .filter(queue -> queue.getKey().isBulk() == (priority == Priority.BULK))
                .mapToInt(queue -> queue.getValue().line.waiting())
                .sum();
    }

    /// Whether the model serves.
    public synchronized Service service() {
        return state.service();
    }

    /// A granted call ended.
    ///
    /// @param grant with which it began
    /// @param startedAt when it began
    /// @return what it means for the call: one made only to find out whether a failing model still
    ///   fails found it away
    public synchronized CallResult ended(Grant grant, CallResult result, Instant startedAt) {
        boolean probe = LaneRules.wasProbe(state, startedAt);
        Service before = state.service();
        state = LaneRules.ended(state, limits, grant, result, startedAt, clock.instant());
        if (!before.getClass().equals(state.service().getClass())) {
            tell(state.service());
        }
        return probe && result instanceof CallResult.TryAgain failure ? failure.away() : result;
    }

    private void tell(Service now) {
        switch (now) {
            case Service.Serving _ -> LOG.info("model {} is back in service", model);
            case Service.Broken broken ->
                    LOG.warn(
                            "model {} fails, its calls wait or go elsewhere; it is tried again every few seconds: {}",
                            model,
                            broken.error().message());
            case Service.Shut shut ->
                    LOG.error("model {} is out of service: {}", model, shut.error().message());
        }
    }

    /// A granted call was never made.
    public synchronized void released() {
        state = LaneRules.released(state);
    }

    /// Sets the share of the application's limits that this instance may use.
    synchronized void share(Share share) {
        LaneLimits before = limits;
        limits = settings.of(share);
        state = LaneRules.shared(state, before, limits, clock.instant());
    }

    /// From now on nothing starts.
    synchronized void stop() {
        stopped = true;
    }

    private synchronized Admission admit(Precedence precedence, Member member, Demand demand) {
        if (stopped) {
            return new Admission.Full();
        }
        Instant now = clock.instant();
        WaitingLine line = queue(precedence).line;
        int share = line.share(room() + state.inFlight());
        int reserved = reserved(precedence) + line.before(member, share, now);
        Admission admission = LaneRules.admit(state, openLimits(), demand, reserved, now);
        if (admission instanceof Admission.Granted granted) {
            if (lease.isPresent() && room() == 0) {
                // Trying whether a failing model serves again takes a place too.
                return new Admission.Full();
            }
            if (precedence.isBulk() && !bulkIsDue() && room() <= freeForLive(now)) {
                return new Admission.Full();
            }
            state = granted.state();
            line.served(member, share);
            startsSinceBulk = precedence.isBulk() ? 0 : startsSinceBulk + 1;
        }
        return admission;
    }

    /// What waits with higher precedence; when bulk is due, one place is a bulk call's.
    private int reserved(Precedence precedence) {
        boolean due = bulkIsDue();
        int reserved = due && !precedence.isBulk() ? 1 : 0;
        for (Precedence higher : Precedence.values()) {
            boolean steps = due && precedence.isBulk() && !higher.isBulk();
            if (higher.compareTo(precedence) > 0 && !steps) {
                reserved += queue(higher).line.waiting();
            }
        }
        return reserved;
    }

    private boolean bulkIsDue() {
        return startsSinceBulk >= INTERACTIVE_PER_BULK
                && queue(Precedence.BULK_ANSWER).line.waiting()
                                + queue(Precedence.BULK_CHECK).line.waiting()
                        > 0;
    }

    /// Places that live calls may want next.
    private int freeForLive(Instant now) {
        int inAir = queue(Precedence.ANSWER).inAir + queue(Precedence.CHECK).inAir;
        return headroom.places(room() + state.inFlight(), now) - inAir;
    }

    private int room() {
        return LaneRules.room(state, openLimits());
    }

    private LaneLimits openLimits() {
        return lease.isEmpty() ? limits : limits.atMost(lease.get().open());
    }

    /// Looks what the ledger is to be told of this lane's places. To be called every few ms.
    ///
    /// @param holder a partition of this instance
    synchronized Optional<PlaceClaim> claimPlaces(int holder) {
        return lease.flatMap(places -> places.look(holder, load()));
    }

    private Places.Load load() {
        if (stopped) {
            return new Places.Load(state.inFlight(), state.inFlight(), true);
        }
        int waiting = queues.values().stream().mapToInt(queue -> queue.line.waiting()).sum();
        int borne = LaneRules.room(state, limits) + state.inFlight();
        int wanted = Math.min(state.inFlight() + waiting, borne);
        return new Places.Load(state.inFlight(), wanted, false);
    }

    /// The ledger's answer.
    synchronized void granted(PlaceGrant grant) {
        lease.ifPresent(places -> places.granted(grant));
    }

    /// True where nothing is let to this lane any more.
    synchronized boolean placesAreBack() {
        return lease.isEmpty() || lease.get().isBack();
    }

    private synchronized void waits(Precedence precedence, Member member, int calls) {
        queue(precedence).line.waits(member, calls, clock.instant());
        noteLive(precedence);
    }

    private synchronized void inAir(Precedence precedence, int more) {
        queue(precedence).inAir += more;
        noteLive(precedence);
    }

    private void noteLive(Precedence precedence) {
        if (!precedence.isBulk()) {
            Queue answers = queue(Precedence.ANSWER);
            Queue checks = queue(Precedence.CHECK);
            int wanted = answers.wanted() + checks.wanted();
            headroom = headroom.wanted(wanted, clock.instant());
        }
    }

    private Queue queue(Precedence precedence) {
        return Objects.requireNonNull(queues.get(precedence));
    }

    private static final class Queue {
        private final WaitingLine line = new WaitingLine();
        private int inAir;

        private int wanted() {
            return line.waiting() + inAir;
        }
    }

    /// A stage of a task in the lane's waiting line. Used by one thread at a time.
    public static final class Waiter {

        private final Lane lane;
        private final Precedence precedence;
        private final Member member = new Member();
        private int waiting;
        private int inAir;

        private Waiter(Lane lane, Precedence precedence) {
            this.lane = lane;
            this.precedence = precedence;
        }

        public Lane lane() {
            return lane;
        }

        /// Says how many calls wait here, so that others leave or take room; to be said again and
        /// again while any do.
        public void waiting(int calls) {
            if (waiting > 0 || calls > 0) {
                lane.waits(precedence, member, calls);
                waiting = calls;
            }
        }

        /// Says how many calls of this line are in the air.
        public void inAir(int calls) {
            if (calls != inAir) {
                lane.inAir(precedence, calls - inAir);
                inAir = calls;
            }
        }

        /// Asks for one call to start. A granted one must be followed by `ended` or `released`.
        ///
        /// @param demand what it is expected to need
        public Admission tryStart(Demand demand) {
            return lane.admit(precedence, member, demand);
        }
    }
}
