package dev.assay.flight;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.LaneRules;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.LaneState;
import dev.assay.decide.limit.Service;
import dev.assay.model.CallResult;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;

/// The way to one model, shared by the stages and tasks of an instance.
///
/// Never blocks: a call that cannot start is told so. Safe for any thread. Later stages go first,
/// so that what is begun is finished before more is begun.
public final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /// Who asks for room, lowest precedence first.
    public enum Precedence {
        ANSWER,
        CHECK
    }

    private final String model;
    private final LaneSettings settings;
    private final InstantSource clock;
    private final Queue answers = new Queue();
    private final Queue checks = new Queue();
    private LaneState state;
    private double share = 1;
    private boolean stopped;

    Lane(String model, LaneSettings settings, InstantSource clock) {
        this.model = model;
        this.settings = settings;
        this.clock = clock;
        this.state = LaneState.fresh(settings, clock.instant());
    }

    public String model() {
        return model;
    }

    /// One waiting line for this lane: a stage of a task.
    public Waiter waiter(Precedence precedence) {
        return new Waiter(this, precedence);
    }

    /// Calls in flight.
    public synchronized int inFlight() {
        return state.inFlight();
    }

    /// Calls that may be in flight now, on this instance.
    public synchronized int allowedInFlight() {
        return LaneRules.room(state, settings, share) + state.inFlight();
    }

    /// Whether the model serves.
    public synchronized Service service() {
        return state.service();
    }

    /// A granted call ended.
    ///
    /// @param startedAt when it began
    /// @return what it means for the call: one made only to find out whether a failing model still
    ///   fails found it away
    public synchronized CallResult ended(CallResult result, Instant startedAt) {
        boolean probe = LaneRules.wasProbe(state, startedAt);
        Service before = state.service();
        state = LaneRules.ended(state, settings, share, result, startedAt, clock.instant());
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

    /// Sets the share of the application's limits that this instance may use, 0 to 1.
    synchronized void share(double newShare) {
        share = newShare;
    }

    /// From now on nothing starts.
    synchronized void stop() {
        stopped = true;
    }

    private synchronized Admission admit(Precedence precedence) {
        if (stopped) {
            return new Admission.Full();
        }
        int reserved =
                switch (precedence) {
                    case ANSWER -> checks.waiting;
                    case CHECK -> 0;
                };
        Admission admission = LaneRules.admit(state, settings, share, reserved, clock.instant());
        if (admission instanceof Admission.Granted granted) {
            state = granted.state();
        }
        return admission;
    }

    private synchronized int turn(Precedence precedence) {
        int room = LaneRules.room(state, settings, share);
        return Math.max(1, room / Math.max(1, queue(precedence).waiters));
    }

    private synchronized void waiting(Precedence precedence, int before, int after) {
        Queue queue = queue(precedence);
        queue.waiting += after - before;
        queue.waiters += Integer.signum(after) - Integer.signum(before);
    }

    private Queue queue(Precedence precedence) {
        return switch (precedence) {
            case ANSWER -> answers;
            case CHECK -> checks;
        };
    }

    private static final class Queue {
        private int waiting;
        private int waiters;
    }

    /// A stage of a task in the lane's waiting line. Used by one thread at a time.
    public static final class Waiter {

        private final Lane lane;
        private final Precedence precedence;
        private int waiting;

        private Waiter(Lane lane, Precedence precedence) {
            this.lane = lane;
            this.precedence = precedence;
        }

        public Lane lane() {
            return lane;
        }

        /// Says how many calls wait here, so that others leave or take room.
        public void waiting(int calls) {
            if (calls != waiting) {
                lane.waiting(precedence, waiting, calls);
                waiting = calls;
            }
        }

        /// The most calls to start before others have had their turn; at least one.
        public int turn() {
            return lane.turn(precedence);
        }

        /// Asks for one call to start. A granted one must be followed by `ended` or `released`.
        public Admission tryStart() {
            return lane.admit(precedence);
        }
    }
}
