package dev.assay.topology;

import dev.assay.codec.StoreCodec;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.flight.FlightKey;
import dev.assay.flight.Inbox;
import dev.assay.flight.Landed;
import dev.assay.model.Call;
import dev.assay.model.PromptState;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    private static final Duration DEADLINE_CHECK = Duration.ofSeconds(1);

    /// For prompts that are under way for longer than `engine.max_wait`; looks at all of them.
    private static final Duration OLD_CHECK = Duration.ofMinutes(1);

    private static final int LANDINGS_PER_TURN = 1_000;

    /// Well below the 10 s after which a broker gives up a transaction, and with it what landed.
    private static final Duration LONGEST_LANDING = Duration.ofSeconds(1);

    private final Parts parts;
    private final Stage stage;
    private final String nextNode;
    private final StageLogic logic;
    private ProcessorContext<String, Waypoint> context;
    private Inbox inbox;
    private OpenCalls calls;
    private PendingPrompts prompts;
    private CallStarter starter;
    private Instant lookForOldAt;
    private List<Cancellable> schedules;

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
        // A task that was closed may be opened again with this very processor: nothing may be left
        // from before.
        inbox = new Inbox();
        calls = new OpenCalls(parts.backpressure()::inlet);
        prompts = new PendingPrompts(parts, stage, logic, nextNode, context, calls);
        starter = new CallStarter(parts, stage, logic, partition(), inbox, calls, prompts);
        lookForOldAt = Instant.EPOCH;
        recover();
        parts.ownership().opened(stage, partition());
        schedules =
                List.of(
                        new TurnSchedule(processorContext, parts.clock(), this::turn),
                        processorContext.schedule(
                                DEADLINE_CHECK, PunctuationType.WALL_CLOCK_TIME, _ -> expire()));
        report();
    }

    @Override
    public void process(Record<String, PromptState> record) {
        String id = record.value().prompt().id();
        if (CancelMark.of(record.headers()).isPresent()) {
            cancel(id);
            return;
        }
        if (calls.has(id)) {
            prompts.rewrite(id);
            // Its id was forgotten while it waited. It ends once, with what was asked first.
            LOG.warn(
                    "prompt {} was sent again while it is under way; nothing is done for the second",
                    id);
            return;
        }
        prompts.enter(record);
        startReady();
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedules.forEach(Cancellable::cancel);
        inbox.close();
        prompts.close();
        starter.close();
        parts.backpressure().forget(partition(), stage);
        parts.ownership().closed(stage, partition());
    }

    /// Reads the store anew: attaches to calls still in the air here, and queues all others.
    private void recover() {
        Instant now = parts.clock().instant();
        List<String> begun = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = prompts.all()) {
            while (all.hasNext()) {
                Pending pending = StoreCodec.decodePending(all.next().value);
                calls.update(parts.requests().readAt(pending.state(), now), now);
                starter.attach(pending);
                if (!pending.begun().isEmpty() || !pending.lost().isEmpty()) {
                    begun.add(pending.state().prompt().id());
                }
            }
        }
        begun.forEach(prompts::recount);
    }

    private void turn() {
        prompts.sweep();
        Instant enough = parts.clock().instant().plus(LONGEST_LANDING);
        int count = 0;
        do {
            inbox.poll().ifPresent(this::land);
            count++;
        } while (!inbox.isEmpty()
                && count < LANDINGS_PER_TURN
                && parts.clock().instant().isBefore(enough));
        endWaits();
        calls.promote(parts.clock().instant());
        startReady();
        starter.hedgeSlow();
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
            prompts.landed(pending.get(), key.slot(), landed);
        }
    }

    private void startReady() {
        starter.startReady();
        report();
    }

    /// Ends calls that wait past their prompt's deadline or for too long, so that a full lane
    /// cannot hold them for ever.
    private void expire() {
        parts.flights().cancelAbandoned();
        Instant now = parts.clock().instant();
        calls.overdue(now).forEach(id -> expire(id, Expiry.DEADLINE, now));
        if (parts.jobs().anyStops()) {
            calls.ofJobs(job -> parts.jobs().stop(job).isPresent())
                    .forEach(
                            id ->
                                    starter.stopped(prompts.load(id).state())
                                            .ifPresent(why -> expire(id, why, now)));
        }
        if (!now.isBefore(lookForOldAt) || lookForOldAt.isAfter(now.plus(OLD_CHECK))) {
            lookForOldAt = now.plus(OLD_CHECK);
            calls.admittedBefore(now.minus(parts.engine().maxWait()))
                    .forEach(id -> expire(id, Expiry.LONGEST_WAIT, now));
        }
    }

    /// Nobody waits for the prompt any more: it ends, and with it its calls in the air.
    private void cancel(String id) {
        if (calls.has(id)) {
            Pending pending = prompts.load(id);
            starter.cancel(pending);
            prompts.cancelled(pending);
        }
    }

    private void expire(String id, Expiry why, Instant now) {
        Optional<Call> late = waiting(id);
        while (late.isPresent()) {
            prompts.expired(prompts.load(id), late.get(), why, now);
            late = waiting(id);
        }
    }

    /// Goes on with what has come where an ensemble waits no longer for its members.
    private void endWaits() {
        Instant now = parts.clock().instant();
        for (String id : calls.waitedEnough(now)) {
            for (Call call : prompts.load(id).state().calls()) {
                if (calls.find(id, call.slot(), call.model(), call.tries()).isPresent()) {
                    Pending pending = prompts.load(id);
                    starter.cancel(pending.state(), call);
                    prompts.waitedEnough(pending, call, now);
                }
            }
        }
    }

    /// A call of a prompt in this stage that waits for its turn.
    private Optional<Call> waiting(String id) {
        return calls.has(id)
                ? prompts.load(id).state().calls().stream()
                        .filter(call -> calls.waits(id, call))
                        .findFirst()
                : Optional.empty();
    }

    private void report() {
        for (Backpressure.Inlet inlet : Backpressure.Inlet.values()) {
            parts.backpressure().report(partition(), stage, inlet, calls.waiting(inlet));
        }
    }

    private int partition() {
        return context.taskId().partition();
    }
}
