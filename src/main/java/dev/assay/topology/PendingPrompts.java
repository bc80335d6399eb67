package dev.assay.topology;

import dev.assay.codec.StateCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.budget.NanoUsd;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.decide.call.Step;
import dev.assay.flight.Landed;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Spend;
import dev.assay.model.Waypoint;
import dev.assay.topology.Purses.Hold;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The prompts of a stage, each in its store, moved on by the stage's decisions.
///
/// Whatever can fail is done before anything is written; a decision that breaks ends its prompt
/// alone. Used by the task's stream thread.
final class PendingPrompts {

    private final Parts parts;
    private final StageLogic logic;
    private final String nextNode;
    private final ProcessorContext<String, Waypoint> context;
    private final KeyValueStore<String, byte[]> store;
    private final Departures departures;
    private final OpenCalls calls;
    private final boolean budgeted;

    /// What was written last, so that a call which starts at once need not read it back.
    private Optional<Pending> latest = Optional.empty();

    /// @param nextNode where prompts go that have all they need of the stage
    /// @param calls the index of the store, kept true to it
    PendingPrompts(
            Parts parts,
            Stage stage,
            StageLogic logic,
            String nextNode,
            ProcessorContext<String, Waypoint> context,
            OpenCalls calls) {
        this.parts = parts;
        this.logic = logic;
        this.nextNode = nextNode;
        this.context = context;
        this.store = context.getStateStore(Stores.pending(stage));
        this.departures = new Departures(store, parts.deliveries());
        this.calls = calls;
        this.budgeted = parts.routes().anyDayBudget();
    }

    /// All that the store holds; to be closed.
    KeyValueIterator<String, byte[]> all() {
        return store.all();
    }

    /// The prompt as it stands.
    Pending load(String id) {
        return calls.inAir(id)
                .or(() -> latest.filter(pending -> pending.state().prompt().id().equals(id)))
                .orElseGet(() -> StoreCodec.decodePending(store.get(id)));
    }

    /// A prompt comes to the stage.
    void enter(Record<String, PromptState> record) {
        PromptState state = record.value();
        Instant now = parts.clock().instant();
        advance(
                state,
                record.headers(),
                record.timestamp(),
                () -> logic.enter(state, parts.knowledge().current(), now));
    }

    /// After a crash the store here may hold what its changelog does not, since that write was in
    /// the air; with the record that brought it, it would be lost to the next instance.
    void rewrite(String id) {
        if (!parts.deliveries().transactional()) {
            store.put(id, store.get(id));
        }
    }

    /// A call takes off. Where a budget binds its prompt the store says so, for whoever opens the
    /// task after a crash.
    ///
    /// @return the prompt as it stands now
    Pending begins(Pending pending, Call call) {
        if (parts.routes().budgetUsd(pending.state()).isEmpty()) {
            return pending;
        }
        Set<Integer> begun = new HashSet<>(pending.begun());
        begun.add(call.slot());
        List<Integer> lost = new ArrayList<>(pending.lost());
        lost.removeIf(slot -> slot == call.slot());
        return keep(pending, pending.state(), begun, lost);
    }

    /// Owners before this one had calls of the prompt in the air. What came of those that are not
    /// known here may be billed and counts; those that are known here count no more.
    void recount(String id) {
        Pending pending = load(id);
        PromptState state = pending.state();
        Set<Integer> begun = new HashSet<>(pending.begun());
        List<Integer> lost = new ArrayList<>();
        for (Call call : pending.state().calls()) {
            int tries = Collections.frequency(pending.lost(), call.slot());
            if (calls.flies(id, call)) {
                if (tries > 0) {
                    state = logic.besides(state, call, -tries);
                    begun.add(call.slot());
                }
                continue;
            }
            if (begun.remove(call.slot())) {
                tries = tries(pending.state(), call);
                state = logic.besides(state, call, tries);
            }
            lost.addAll(Collections.nCopies(tries, call.slot()));
            int counted = tries;
            calls.find(id, call).ifPresent(open -> open.lost(counted));
        }
        if (!begun.equals(pending.begun()) || !lost.equals(pending.lost())) {
            var _ = keep(pending, state, begun, lost);
        }
    }

    /// At most: a slow call of some models has a second try beside it, where the budget bears one.
    private int tries(PromptState state, Call call) {
        return parts.hedges().covers(call.model()) && logic.affordsBeside(state, call) ? 2 : 1;
    }

    private Pending keep(
            Pending pending, PromptState state, Set<Integer> begun, List<Integer> lost) {
        Pending kept = new Pending(state, pending.timestampMs(), pending.headers(), begun, lost);
        store.put(state.prompt().id(), StoreCodec.encode(kept));
        calls.keep(kept);
        latest = Optional.of(kept);
        return kept;
    }

    /// A call came back.
    void landed(Pending pending, int slot, Landed landed) {
        boolean shared = landed.result() instanceof CallResult.Answered answer && answer.shared();
        Call asked = pending.state().call(slot).orElseThrow();
        Call call = shared ? asked.because("an identical request was answered") : asked;
        PromptState state =
                landed.besides() == 0
                        ? pending.state()
                        : logic.besides(pending.state(), call, landed.besides());
        ended(pending, state, call, landed.result(), landed.took());
    }

