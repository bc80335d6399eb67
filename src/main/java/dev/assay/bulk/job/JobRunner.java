package dev.assay.bulk.job;

import dev.assay.bulk.PromptTopics;
import dev.assay.config.TopologyFile;
import dev.assay.decide.job.Job;
import dev.assay.topology.Jobs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Releases the lines of the jobs whose task this instance has: one thread for each, the oldest
/// jobs first.
public final class JobRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /// Jobs that are released at once by one instance; others wait for one of them to end.
    static final int MOST_JOBS = 16;

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String application;
    private final JobClients clients;
    private final PromptTopics prompts;
    private final Jobs jobs;
    private final Map<String, Thread> running = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread looking;

    /// @param file with the addresses of Kafka and the registry
    /// @param jobs those that the pipeline of this instance knows of
    public JobRunner(TopologyFile file, Jobs jobs) {
        this.application = file.name();
        this.clients = JobClients.of(file);
        this.prompts = new PromptTopics(file);
        this.jobs = jobs;
        this.looking = Thread.ofPlatform().name("assay-jobs").daemon().start(this::look);
    }

    @Override
    public void close() {
        closing.set(true);
        looking.interrupt();
        running.values().forEach(Thread::interrupt);
        try {
            looking.join(CLOSE_TIMEOUT);
            for (Thread thread : running.values()) {
                thread.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        while (!closing.get()) {
            running.values().removeIf(thread -> !thread.isAlive());
            for (Job job : jobs.owned()) {
                if (running.size() < MOST_JOBS && wants(job)) {
                    running.computeIfAbsent(job.spec().id(), this::begin);
                }
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static boolean wants(Job job) {
        return switch (job.state()) {
            case IN_PROGRESS, CANCELLING -> job.unreleased() > 0;
            case VALIDATING, COMPLETED, FAILED, EXPIRED, CANCELLED -> false;
        };
    }

    private Thread begin(String id) {
        return Thread.ofPlatform()
                .name("assay-job-" + id)
                .daemon()
                .start(
                        () -> {
                            try {
                                new LineRelease(id, application, clients, prompts, jobs).run();
                            } catch (RuntimeException e) {
                                LOG.warn(
                                        "lines of job {} are not released at present, and again in a moment: {}",
                                        id,
                                        e.getMessage());
                            }
                        });
    }
}
