package dev.assay.sim;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Threads for the calls of one instance. They are virtual threads, as in the product, but the one
/// thread of the simulation carries them: a call runs when the scheduler says so, nothing runs
/// beside it, and an interrupt is seen at the end of the step that sent it.
final class SimCalls extends AbstractExecutorService {

    /// From the decision of a stream thread to the call.
    static final Duration BEGIN = Duration.ofNanos(100_000);

    private static final int LOSES_ONE_IN = 20;

    private final Scheduler scheduler;
    private final Bug bug;
    private final Queue<Runnable> due = new ArrayDeque<>();
    private final Thread.Builder threads = carriedBy(due::add);
    private final Set<Thread> live = new LinkedHashSet<>();
    private int slept;
    private boolean shutdown;

    SimCalls(Scheduler scheduler, Bug bug) {
        this.scheduler = scheduler;
        this.bug = bug;
    }

    /// Calls begun or about to begin.
    int live() {
        return live.size();
    }

    /// Lets time pass on the thread of a call.
    void sleep(Duration time) throws InterruptedException {
        Semaphore over = new Semaphore(0);
        boolean lost = bug == Bug.LOSES_CALLS && slept++ % LOSES_ONE_IN == 0;
        if (!lost) {
            scheduler.after(
                    time,
                    () -> {
                        over.release();
                        goOn();
                    });
        }
        over.acquire();
    }

    /// Lets threads go on until all wait or have ended.
    void goOn() {
        for (Runnable next = due.poll(); next != null; next = due.poll()) {
            next.run();
        }
    }

    @Override
    public void execute(Runnable work) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        Thread thread =
                threads.unstarted(
                        () -> {
                            try {
                                work.run();
                            } finally {
                                live.remove(Thread.currentThread());
                            }
                        });
        live.add(thread);
        scheduler.after(
                BEGIN,
                () -> {
                    begin(thread);
                    goOn();
                });
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        for (Thread thread : List.copyOf(live)) {
            begin(thread);
            thread.interrupt();
        }
        goOn();
        return List.of();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && live.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private static void begin(Thread thread) {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /// The JDK's own tests choose what carries a virtual thread in this way; there is no public
    /// one.
    private static Thread.Builder carriedBy(Executor carrier) {
        try {
            Constructor<?> builder =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            return (Thread.Builder) builder.newInstance(carrier);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JDK makes virtual threads in another way; see test.jvm.flags", e);
        }
    }
}
