package dev.assay.topology;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.limit.Demand;
import dev.assay.flight.Reuse;
import dev.assay.model.Call;
import dev.assay.model.Priority;
import dev.assay.model.PromptState;
import dev.assay.topology.Purses.Hold;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The compact index of a stage's store: which calls are in the air, which wait for which model.
///
/// The heap holds whole prompts only while a call of theirs is in the air; of those that wait, the
/// id, the model, the priority, two times and the tokens to expect. Derived from the store whenever
/// a task opens. Used by the task's stream thread.
final class OpenCalls {

    /// One call that a prompt needs.
    static final class OpenCall {
        private final Entry entry;
        private final int slot;
        private final String model;
        private final int tries;
        private final Instant notBefore;
        private final Demand demand;
        private final Funds funds = new Funds();
        private Optional<Reuse> reuse = Optional.empty();
        private boolean reuseKnown;
        private int lostTries;
        private boolean inAir;
        private boolean closed;

        private OpenCall(Entry entry, Call call, Demand demand) {
            this.entry = entry;
            this.slot = call.slot();
            this.model = call.model();
            this.tries = call.tries();
            this.notBefore = call.notBefore();
            this.demand = demand;
        }

        String promptId() {
            return entry.id;
        }

        int slot() {
            return slot;
        }

        int tries() {
            return tries;
        }

        Demand demand() {
            return demand;
        }

        Funds funds() {
            return funds;
        }

        /// With whom it may share its answer. A call that waits is asked in every turn, and finding
        /// out takes a look at its whole request.
        Optional<Reuse> reuse(Supplier<Optional<Reuse>> look) {
            if (!reuseKnown) {
                reuse = look.get();
                reuseKnown = true;
            }
            return reuse;
        }

        /// Tries that an owner before had in the air and that count as uncertain, until the call is
        /// made again.
        int lostTries() {
            return lostTries;
        }

        void lost(int tries) {
            lostTries = tries;
        }

        Instant notBefore() {
            return notBefore;
        }

        Priority priority() {
            return entry.priority;
        }

        Party party() {
            return entry.party;
        }

        boolean isClosed() {
            return closed;
        }

        /// True where it is needed and not in the air.
        boolean waits() {
            return !closed && !inAir;
        }

        boolean is(Call call) {
            return slot == call.slot() && tries == call.tries() && model.equals(call.model());
        }
    }

    /// Who takes turns with others of the same priority.
    record Party(Optional<String> tenant, Optional<String> job) {}

    private static final class Entry {
        private final String id;
        private final Priority priority;
        private final Party party;
        private final Backpressure.Inlet inlet;
        private final Optional<Instant> deadline;
        private final Instant admittedAt;
        private Instant waitUntil = Instant.MAX;
        private List<OpenCall> calls = List.of();
        private Optional<Pending> inAir = Optional.empty();

        private Entry(PromptState state, Backpressure.Inlet inlet) {
            this.inlet = inlet;
            this.id = state.prompt().id();
            this.priority = state.prompt().labels().priority();
            this.party =
                    new Party(state.prompt().labels().tenant(), state.prompt().origin().jobId());
            this.deadline = state.prompt().constraints().deadline();
            this.admittedAt = state.prompt().origin().admittedAt();
        }

        private Instant latest() {
            return deadline.orElse(Instant.MAX);
        }
    }

    private final NavigableSet<Entry> byDeadline =
            new TreeSet<>(Comparator.comparing(Entry::latest).thenComparing(entry -> entry.id));
    private final NavigableSet<Entry> byWait =
            new TreeSet<>(
                    Comparator.comparing((Entry entry) -> entry.waitUntil)
                            .thenComparing(entry -> entry.id));
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, ModelLine> lines = new HashMap<>();
    private List<String> models = List.of();
    private final List<OpenCall> putBy = new ArrayList<>();
    private final List<Hold> ended = new ArrayList<>();
    private final Map<Backpressure.Inlet, Integer> waiting =
            new EnumMap<>(Backpressure.Inlet.class);
    private final Function<String, Backpressure.Inlet> inletOfTopic;

