package dev.assay.topology;

import dev.assay.codec.StateCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.call.Step;
import dev.assay.decide.limit.Admission;
import dev.assay.flight.FlightKey;
import dev.assay.flight.Inbox;
import dev.assay.flight.Landed;
import dev.assay.flight.Lane;
import dev.assay.flight.Slot;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.Priority;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;
import dev.assay.topology.OpenCalls.OpenCall;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// The durable asynchronous stage: a scatter and gather of model calls that survives crashes and
/// rebalances.
///
/// `process` writes the prompt to the stage's store, starts its calls if their lanes have room and
/// returns at once; the stream thread never waits for a model. What comes back goes to the inbox,
/// which only the stream thread empties. Store, outputs and input offsets commit in one
/// transaction. Everything in memory is derived from the store when a task opens, so a call without
/// an answer is made again by whoever owns the task then.
///
/// Runs on the task's stream thread only.
final class CallStageProcessor implements Processor<String, PromptState, String, Waypoint> {

    private static final Logger LOG = LoggerFactory.getLogger(CallStageProcessor.class);

    private static final Duration TURN = Duration.ofMillis(5);
    private static final Duration DEADLINE_CHECK = Duration.ofSeconds(1);

    /// For prompts that are under way for longer than `engine.max_wait`; looks at all of them.
    private static final Duration OLD_CHECK = Duration.ofMinutes(1);

    private static final int LANDINGS_PER_TURN = 1_000;

    /// What waits for one model with one priority.
    private record LineKey(String model, Priority priority) {}

    /// Well below the 10 s after which a broker gives up a transaction, and with it what landed.
    private static final Duration LONGEST_LANDING = Duration.ofSeconds(1);

    /// The same for calls that start, where much room comes at once.
    private static final Duration LONGEST_START = Duration.ofSeconds(1);

    private final Parts parts;
    private final Stage stage;
    private final String nextNode;
    private final StageLogic logic;
    private ProcessorContext<String, Waypoint> context;
    private KeyValueStore<String, byte[]> pendings;
    private Departures departures;
    private Inbox inbox;
    private OpenCalls calls;
    private Map<LineKey, Lane.Waiter> waiters;
    private SlowCalls slowCalls;
    private Detours detours;
    private Instant lookForOldAt = Instant.EPOCH;
    private List<Cancellable> schedules;

    /// What was written last, so that a call which starts at once need not read it back.
    private Optional<Pending> latest;

    /// @param nextNode where prompts go that have all they need of this stage
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    CallStageProcessor(Parts parts, Stage stage, StageLogic logic, String nextNode) {
        this.parts = parts;
        this.stage = stage;
        this.logic = logic;
        this.nextNode = nextNode;
    }

    @Override
    public void init(ProcessorContext<String, Waypoint> processorContext) {
        context = processorContext;
        pendings = processorContext.getStateStore(Stores.pending(stage));
        // A task that was closed may be opened again with this very processor: nothing may be left
        // from before.
        departures = new Departures(pendings, parts.deliveries());
        inbox = new Inbox();
        calls = new OpenCalls(parts.backpressure()::inlet);
        waiters = new HashMap<>();
        slowCalls = new SlowCalls(parts.hedges());
        detours = new Detours(calls, parts.lanes());
        latest = Optional.empty();
        recover();
        parts.ownership().opened(stage, partition());
        schedules =
                List.of(
                        processorContext.schedule(
                                TURN, PunctuationType.WALL_CLOCK_TIME, _ -> turn()),
                        processorContext.schedule(
                                DEADLINE_CHECK, PunctuationType.WALL_CLOCK_TIME, _ -> expire()));
        report();
    }

    @Override
    public void process(Record<String, PromptState> record) {
        PromptState state = record.value();
        if (calls.has(state.prompt().id())) {
            rewrite(state.prompt().id());
            // Its id was forgotten while it waited. It ends once, with what was asked first.
            LOG.warn(
                    "prompt {} was sent again while it is under way; nothing is done for the second",
                    state.prompt().id());
            return;
        }
        Instant now = parts.clock().instant();
        advance(state, record.headers(), record.timestamp(), () -> logic.enter(state, now));
        startReady();
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedules.forEach(Cancellable::cancel);
        inbox.close();
        departures.close();
        waiters.values()
                .forEach(
                        waiter -> {
                            waiter.waiting(0);
                            waiter.inAir(0);
                        });
        parts.backpressure().forget(partition(), stage);
        parts.ownership().closed(stage, partition());
    }

