package dev.assay.bulk.job;

import dev.assay.bulk.PromptTopics;
import dev.assay.config.TopologyFile;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.UnneededLines;
import dev.assay.topology.Jobs;
import dev.assay.topology.TopicPurge;

import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Releases the lines of the jobs whose task this instance has: one thread for each, the oldest
/// jobs first. Where there are more jobs than threads, they take turns.
public final class JobRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /// Jobs that are released at once by one instance; each has clients of its own.
    static final int MOST_JOBS = 16;

    private static final Duration TURN = Duration.ofSeconds(20);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final LineRelease.Instance instance;
    private final Jobs jobs;
    private final Duration turn;
    private final Map<String, Release> running = new ConcurrentHashMap<>();

    /// The number of each job's last turn, for those that are still here.
    private final Map<String, Long> turns = new HashMap<>();

    private final Admin admin;
    private final TopicPurge purge;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread looking;

    /// A job that is being released.
    private record Release(Thread thread, AtomicBoolean givesWay, long beganNanos) {

        boolean isOlderThan(Duration turn) {
            return System.nanoTime() - beganNanos > turn.toNanos();
        }
    }

    /// @param file with the addresses of Kafka and the registry
    /// @param jobs those that the pipeline of this instance knows of
    public JobRunner(TopologyFile file, Jobs jobs) {
        this(file, jobs, TURN);
    }

    /// @param turn how long a job keeps its thread while others wait for one
    JobRunner(TopologyFile file, Jobs jobs, Duration turn) {
        JobClients clients = JobClients.of(file);
        this.instance =
                new LineRelease.Instance(
                        file.name(),
                        file.topics().partitions(),
                        file.engine().waitingPerTask(),
                        clients,
                        new PromptTopics(file),
                        jobs);
        this.jobs = jobs;
        this.turn = turn;
        this.admin = clients.admin();
        this.purge =
                new TopicPurge(
                        admin, clients.topics().jobsLines(), () -> UnneededLines.before(known()));
        purge.start();
        this.looking = Thread.ofPlatform().name("assay-jobs").daemon().start(this::look);
    }

    /// Lets each job come to the end of its transaction; one that does not in time is interrupted,
    /// in the middle of whatever its clients do.
    @Override
    public void close() {
        closing.set(true);
        looking.interrupt();
        try {
            looking.join(CLOSE_TIMEOUT);
            running.values().forEach(release -> release.givesWay().set(true));
            long endNanos = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
            for (Release release : running.values()) {
                Duration left = Duration.ofNanos(endNanos - System.nanoTime());
                if (!release.thread().join(left)) {
                    release.thread().interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        purge.close();
        admin.close(Duration.ofSeconds(1));
    }

    /// Deletes lines that no job needs any more, as is done every half minute.
    void deleteUnneeded() {
        purge.purge();
    }

    /// Others' jobs may lie in the same partition of lines. What is published of them lags behind,
    /// so at worst too little of it is deleted.
    private List<Job> known() {
        List<Job> known = new ArrayList<>(jobs.all());
        known.addAll(jobs.owned());
        return known;
    }

    private void look() {
        long begun = 0;
        while (!closing.get()) {
            running.values().removeIf(release -> !release.thread().isAlive());
            List<Job> owned = jobs.owned();
            turns.keySet().retainAll(owned.stream().map(job -> job.spec().id()).toList());
            List<String> waiting = waiting(owned);
            for (String id : waiting) {
                if (running.size() < MOST_JOBS) {
                    turns.put(id, ++begun);
                    running.put(id, begin(id));
                }
            }
            if (!running.keySet().containsAll(waiting)) {
                giveWay();
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Jobs with lines to release and no thread, whose last turn is the longest ago first.
    private List<String> waiting(List<Job> owned) {
        return owned.stream()
                .filter(JobRunner::wants)
                .map(job -> job.spec().id())
                .filter(id -> !running.containsKey(id))
                .sorted(Comparator.comparingLong(id -> turns.getOrDefault(id, 0L)))
                .toList();
    }

    private void giveWay() {
        running.values().stream()
                .filter(release -> release.isOlderThan(turn))
                .min(Comparator.comparingLong(Release::beganNanos))
                .ifPresent(release -> release.givesWay().set(true));
    }

    private static boolean wants(Job job) {
        return switch (job.state()) {
            case IN_PROGRESS, CANCELLING -> job.unreleased() > 0;
            case VALIDATING, COMPLETED, FAILED, EXPIRED, CANCELLED -> false;
        };
    }

    private Release begin(String id) {
        AtomicBoolean givesWay = new AtomicBoolean();
        Thread thread =
                Thread.ofPlatform()
                        .name("assay-job-" + id)
                        .daemon()
                        .start(() -> release(id, givesWay));
        return new Release(thread, givesWay, System.nanoTime());
    }

    private void release(String id, AtomicBoolean givesWay) {
        try {
            new LineRelease(instance, id, givesWay::get).run();
        } catch (RuntimeException e) {
            LOG.warn(
                    "lines of job {} are not released at present, and again in a moment: {}",
                    id,
                    e.getMessage());
        }
    }
}