    /// @param inletOfTopic by which kind of topic the prompts of a topic come
    OpenCalls(Function<String, Backpressure.Inlet> inletOfTopic) {
        this.inletOfTopic = inletOfTopic;
    }

    /// True while the prompt needs anything of this stage.
    boolean has(String promptId) {
        return entries.containsKey(promptId);
    }

    /// Takes over the calls that a state needs now: new ones wait, those it no longer needs are
    /// forgotten.
    void update(PromptState state, Instant now) {
        Entry entry = entries.computeIfAbsent(state.prompt().id(), _ -> entry(state));
        List<OpenCall> before = entry.calls;
        List<OpenCall> after = new ArrayList<>(state.calls().size());
        for (Call call : state.calls()) {
            Optional<OpenCall> same = before.stream().filter(open -> open.is(call)).findFirst();
            after.add(
                    same.orElseGet(
                            () ->
                                    enqueue(
                                            new OpenCall(
                                                    entry, call, CallRequests.demand(state, call)),
                                            now)));
        }
        before.stream().filter(open -> !after.contains(open)).forEach(this::close);
        entry.calls = after;
        waits(entry, state.waitUntil().orElse(Instant.MAX));
        if (after.stream().noneMatch(call -> call.inAir)) {
            entry.inAir = Optional.empty();
        }
    }

    /// The prompt needs nothing of this stage any more.
    ///
    /// @return false where it never did
    boolean remove(String promptId) {
        Entry entry = entries.remove(promptId);
        if (entry == null) {
            return false;
        }
        entry.calls.forEach(this::close);
        byDeadline.remove(entry);
        byWait.remove(entry);
        return true;
    }

    private void waits(Entry entry, Instant until) {
        byWait.remove(entry);
        entry.waitUntil = until;
        if (until.isBefore(Instant.MAX)) {
            byWait.add(entry);
        }
    }

    /// The prompt as it stands, where a call of it is in the air; else only the store knows it.
    Optional<Pending> inAir(String promptId) {
        Entry entry = entries.get(promptId);
        return entry == null ? Optional.empty() : entry.inAir;
    }

    /// Keeps the prompt at hand while a call of it is in the air.
    void keep(Pending pending) {
        Entry entry = entries.get(pending.state().prompt().id());
        if (entry != null && entry.calls.stream().anyMatch(call -> call.inAir)) {
            entry.inAir = Optional.of(pending);
        }
    }

    /// The open call that this identity means, if the prompt still needs it.
    Optional<OpenCall> find(String promptId, int slot, String model, int tries) {
        Entry entry = entries.get(promptId);
        return entry == null
                ? Optional.empty()
                : entry.calls.stream()
                        .filter(
                                call ->
                                        call.slot == slot
                                                && call.tries == tries
                                                && call.model.equals(model))
                        .findFirst();
    }

    Optional<OpenCall> find(String promptId, Call call) {
        return find(promptId, call.slot(), call.model(), call.tries());
    }

    /// True where this call is known and not in the air.
    boolean waits(String promptId, Call call) {
        return find(promptId, call).filter(open -> !open.inAir).isPresent();
    }

    /// True where this call is in the air.
    boolean flies(String promptId, Call call) {
        return find(promptId, call).filter(open -> open.inAir).isPresent();
    }

    /// Models that any call was ever queued for.
    List<String> models() {
        return models;
    }

    /// Calls of a model that are ready to start.
    int ready(String model, Priority priority) {
        return line(model).map(line -> line.ready(priority)).orElse(0);
    }

    /// Calls of a model that are in the air.
    int inAir(String model, Priority priority) {
        return line(model).map(line -> line.inAir(priority)).orElse(0);
    }

    /// All calls not in the air of prompts that came by this inlet, delayed ones too.
    int waiting(Backpressure.Inlet inlet) {
        return waiting.getOrDefault(inlet, 0);
    }

    /// Moves calls whose moment has come to the ready ones.
    void promote(Instant now) {
        lines.values().forEach(line -> line.promote(now));
    }

