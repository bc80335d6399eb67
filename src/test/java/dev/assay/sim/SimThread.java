package dev.assay.sim;

import dev.assay.topology.CommittedOffsets;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.internals.StreamsConfigUtils.ProcessingMode;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.StreamsProducer;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A stream thread: what `StreamThread`, `TaskManager` and `TaskExecutor` of Kafka Streams do with
/// their tasks, in the same order.
final class SimThread implements SimProducer.Wire {

    private static final Duration SHORTEST_LOOP = Duration.ofMillis(1);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration SLOWEST_LOOP = Duration.ofMillis(400);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_STALL = Duration.ofSeconds(16);
    private static final long COMMIT_INTERVAL_MS = 100;
    private static final int MAX_POLL_RECORDS = 20;

    /// How often a thread that was thrown out of the group runs before it hears of it, at most.
    private static final int UNAWARE_LOOPS = 3;

    private final String name;
    private final World world;
    private final SimInstance instance;
    private final CommittedOffsets committed = new CommittedOffsets();
    private final SimConsumer consumer;
    private final SortedMap<TaskId, SimTask> tasks = new TreeMap<>();
    private final Set<TaskId> granted = new LinkedHashSet<>();
    private final Set<TaskId> revoked = new LinkedHashSet<>();
    private SimProducer producer;
    private StreamsProducer streamsProducer;
    private long lastCommitMs;
    private int numIterations = 1;
    private int idleLoops;
    private int unawareLoops;
    private boolean gone;

    SimThread(String name, World world, SimInstance instance) {
        this.name = name;
        this.world = world;
        this.instance = instance;
        this.consumer = new SimConsumer(world.broker(), instance.pipeline()::pauses, committed);
        this.lastCommitMs = instance.clock().milliseconds();
        renewProducer();
        world.group().join(this);
        world.scheduler().after(SHORTEST_LOOP, this::run);
    }

    String name() {
        return name;
    }

    void grant(TaskId task) {
        granted.add(task);
    }

    void revoke(TaskId task) {
        revoked.add(task);
    }

    boolean reads(TaskId task, TopicPartition input) {
        return instance.runtime().inputs(task).contains(input);
    }

    /// The process is no more.
    void vanish() {
        gone = true;
    }

    /// The instance shuts down in order.
    void shutDown() {
        if (gone) {
            return;
        }
        try {
            commit();
            tasks.values().forEach(this::closeClean);
        } catch (StreamsException _) {
            tasks.values().forEach(SimTask::closeDirty);
        }
        tasks.clear();
        gone = true;
        world.group().leave(this);
    }

    private void run() {
        if (gone) {
            return;
        }
        Duration pause;
        try {
            pause = loop();
        } catch (Crash crash) {
            world.trace().add(name + " " + crash.getMessage());
            world.crashed(instance);
            return;
        }
        if (!gone) {
            world.scheduler().after(pause, this::run);
        }
    }

    private Duration loop() {
        try {
            if (isThrownOut()) {
                lose("was thrown out of the group");
                return POLL;
            }
            giveUpRevoked();
            openGranted();
            boolean busy = once();
            idleLoops = busy ? 0 : idleLoops + 1;
        } catch (TaskMigratedException e) {
            lose("is fenced");
        } catch (RuntimeException e) {
            die(e);
        }
        if (world.fates().stalls()) {
            return stall();
        }
        double slower = Math.pow(1.5, Math.min(idleLoops, 20));
        Duration pause = Duration.ofNanos((long) (POLL.toNanos() * slower));
        return idleLoops == 0
                ? SHORTEST_LOOP
                : pause.compareTo(SLOWEST_LOOP) < 0 ? pause : SLOWEST_LOOP;
    }

    /// Nothing runs for a while, as after SIGSTOP; the group does not wait for ever.
    private Duration stall() {
        Duration stall = world.fates().duration(Duration.ofMillis(100), LONGEST_STALL);
        world.trace().add(name + " stalls for " + stall.toMillis() + " ms");
        if (stall.compareTo(SESSION_TIMEOUT) > 0) {
            unawareLoops = world.fates().below(UNAWARE_LOOPS + 1);
            world.scheduler().after(SESSION_TIMEOUT, () -> world.group().leave(this));
        }
        return stall;
    }

    /// Whoever does not know yet goes on, and makes calls that its successor makes as well.
    private boolean isThrownOut() {
        if (world.group().isMember(this)) {
            return false;
        }
        world.fates().disrupted();
        return unawareLoops-- <= 0;
    }

    private void openGranted() {
        for (TaskId id : List.copyOf(granted)) {
            if (!instance.locks(id, this)) {
                continue;
            }
            granted.remove(id);
            SimTask task =
                    new SimTask(id, instance.runtime(), world.broker(), consumer, streamsProducer);
            consumer.take(task.inputs());
            tasks.put(id, task);
            task.open();
            world.trace().add(name + " has opened task " + id);
        }
    }

    /// As `handleRevocation`: commits everything if any of the revoked needs it, then closes those.
    private void giveUpRevoked() {
        if (revoked.isEmpty()) {
            return;
        }
        List<TaskId> ids = List.copyOf(revoked);
        revoked.clear();
        commit();
        for (TaskId id : ids) {
            SimTask task = tasks.remove(id);
            granted.remove(id);
            if (task != null) {
                closeClean(task);
                instance.unlocks(id);
                consumer.leave(task.inputs());
                world.fates().disrupted();
                world.trace().add(name + " has given up task " + id);
            }
            world.group().released(this, id);
        }
    }

    private void closeClean(SimTask task) {
        task.task().postCommit(true);
        task.task().suspend();
        task.task().closeClean();
    }

