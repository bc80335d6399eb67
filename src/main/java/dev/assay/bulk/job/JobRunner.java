package dev.assay.bulk.job;

import dev.assay.bulk.PromptTopics;
import dev.assay.config.TopologyFile;
import dev.assay.decide.job.Job;
import dev.assay.topology.Jobs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
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

    /// How long a job keeps its thread while others wait for one.
    private static final Duration TURN = Duration.ofSeconds(20);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String application;
    private final JobClients clients;
    private final PromptTopics prompts;
    private final Jobs jobs;
    private final Map<String, Release> running = new ConcurrentHashMap<>();

    /// The number of each job's last turn, for those that are still here.
    private final Map<String, Long> turns = new HashMap<>();

    private final LinePurge purge;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread looking;

    /// A job that is being released.
    private record Release(Thread thread, AtomicBoolean givesWay, long beganNanos) {

        boolean hadItsTurn() {
            return System.nanoTime() - beganNanos > TURN.toNanos();
        }
    }

    /// @param file with the addresses of Kafka and the registry
    /// @param jobs those that the pipeline of this instance knows of
    public JobRunner(TopologyFile file, Jobs jobs) {
        this.application = file.name();
        this.clients = JobClients.of(file);
        this.prompts = new PromptTopics(file);
        this.jobs = jobs;
        this.purge = new LinePurge(clients, jobs);
        this.looking = Thread.ofPlatform().name("assay-jobs").daemon().start(this::look);
    }

    @Override
    public void close() {
        closing.set(true);
        looking.interrupt();
        running.values().forEach(release -> release.thread().interrupt());
        try {
            looking.join(CLOSE_TIMEOUT);
            for (Release release : running.values()) {
                release.thread().join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        purge.close();
    }

    private void look() {
        long turn = 0;
        while (!closing.get()) {
            running.values().removeIf(release -> !release.thread().isAlive());
            List<Job> owned = jobs.owned();
            turns.keySet().retainAll(owned.stream().map(job -> job.spec().id()).toList());
            List<String> waiting = waiting(owned);
            for (String id : waiting) {
                if (running.size() < MOST_JOBS) {
                    turns.put(id, ++turn);
                    running.put(id, begin(id));
                }
            }
            if (!running.keySet().containsAll(waiting)) {
                giveWay();
            }
            purge.sometimes();
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
                .filter(Release::hadItsTurn)
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
            new LineRelease(id, application, clients, prompts, jobs, givesWay::get).run();
        } catch (RuntimeException e) {
            LOG.warn(
                    "lines of job {} are not released at present, and again in a moment: {}",
                    id,
                    e.getMessage());
        }
    }
}