    /// Reads the store anew: attaches to calls still in the air here, and queues all others.
    private void recover() {
        Instant now = parts.clock().instant();
        try (KeyValueIterator<String, byte[]> all = pendings.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                Pending pending = StoreCodec.decodePending(entry.value);
                calls.update(parts.requests().readAt(pending.state(), now), now);
                for (Call call : pending.state().calls()) {
                    if (parts.flights().attach(key(pending.state(), call), inbox)) {
                        calls.find(entry.key, call.slot(), call.model(), call.tries())
                                .ifPresent(open -> calls.launch(open, pending));
                    }
                }
            }
        }
    }

    /// After a crash the store here may hold what its changelog does not, since that write was in
    /// the air; with the record that brought it, it would be lost to the next instance.
    private void rewrite(String id) {
        if (!parts.deliveries().transactional()) {
            pendings.put(id, pendings.get(id));
        }
    }

    private void turn() {
        departures.sweep();
        Instant enough = parts.clock().instant().plus(LONGEST_LANDING);
        int count = 0;
        do {
            inbox.poll().ifPresent(this::land);
            count++;
        } while (!inbox.isEmpty()
                && count < LANDINGS_PER_TURN
                && parts.clock().instant().isBefore(enough));
        calls.promote(parts.clock().instant());
        startReady();
        hedgeSlow();
    }

    private void land(Landed landed) {
        FlightKey key = landed.key();
        Optional<Pending> pending = calls.inAir(key.promptId());
        boolean wanted =
                calls.find(key.promptId(), key.slot(), key.model(), key.tries()).isPresent();
        if (pending.isPresent() && wanted) {
            pending.get()
                    .state()
                    .call(key.slot())
                    .ifPresent(call -> parts.metrics().called(call, landed, key.promptId()));
            ended(pending.get(), key.slot(), landed);
        }
    }

    private void ended(Pending pending, int slot, Landed landed) {
        boolean shared = landed.result() instanceof CallResult.Answered answer && answer.shared();
        Call asked = pending.state().call(slot).orElseThrow();
        Call call = shared ? asked.because("an identical request was answered") : asked;
        PromptState state =
                landed.besides() == 0
                        ? pending.state()
                        : logic.besides(pending.state(), call, landed.besides());
        ended(pending, state, call, landed.result(), landed.took());
    }

    private void failed(Pending pending, int slot, CallError error) {
        PromptState state = pending.state();
        ended(
                pending,
                state,
                state.call(slot).orElseThrow(),
                new CallResult.GiveUpOnModel(error),
                Duration.ZERO);
    }

    private void ended(
            Pending pending, PromptState state, Call call, CallResult result, Duration took) {
        Instant now = parts.clock().instant();
        double dice = parts.random().nextDouble();
        advance(
                state,
                pending.headers(),
                pending.timestampMs(),
                () -> logic.ended(state, call, result, took, now, dice));
    }

    /// Carries out what a step says: first everything that can fail, then the writes.
    private void advance(
            PromptState before, Headers headers, long timestampMs, Supplier<Step> decision) {
        String id = before.prompt().id();
        Settled settled =
                Guard.<Settled>orElse(
                        before,
                        () -> settle(decision.get(), headers, timestampMs),
                        Settled.Leaves::new);
        switch (settled) {
            case Settled.Stays stays -> {
                pendings.put(id, stays.bytes());
                departures.stays(id);
                calls.update(stays.pending().state(), parts.clock().instant());
                calls.keep(stays.pending());
                latest = Optional.of(stays.pending());
            }
            case Settled.Leaves leaves -> {
                if (calls.remove(id) || departures.has(id)) {
                    departures.goes(id);
                }
                Record<String, Waypoint> onward =
                        new Record<>(id, leaves.waypoint(), timestampMs, headers);
                context.forward(
                        onward, leaves.waypoint() instanceof PromptState ? nextNode : Nodes.FINISH);
            }
        }
    }

    private Settled settle(Step step, Headers headers, long timestampMs) {
        return switch (step) {
            case Step.Done done -> new Settled.Leaves(done.state());
            case Step.Failed failed ->
                    new Settled.Leaves(new Result.Failed(failed.state(), failed.failure()));
            case Step.Continue goesOn -> fit(new Pending(goesOn.state(), timestampMs, headers));
        };
    }

    private Settled fit(Pending pending) {
        byte[] bytes = StoreCodec.encode(pending);
        if (bytes.length <= parts.engine().maxRecordBytes()) {
            return new Settled.Stays(pending, bytes);
        }
        Pending slim =
                new Pending(
                        StateCodec.withoutResponses(pending.state()),
                        pending.timestampMs(),
                        pending.headers());
        byte[] slimBytes = StoreCodec.encode(slim);
        if (slimBytes.length <= parts.engine().maxRecordBytes()) {
            return new Settled.Stays(slim, slimBytes);
        }
        String message =
                "prompt and answers have %d bytes, more than engine.max_record_bytes (%d)"
                        .formatted(slimBytes.length, parts.engine().maxRecordBytes());
        return new Settled.Leaves(
                new Result.Failed(slim.state(), new Failure(FailureCode.TOO_LARGE, message)));
    }

    private void startReady() {
        Instant enough = parts.clock().instant().plus(LONGEST_START);
        for (String model : calls.models()) {
            if (!parts.lanes().has(model)) {
                giveUpOn(model);
                continue;
            }
            for (Priority priority : Priority.values()) {
                LineKey line = new LineKey(model, priority);
                Lane.Waiter waiter = waiters.computeIfAbsent(line, this::waiter);
                waiter.waiting(calls.ready(model, priority));
                start(line, waiter, enough);
                waiter.waiting(calls.ready(model, priority));
                waiter.inAir(calls.inAir(model, priority));
            }
        }
        report();
    }

    private Lane.Waiter waiter(LineKey line) {
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
                        .ifPresent(open -> failed(load(open.promptId()), open.slot(), error));
            }
        }
    }

    private void start(LineKey line, Lane.Waiter waiter, Instant enough) {
        int turn = calls.ready(line.model(), line.priority()) == 0 ? 0 : waiter.turn();
        for (int started = 0; started < turn; started++) {
            Optional<OpenCall> next = calls.next(line.model(), line.priority());
            if (next.isEmpty() || parts.clock().instant().isAfter(enough)) {
                return;
            }
            if (parts.reusable().anywhere() && shares(next.get())) {
                continue;
            }
            switch (waiter.tryStart(next.get().demand())) {
                case Admission.Granted granted -> {
                    detours.over(line.model());
                    takeOff(next.get(), new Slot(waiter.lane(), granted.grant()));
                }
                case Admission.Broken broken -> {
                    detour(line.model(), broken.error());
                    return;
                }
                case Admission.OutOfService shut ->
                        failed(load(next.get().promptId()), next.get().slot(), shut.error());
                case Admission.Full _, Admission.NotBefore _ -> {
                    return;
                }
            }
        }
    }

    /// The model fails at present: its calls go to other models where they may, and else wait.
    private void detour(String model, CallError error) {
        Detours.Turn turn = detours.turn(model);
        for (Optional<OpenCall> asked = turn.next(); asked.isPresent(); asked = turn.next()) {
            Pending pending = load(asked.get().promptId());
            PromptState state = pending.state();
            Call call = state.call(asked.get().slot()).orElseThrow();
            Instant now = parts.clock().instant();
            Guard.<Optional<Step>>orElse(
                            state,
                            () -> logic.elsewhere(state, call, error, turn::serves, now),
                            failed -> {
                                leave(pending, failed);
                                return Optional.empty();
                            })
                    .ifPresent(
                            step ->
                                    advance(
                                            state,
                                            pending.headers(),
                                            pending.timestampMs(),
                                            () -> step));
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
        Pending pending = load(open.promptId());
        PromptState state = pending.state();
        Call call = state.call(open.slot()).orElseThrow();
        Instant now = parts.clock().instant();
        if (late(state, now)) {
            advance(
                    state,
                    pending.headers(),
                    pending.timestampMs(),
                    () -> logic.expired(state, call, Expiry.DEADLINE, now));
            return false;
        }
        FlightKey key = key(state, call);
        if (parts.flights().attach(key, inbox)) {
            // It is in the air already, or came back to a task that closed before it could commit.
            calls.launch(open, pending);
            return false;
        }
        Optional<Callable<CallResult>> ready =
                Guard.<Optional<Callable<CallResult>>>orElse(
                        state,
                        () -> Optional.of(parts.requests().prepare(state, call, now)),
                        failed -> {
                            leave(pending, failed);
                            return Optional.empty();
                        });
        ready.ifPresent(
                request -> {
                    calls.launch(open, pending);
                    slowCalls.began(key, now);
                    parts.flights()
                            .start(key, slot, request, inbox, parts.reusable().of(state, call));
                });
        return ready.isPresent();
    }

    /// Takes part in an identical request, if there is one; that needs no room in the lane.
    private boolean shares(OpenCall open) {
        Pending pending = load(open.promptId());
        PromptState state = pending.state();
        Call call = state.call(open.slot()).orElseThrow();
        boolean shares =
                parts.reusable()
                        .of(state, call)
                        .filter(reuse -> parts.flights().share(key(state, call), reuse, inbox))
                        .isPresent();
        if (shares) {
            calls.launch(open, pending);
        }
        return shares;
    }

    /// Makes second tries of calls that are slow for their model, as far as its lane has room.
    private void hedgeSlow() {
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
        Lane.@Nullable Waiter waiter =
                pending.map(flying -> flying.state().prompt().labels().priority())
                        .map(priority -> waiters.get(new LineKey(key.model(), priority)))
                        .orElse(null);
        if (!wanted
                || waiter == null
                || !parts.hedges().tryHedge(key.model())
                || !(waiter.tryStart(
                                CallRequests.demand(
                                        pending.orElseThrow().state(), call.orElseThrow()))
                        instanceof Admission.Granted granted)) {
            return;
        }
        Slot slot = new Slot(waiter.lane(), granted.grant());
        boolean tookOff = false;
        try {
            Callable<CallResult> request =
                    parts.requests()
                            .prepare(pending.orElseThrow().state(), call.orElseThrow(), now);
            tookOff = parts.flights().hedge(key, slot, request);
        } finally {
            if (!tookOff) {
                slot.released();
            }
        }
    }

    private void leave(Pending pending, Result.Failed failed) {
        PromptState state = pending.state();
        advance(
                state,
                pending.headers(),
                pending.timestampMs(),
                () -> new Step.Failed(state, failed.failure()));
    }

    private Pending load(String id) {
        return calls.inAir(id)
                .or(() -> latest.filter(pending -> pending.state().prompt().id().equals(id)))
                .orElseGet(() -> StoreCodec.decodePending(pendings.get(id)));
    }

    /// Ends calls that wait past their prompt's deadline, so that a full lane cannot hold them for
    /// ever.
    private void expire() {
        parts.flights().cancelAbandoned();
        Instant now = parts.clock().instant();
        calls.overdue(now).forEach(id -> expire(id, Expiry.DEADLINE, now));
        if (!now.isBefore(lookForOldAt) || lookForOldAt.isAfter(now.plus(OLD_CHECK))) {
            lookForOldAt = now.plus(OLD_CHECK);
            calls.admittedBefore(now.minus(parts.engine().maxWait()))
                    .forEach(id -> expire(id, Expiry.LONGEST_WAIT, now));
        }
    }

    private void expire(String id, Expiry why, Instant now) {
        Pending pending = load(id);
        PromptState state = pending.state();
        state.calls().stream()
                .filter(call -> calls.waits(id, call))
                .findFirst()
                .ifPresent(
                        call ->
                                advance(
                                        state,
                                        pending.headers(),
                                        pending.timestampMs(),
                                        () -> logic.expired(state, call, why, now)));
    }

    private static boolean late(PromptState state, Instant now) {
        return state.prompt()
                .constraints()
                .deadline()
                .filter(deadline -> !now.isBefore(deadline))
                .isPresent();
    }

    private void report() {
        for (Backpressure.Inlet inlet : Backpressure.Inlet.values()) {
            parts.backpressure().report(partition(), stage, inlet, calls.waiting(inlet));
        }
    }

    private int partition() {
        return context.taskId().partition();
    }

    private FlightKey key(PromptState state, Call call) {
        return new FlightKey(
                stage.label(),
                partition(),
                state.prompt().id(),
                CallRequests.subject(state, call),
                state.round(),
                call.slot(),
                call.model(),
                call.tries());
    }
}
