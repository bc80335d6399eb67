package dev.assay.sim;

import dev.assay.codec.RegistrySerdes;
import dev.assay.flight.CallThreads;
import dev.assay.model.ModelCard;
import dev.assay.provider.ModelProvider;
import dev.assay.topology.SimulatedPipeline;

import org.apache.kafka.streams.processor.TaskId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// One process: its clock, lanes, calls and stream threads. Nothing of it outlives a crash but what
/// has committed.
final class SimInstance {

    private static final Duration NEW_THREAD = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration GIVE_BACK = Duration.ofSeconds(1);

    private final String name;
    private final String home;
    private final World world;
    private final SimClock clock;
    private final SimCalls calls;
    private final SimulatedPipeline pipeline;
    private final StreamsRuntime runtime;
    private final List<SimThread> threads = new ArrayList<>();
    private final Map<TaskId, SimThread> locks = new HashMap<>();
    private int born;
    private boolean gone;
    private boolean closing;

    /// @param home its state folder, which others may have had before
    SimInstance(String name, String home, World world, RegistrySerdes serdes, int stripes) {
        this.name = name;
        this.home = home;
        this.world = world;
        Scheduler scheduler = world.scheduler();
        this.clock = new SimClock(scheduler, world.scenario().start());
        this.calls = new SimCalls(scheduler, world.bug());
        Map<String, ModelProvider> providers = new HashMap<>();
        for (ModelCard model : world.scenario().file().catalog().models().values()) {
            providers.put(model.name(), new SimModel(model, this, world));
        }
        this.pipeline =
                new SimulatedPipeline(
                        world.scenario().file(),
                        providers,
                        serdes,
                        world.broker().partitions(),
                        clock,
                        new Random(world.fates().below(Integer.MAX_VALUE)),
                        new CallThreads(calls, scheduler::nowNanos),
                        home);
        this.runtime =
                new StreamsRuntime(pipeline.topology(), clock, world.scenario().bufferedRecords());
        world.group().tasks(runtime.tasks(world.broker().partitions()));
        for (int thread = 0; thread < stripes; thread++) {
            newThread();
        }
    }

    String name() {
        return name;
    }

    String home() {
        return home;
    }

    SimClock clock() {
        return clock;
    }

    SimCalls calls() {
        return calls;
    }

    SimulatedPipeline pipeline() {
        return pipeline;
    }

    StreamsRuntime runtime() {
        return runtime;
    }

    boolean gone() {
        return gone;
    }

    boolean closing() {
        return closing;
    }

    /// The lock on a task's state folder: of the threads of a process only one has the task open,
    /// whatever the group thinks.
    boolean locks(TaskId task, SimThread thread) {
        return locks.putIfAbsent(task, thread) == null;
    }

    void unlocks(TaskId task) {
        locks.remove(task);
    }

    /// A thread died; the next one starts a second later.
    void replace(SimThread dead) {
        threads.remove(dead);
        world.scheduler()
                .after(
                        NEW_THREAD,
                        () -> {
                            if (!gone && !closing) {
                                newThread();
                            }
                        });
    }

    /// kill -9: whatever is in memory is lost; the models do not hear of it.
    void crash() {
        gone = true;
        threads.forEach(SimThread::vanish);
        calls.shutdownNow();
        runtime.close();
    }

    List<SimThread> threads() {
        return List.copyOf(threads);
    }

    /// Stops in order, as the pipeline does: starts nothing, waits for what is in the air as long
    /// as it may, commits, leaves.
    void close() {
        closing = true;
        world.trace().add(name + " shuts down");
        pipeline.stopLanes();
        long deadlineNanos =
                world.scheduler().nowNanos()
                        + world.scenario().file().engine().drainTimeout().toNanos();
        leaveWhenLanded(deadlineNanos);
    }

    private void leaveWhenLanded(long deadlineNanos) {
        if (gone) {
            return;
        }
        if (calls.live() > 0 && world.scheduler().nowNanos() < deadlineNanos) {
            world.scheduler().after(LOOK_AGAIN, () -> leaveWhenLanded(deadlineNanos));
            return;
        }
        // A moment for the tasks to take what came back, and to give back their places.
        long patienceNanos = world.scheduler().nowNanos() + GIVE_BACK.toNanos();
        world.scheduler().after(LOOK_AGAIN, () -> leaveWhenGivenBack(patienceNanos));
    }

    private void leaveWhenGivenBack(long deadlineNanos) {
        if (!gone && !pipeline.placesAreBack() && world.scheduler().nowNanos() < deadlineNanos) {
            world.scheduler().after(LOOK_AGAIN, () -> leaveWhenGivenBack(deadlineNanos));
            return;
        }
        leave();
    }

    private void leave() {
        if (gone) {
            return;
        }
        world.fates().disrupted();
        try {
            threads.forEach(SimThread::shutDown);
        } catch (Crash crash) {
            world.trace().add(name + " " + crash.getMessage() + " while it shut down");
            world.crashed(this);
            return;
        }
        gone = true;
        pipeline.closeFlights();
        runtime.close();
        world.left(this);
    }

    private void newThread() {
        threads.add(new SimThread(name + "-" + born++, world, this));
    }
}
