package dev.assay.topology;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Service;
import dev.assay.flight.FlightKey;
import dev.assay.flight.Inbox;
import dev.assay.flight.Lane;
import dev.assay.flight.Line;
import dev.assay.flight.ReadyCall;
import dev.assay.flight.Reuse;
import dev.assay.flight.Slot;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.FailureCode;
import dev.assay.model.Priority;
import dev.assay.model.PromptState;
import dev.assay.topology.OpenCalls.OpenCall;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Starts the calls of a stage: those whose turn it is, as far as their lanes have room.
///
/// Asks no lane for longer than a commit allows. Used by the task's stream thread.
final class CallStarter {

    /// Well below the 10 s after which a broker gives up a transaction, where much room comes at
    /// once.
    private static final Duration LONGEST_START = Duration.ofSeconds(1);

    private final Parts parts;
    private final Stage stage;
    private final StageLogic logic;
    private final int partition;
    private final Inbox inbox;
    private final OpenCalls calls;
    private final PendingPrompts prompts;
    private final Map<Line, Lane.Waiter> waiters = new HashMap<>();
    private final SlowCalls slowCalls;
    private final Detours detours;
    private final BudgetGate gate;

    /// @param inbox where what comes of the calls goes
    CallStarter(
            Parts parts,
            Stage stage,
            StageLogic logic,
            int partition,
            Inbox inbox,
            OpenCalls calls,
            PendingPrompts prompts) {
        this.parts = parts;
        this.stage = stage;
        this.logic = logic;
        this.partition = partition;
        this.inbox = inbox;
        this.calls = calls;
        this.prompts = prompts;
        this.slowCalls = new SlowCalls(parts.hedges());
        this.detours = new Detours(calls, parts.lanes());
        this.gate = new BudgetGate(parts, logic, partition, calls, prompts);
    }

    /// Attaches to calls that a task which closed has left in the air here.
    void attach(Pending pending) {
        PromptState state = pending.state();
        for (Call call : state.calls()) {
            if (parts.flights().attach(key(state, call), inbox)) {
                calls.find(state.prompt().id(), call.slot(), call.model(), call.tries())
                        .ifPresent(open -> calls.launch(open, pending));
            }
        }
    }

    /// Starts calls that are ready, as far as their lanes have room.
    void startReady() {
        gate.wake();
        Instant enough = parts.clock().instant().plus(LONGEST_START);
        for (String model : calls.models()) {
            if (!parts.lanes().has(model)) {
                giveUpOn(model);
                continue;
            }
            for (Priority priority : Priority.values()) {
                Line line = new Line(model, priority);
                Lane.Waiter waiter = waiters.computeIfAbsent(line, this::waiter);
                waiter.waiting(calls.ready(model, priority));
                start(line, waiter, enough);
                waiter.waiting(calls.ready(model, priority));
                waiter.inAir(calls.inAir(model, priority));
            }
        }
    }

    private Lane.Waiter waiter(Line line) {
        return parts.lanes().lane(line.model()).waiter(stage.precedence(line.priority()));
    }

    /// The topology file has lost a model that prompts under way still wait for.
    private void giveUpOn(String model) {
        CallError error =
                new CallError(
                        FailureCode.NO_MODEL,
                        "model " + model + " is not in the topology file any more");
        for (Priority priority : Priority.values()) {
            for (int count = calls.ready(model, priority); count > 0; count--) {
                calls.next(model, priority)
                        .ifPresent(
                                open ->
                                        prompts.gaveUpOnModel(
                                                prompts.load(open.promptId()), open.slot(), error));
            }
        }
    }