    /// As `runOnce`.
    private boolean once() {
        tasks.values().forEach(task -> task.task().resumePollingForPartitionsWithAvailableSpace());
        boolean busy = poll();
        tasks.values().forEach(task -> task.task().updateLags());
        for (int processed = process(); ; processed = process()) {
            boolean punctuated = punctuate();
            boolean committed = maybeCommit();
            busy |= processed > 0 || committed;
            if (processed == 0) {
                return busy;
            }
            numIterations =
                    punctuated || committed ? Math.max(1, numIterations / 2) : numIterations + 1;
        }
    }

    private boolean poll() {
        boolean any = false;
        for (Map.Entry<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found :
                consumer.fetch(MAX_POLL_RECORDS).entrySet()) {
            TopicPartition partition = found.getKey();
            for (SimTask task : tasks.values()) {
                if (task.inputs().contains(partition)) {
                    if (!found.getValue().isEmpty()) {
                        task.task().addRecords(partition, found.getValue());
                        any = true;
                    }
                    task.task()
                            .updateNextOffsets(
                                    partition, new OffsetAndMetadata(consumer.position(partition)));
                }
            }
        }
        return any;
    }

    private int process() {
        int total = 0;
        for (SimTask task : tasks.values()) {
            long nowMs = instance.clock().milliseconds();
            for (int processed = 0;
                    processed < numIterations && task.task().process(nowMs);
                    processed++) {
                total++;
            }
        }
        return total;
    }

    private boolean punctuate() {
        boolean any = false;
        for (SimTask task : tasks.values()) {
            any |= task.task().maybePunctuateStreamTime();
            any |= task.task().maybePunctuateSystemTime();
        }
        return any;
    }

    private boolean maybeCommit() {
        long nowMs = instance.clock().milliseconds();
        if (nowMs - lastCommitMs <= COMMIT_INTERVAL_MS) {
            // As `maybeCommitActiveTasksPerUserRequested`: one that asks has all committed.
            boolean asked =
                    tasks.values().stream()
                            .map(SimTask::task)
                            .anyMatch(task -> task.commitRequested() && task.commitNeeded());
            return asked && commit();
        }
        boolean wrote = commit();
        lastCommitMs = nowMs;
        return wrote;
    }

    /// As `commitTasksAndMaybeUpdateCommittableOffsets`.
    private boolean commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (SimTask task : tasks.values()) {
            if (task.task().commitNeeded()) {
                offsets.putAll(task.task().prepareCommit(true));
            }
        }
        boolean wrote = producer.inTransaction();
        if (wrote || !offsets.isEmpty()) {
            streamsProducer.commitTransaction(offsets, consumer.groupMetadata());
        }
        for (SimTask task : tasks.values()) {
            if (task.task().commitNeeded()) {
                task.task().postCommit(false);
            }
        }
        return wrote;
    }

    /// As `handleLostAll`: closes all tasks, begins anew as another producer, and joins again.
    private void lose(String why) {
        world.fates().disrupted();
        world.trace().add(name + " " + why + " and loses its tasks");
        closeAllDirty();
        renewProducer();
        world.group().leave(this);
        world.group().join(this);
    }

    /// The thread dies; the instance starts another one.
    private void die(RuntimeException reason) {
        world.fates().disrupted();
        world.trace().add(name + " dies of " + reason);
        if (!BrokerFault.isCauseOf(reason)) {
            throw new Violation("threads die of broker faults only: " + name + " died", reason);
        }
        closeAllDirty();
        gone = true;
        world.group().leave(this);
        instance.replace(this);
    }

    private void closeAllDirty() {
        for (SimTask task : tasks.values()) {
            task.closeDirty();
            instance.unlocks(task.id());
            consumer.leave(task.inputs());
        }
        tasks.clear();
        granted.clear();
        revoked.clear();
    }

    private void renewProducer() {
        producer = new SimProducer(world.broker(), world.scheduler(), this, committed);
        streamsProducer =
                new StreamsProducer(
                        producer,
                        ProcessingMode.EXACTLY_ONCE_V2,
                        instance.clock(),
                        new LogContext());
    }

    @Override
    public void sending(ProducerRecord<byte[], byte[]> record) {
        if (world.fates().crashesAtRecord()) {
            throw new Crash("before a record for " + record.topic());
        }
        if (world.fates().brokerFails()) {
            throw new BrokerFault("has failed the producer");
        }
    }

    @Override
    public void committing(Map<TopicPartition, OffsetAndMetadata> offsets, boolean timedOut) {
        if (world.fates().crashesAtCommit()) {
            if (world.bug() == Bug.COMMITS_OFFSETS_FIRST) {
                world.broker().commit(List.of(), offsets);
            }
            throw new Crash("before a commit");
        }
        if (timedOut) {
            throw new InvalidProducerEpochException("the transaction was open for too long");
        }
        if (!offsets.keySet().stream().allMatch(input -> world.group().owns(this, input))) {
            throw new CommitFailedException("this thread does not own all of these");
        }
        if (world.fates().commitTimesOut() && world.fates().flip()) {
            // A timeout, of which the product's producer makes a fault.
            throw new BrokerFault("has not made a commit, and not answered in time");
        }
    }

    @Override
    public void committed(int records) {
        if (records > 0) {
            world.trace().add(name + " has committed " + records + " records");
            world.committed();
        }
        if (world.fates().crashesAtCommit()) {
            throw new Crash("after a commit");
        }
        if (world.fates().commitTimesOut()) {
            throw new BrokerFault("has made a commit, but not answered in time");
        }
    }
}