    /// A call cannot be made, since its model is of no use to anybody.
    void gaveUpOnModel(Pending pending, int slot, CallError error) {
        PromptState state = pending.state();
        ended(
                pending,
                state,
                state.call(slot).orElseThrow(),
                new CallResult.GiveUpOnModel(error),
                Duration.ZERO);
    }

    /// A call could not be made in time.
    void expired(Pending pending, Call call, Expiry why, Instant now) {
        PromptState state = pending.state();
        advance(
                state,
                pending.headers(),
                pending.timestampMs(),
                () -> logic.expired(state, call, why, now));
    }

    /// A budget has no room for a call.
    ///
    /// @param budget which one, and how much of it is used
    void tooDear(Pending pending, Call call, String budget, Instant now) {
        PromptState state = pending.state();
        advance(
                state,
                pending.headers(),
                pending.timestampMs(),
                () -> logic.tooDear(state, call, budget, now));
    }

    /// A call is waited for no longer. Where it is in the air it may be billed.
    void waitedEnough(Pending pending, Call call, Instant now) {
        PromptState state = pending.state();
        PromptState counted =
                calls.waits(state.prompt().id(), call) ? state : logic.besides(state, call, 1);
        advance(
                counted,
                pending.headers(),
                pending.timestampMs(),
                () -> logic.expired(counted, call, Expiry.ENOUGH_WAITED, now));
    }

    /// The model of a waiting call fails at present; it goes to another that serves, or waits.
    void goElsewhere(Pending pending, Call call, CallError error, Predicate<String> serving) {
        PromptState state = pending.state();
        Instant now = parts.clock().instant();
        Guard.<Optional<Step>>orElse(
                        state,
                        () -> logic.elsewhere(state, call, error, serving, now),
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

    /// The prompt ends here.
    void leave(Pending pending, Result.Failed failed) {
        PromptState state = pending.state();
        advance(
                state,
                pending.headers(),
                pending.timestampMs(),
                () -> new Step.Failed(state, failed.failure()));
    }

    /// Nobody waits for the prompt any more.
    void cancelled(Pending pending) {
        leave(pending, SeenIds.cancelled(pending.state()));
    }

    /// Takes out of the store what is safe elsewhere by now.
    void sweep() {
        departures.sweep();
    }

    void close() {
        departures.close();
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
        Optional<Spend> spentBefore = budgeted ? spent(id) : Optional.empty();
        Settled settled =
                Guard.<Settled>orElse(
                        before,
                        () -> settle(decision.get(), headers, timestampMs),
                        Settled.Leaves::new);
        switch (settled) {
            case Settled.Stays stays -> {
                store.put(id, stays.bytes());
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
        spentBefore.ifPresent(spend -> settle(spend, settled));
    }

    private Optional<Spend> spent(String id) {
        return calls.has(id) ? Optional.of(load(id).state().spend()) : Optional.empty();
    }

    /// Tells the budgets of the day what the calls that ended have cost. For one that another owner
    /// of the partition began nothing is set aside here: its ledger counts it as spent.
    private void settle(Spend before, Settled settled) {
        List<Hold> ended = calls.takeEnded();
        if (!ended.isEmpty()) {
            Spend after = settled.spend();
            purses().settle(
                            ended,
                            NanoUsd.of(after.totalUsd() - before.totalUsd()),
                            NanoUsd.of(after.uncertainUsd() - before.uncertainUsd()));
        }
    }

    private Purses purses() {
        return parts.budgets().of(context.taskId().partition());
    }

    private Settled settle(Step step, Headers headers, long timestampMs) {
        return switch (step) {
            case Step.Done done -> new Settled.Leaves(done.state());
            case Step.Failed failed -> ends(failed.state(), failed.failure());
            case Step.Continue goesOn ->
                    fit(
                            new Pending(
                                    goesOn.state(),
                                    timestampMs,
                                    headers,
                                    begun(goesOn.state()),
                                    lost(goesOn.state())));
        };
    }

    /// The prompt fails; what it has in the air may be billed.
    private Settled ends(PromptState state, Failure failure) {
        PromptState counted = state;
        for (Call call : state.calls()) {
            if (calls.flies(state.prompt().id(), call)) {
                counted = logic.besides(counted, call, 1);
            }
        }
        return new Settled.Leaves(new Result.Failed(counted, failure));
    }

    /// The calls in the air, where a budget must count them.
    private Set<Integer> begun(PromptState state) {
        return parts.routes().budgetUsd(state).isEmpty()
                ? Set.of()
                : state.calls().stream()
                        .filter(call -> calls.flies(state.prompt().id(), call))
                        .map(Call::slot)
                        .collect(Collectors.toSet());
    }

    private List<Integer> lost(PromptState state) {
        return state.calls().stream()
                .flatMap(call -> calls.find(state.prompt().id(), call).stream())
                .flatMap(open -> Collections.nCopies(open.lostTries(), open.slot()).stream())
                .toList();
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
                        pending.headers(),
                        pending.begun(),
                        pending.lost());
        byte[] slimBytes = StoreCodec.encode(slim);
        if (slimBytes.length <= parts.engine().maxRecordBytes()) {
            return new Settled.Stays(slim, slimBytes);
        }
        String message =
                "prompt and answers have %d bytes, more than engine.max_record_bytes (%d)"
                        .formatted(slimBytes.length, parts.engine().maxRecordBytes());
        return ends(slim.state(), new Failure(FailureCode.TOO_LARGE, message));
    }
}