    private void start(Line line, Lane.Waiter waiter, Instant enough) {
        boolean mayShare = stage == Stage.ANSWER && parts.reusable().anywhere();
        for (Optional<OpenCall> next = calls.next(line.model(), line.priority());
                next.isPresent() && !parts.clock().instant().isAfter(enough);
                next = calls.next(line.model(), line.priority())) {
            if (mayShare && shares(next.get())) {
                continue;
            }
            if (lacksMemory(line, waiter)) {
                return;
            }
            if (!gate.admits(next.get())) {
                continue;
            }
            switch (waiter.tryStart(next.get().demand())) {
                case Admission.Granted granted -> {
                    detours.over(line.model());
                    takeOff(next.get(), new Slot(waiter.lane(), granted.grant()));
                }
                case Admission.Broken broken -> {
                    gate.undo(next.get());
                    detour(line.model(), broken.error());
                    return;
                }
                case Admission.OutOfService shut ->
                        prompts.gaveUpOnModel(
                                prompts.load(next.get().promptId()),
                                next.get().slot(),
                                shut.error());
                case Admission.Full _, Admission.NotBefore _ -> {
                    gate.undo(next.get());
                    return;
                }
            }
        }
    }

    /// A model that does not serve needs no memory: its calls are only told so.
    private boolean lacksMemory(Line line, Lane.Waiter waiter) {
        return !parts.flights().hasRoom(line) && waiter.lane().service() instanceof Service.Serving;
    }

    /// The model fails at present: its calls go to other models where they may, and else wait.
    private void detour(String model, CallError error) {
        Detours.Turn turn = detours.turn(model);
        for (Optional<OpenCall> asked = turn.next(); asked.isPresent(); asked = turn.next()) {
            Pending pending = prompts.load(asked.get().promptId());
            Call call = pending.state().call(asked.get().slot()).orElseThrow();
            prompts.goElsewhere(pending, call, error, turn::serves);
        }
    }

    /// Makes a call that its lane has granted. The lane outlives this task and its thread, so it
    /// hears of a call that was not made whatever the reason.
    private void takeOff(OpenCall open, Slot slot) {
        boolean tookOff = false;
        try {
            tookOff = launch(open, slot);
        } finally {
            if (!tookOff) {
                slot.released();
            }
        }
    }

    /// @return false where the call need not or cannot be made
    private boolean launch(OpenCall open, Slot slot) {
        Pending pending = prompts.load(open.promptId());
        PromptState state = pending.state();
        Call call = state.call(open.slot()).orElseThrow();
        Instant now = parts.clock().instant();
        if (late(state, now)) {
            prompts.expired(pending, call, Expiry.DEADLINE, now);
            return false;
        }
        FlightKey key = key(state, call);
        if (parts.flights().attach(key, inbox)) {
            // It is in the air already, or came back to a task that closed before it could commit.
            // Its money is counted where it began.
            gate.undo(open);
            calls.launch(open, pending);
            prompts.recount(open.promptId());
            return false;
        }
        Optional<Expiry> stopped = stopped(state);
        if (stopped.isPresent()) {
            prompts.expired(pending, call, stopped.get(), now);
            return false;
        }
        if (!bears(state)) {
            prompts.tooDear(pending, call, parts.routes().budgetInWords(state), now);
            return false;
        }
        Optional<ReadyCall> ready =
                Guard.<Optional<ReadyCall>>orElse(
                        state,
                        () -> Optional.of(parts.requests().prepare(state, call, now)),
                        failed -> {
                            prompts.leave(pending, failed);
                            return Optional.empty();
                        });
        ready.ifPresent(
                request -> {
                    calls.launch(open, prompts.begins(pending, call));
                    slowCalls.began(key, now);
                    parts.flights()
                            .start(key, slot, request, inbox, parts.reusable().of(state, call));
                });
        return ready.isPresent();
    }

    /// False where calls that a crash has lost may have used up what is left.
    private boolean bears(PromptState state) {
        return parts.routes().budgetUsd(state).isEmpty()
                || parts.routes()
                        .affords(
                                state,
                                state.calls().stream()
                                        .mapToDouble(call -> logic.usd(state, call))
                                        .sum());
    }