    /// The next call of a model to start; it stays where it is until it is launched.
    Optional<OpenCall> next(String model, Priority priority) {
        return line(model).flatMap(line -> line.next(priority));
    }

    /// The model fails: all calls ready for it are to be asked, and those that come to be, whether
    /// they go elsewhere.
    void askAll(String model) {
        line(model).ifPresent(ModelLine::askAll);
    }

    void askNoMore(String model) {
        line(model).ifPresent(ModelLine::askNoMore);
    }

    /// The next call to be asked whether it goes elsewhere; each is named once.
    Optional<OpenCall> nextToAsk(String model) {
        return line(model).flatMap(ModelLine::nextToAsk);
    }

    /// Puts a ready call by until [#wake].
    void putBy(OpenCall call) {
        line(call).remove(call);
        putBy.add(call);
    }

    boolean anyPutBy() {
        return !putBy.isEmpty();
    }

    /// All calls that were put by are ready again.
    void wake() {
        List<OpenCall> all = List.copyOf(putBy);
        putBy.clear();
        all.stream().filter(call -> !call.closed).forEach(call -> line(call).makeReady(call));
    }

    /// What was set aside for calls that ended since this was asked last.
    List<Hold> takeEnded() {
        if (ended.isEmpty()) {
            return List.of();
        }
        List<Hold> all = List.copyOf(ended);
        ended.clear();
        return all;
    }

    /// A call takes off with its prompt.
    void launch(OpenCall call, Pending pending) {
        if (!call.inAir) {
            line(call).launched(call);
            call.inAir = true;
            call.lostTries = 0;
            waiting.merge(call.entry.inlet, -1, Integer::sum);
        }
        call.entry.inAir = Optional.of(pending);
    }

    /// The ids of prompts whose deadline is over and that have a call waiting.
    List<String> overdue(Instant now) {
        return waitingOf(byDeadline.stream().takeWhile(entry -> !now.isBefore(entry.latest())));
    }

    /// The ids of prompts whose ensemble waits no longer for its members.
    List<String> waitedEnough(Instant now) {
        return byWait.stream()
                .takeWhile(entry -> !now.isBefore(entry.waitUntil))
                .map(entry -> entry.id)
                .toList();
    }

    /// The ids of prompts admitted before that have a call waiting. Looks at all prompts.
    List<String> admittedBefore(Instant time) {
        return waitingOf(
                entries.values().stream().filter(entry -> entry.admittedAt.isBefore(time)));
    }

    /// Prompts of such jobs with calls that wait.
    List<String> ofJobs(Predicate<String> which) {
        return waitingOf(
                entries.values().stream()
                        .filter(entry -> entry.party.job.filter(which).isPresent()));
    }

    private static List<String> waitingOf(Stream<Entry> entries) {
        return entries.filter(entry -> entry.calls.stream().anyMatch(call -> !call.inAir))
                .map(entry -> entry.id)
                .toList();
    }

    private Entry entry(PromptState state) {
        String topic = state.prompt().origin().coordinates().topic();
        Entry entry = new Entry(state, inletOfTopic.apply(topic));
        if (entry.deadline.isPresent()) {
            byDeadline.add(entry);
        }
        return entry;
    }

    private ModelLine newLine(String model) {
        List<String> more = new ArrayList<>(models);
        more.add(model);
        models = List.copyOf(more);
        return new ModelLine();
    }

    private OpenCall enqueue(OpenCall call, Instant now) {
        lines.computeIfAbsent(call.model, this::newLine).add(call, now);
        waiting.merge(call.entry.inlet, 1, Integer::sum);
        return call;
    }

    private void close(OpenCall call) {
        if (call.closed) {
            return;
        }
        call.closed = true;
        ended.addAll(call.funds.takeAll());
        if (call.inAir) {
            line(call).landed(call);
        } else {
            line(call).remove(call);
            waiting.merge(call.entry.inlet, -1, Integer::sum);
        }
    }

    private Optional<ModelLine> line(String model) {
        return Optional.ofNullable(lines.get(model));
    }

    private ModelLine line(OpenCall call) {
        return Objects.requireNonNull(lines.get(call.model));
    }
}