    /// Takes part in an identical request, if there is one; that needs no room in the lane.
    private boolean shares(OpenCall open) {
        Optional<Reuse> reuse = open.reuse(() -> reusable(open));
        if (reuse.isEmpty()) {
            return false;
        }
        Pending pending = prompts.load(open.promptId());
        PromptState state = pending.state();
        Call call = state.call(open.slot()).orElseThrow();
        boolean shares = parts.flights().share(key(state, call), reuse.get(), inbox);
        if (shares) {
            calls.launch(open, pending);
        }
        return shares;
    }

    private Optional<Reuse> reusable(OpenCall open) {
        PromptState state = prompts.load(open.promptId()).state();
        return parts.reusable().of(state, state.call(open.slot()).orElseThrow());
    }

    /// Makes second tries of calls that are slow for their model, as far as its lane has room.
    void hedgeSlow() {
        Instant now = parts.clock().instant();
        for (Optional<FlightKey> slow = slowCalls.next(now);
                slow.isPresent();
                slow = slowCalls.next(now)) {
            hedge(slow.get(), now);
        }
    }

    private void hedge(FlightKey key, Instant now) {
        Optional<Pending> pending = calls.inAir(key.promptId());
        Optional<Call> call = pending.flatMap(flying -> flying.state().call(key.slot()));
        boolean wanted =
                call.filter(open -> key.equals(key(pending.orElseThrow().state(), open)))
                        .filter(open -> logic.affordsBeside(pending.orElseThrow().state(), open))
                        .isPresent();
        Optional<Line> line =
                pending.map(flying -> flying.state().prompt().labels().priority())
                        .map(priority -> new Line(key.model(), priority));
        Lane.@Nullable Waiter waiter = line.map(waiters::get).orElse(null);
        Optional<OpenCall> open = calls.find(key.promptId(), key.slot(), key.model(), key.tries());
        if (!wanted
                || waiter == null
                || open.isEmpty()
                || !parts.flights().hasRoom(line.orElseThrow())
                || !parts.hedges().tryHedge(key.model())
                || !gate.admitsBeside(open.get())) {
            return;
        }
        if (!(waiter.tryStart(open.get().demand()) instanceof Admission.Granted granted)) {
            gate.undo(open.get());
            return;
        }
        Slot slot = new Slot(waiter.lane(), granted.grant());
        boolean tookOff = false;
        try {
            ReadyCall request =
                    parts.requests()
                            .prepare(pending.orElseThrow().state(), call.orElseThrow(), now);
            tookOff = parts.flights().hedge(key, slot, request);
        } finally {
            if (!tookOff) {
                slot.released();
                gate.undo(open.get());
            }
        }
    }

    /// Gives back what lanes keep for this stage.
    void close() {
        waiters.values()
                .forEach(
                        waiter -> {
                            waiter.waiting(0);
                            waiter.inAir(0);
                        });
    }

    /// What a prompt has in the air is not needed any more.
    void cancel(Pending pending) {
        pending.state().calls().forEach(call -> cancel(pending.state(), call));
    }

    /// A call is not needed any more, in the air or not.
    void cancel(PromptState state, Call call) {
        if (!calls.waits(state.prompt().id(), call)) {
            parts.flights().cancel(key(state, call));
        }
    }

    /// Why nothing more of the prompt's job is to be begun, if that is so.
    Optional<Expiry> stopped(PromptState state) {
        return state.prompt()
                .origin()
                .jobId()
                .flatMap(parts.jobs()::stop)
                .map(
                        stop ->
                                switch (stop.code()) {
                                    case DEADLINE_EXCEEDED -> Expiry.DEADLINE;
                                    case OVER_BUDGET -> Expiry.JOB_OVER_BUDGET;
                                    default -> Expiry.CANCELLED;
                                });
    }

    private static boolean late(PromptState state, Instant now) {
        return state.prompt()
                .constraints()
                .deadline()
                .filter(deadline -> !now.isBefore(deadline))
                .isPresent();
    }

    private FlightKey key(PromptState state, Call call) {
        return new FlightKey(
                stage.label(),
                partition,
                state.prompt().id(),
                CallRequests.subject(state, call),
                state.round(),
                call.slot(),
                call.model(),
                call.tries());
    }
}
