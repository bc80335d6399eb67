package dev.assay.bulk.job;

import dev.assay.decide.job.Job;
import dev.assay.decide.job.UnneededLines;
import dev.assay.topology.Jobs;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Deletes lines that no job needs any more: their topic itself forgets nothing by time, since a
/// job may wait for weeks. For one thread.
final class LinePurge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinePurge.class);

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final long TIMEOUT_SECONDS = 10;

    private final String topic;
    private final Jobs jobs;
    private final Admin admin;
    private Map<Integer, Long> deleted = new HashMap<>();
    private long lastNanos = System.nanoTime();

    LinePurge(JobClients clients, Jobs jobs) {
        this.topic = clients.topics().jobsLines();
        this.jobs = jobs;
        this.admin = clients.admin();
    }

    /// Does so where it is time again.
    void sometimes() {
        if (System.nanoTime() - lastNanos < INTERVAL.toNanos()) {
            return;
        }
        lastNanos = System.nanoTime();
        // Others' jobs may lie in the same partition. What is published of them lags behind, so at
        // worst too little goes.
        List<Job> known = new ArrayList<>(jobs.all());
        known.addAll(jobs.owned());
        Map<Integer, Long> unneeded = UnneededLines.before(known);
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        unneeded.forEach(
                (partition, offset) -> {
                    if (offset > deleted.getOrDefault(partition, 0L)) {
                        deletions.put(
                                new TopicPartition(topic, partition),
                                RecordsToDelete.beforeOffset(offset));
                    }
                });
        try {
            admin.deleteRecords(deletions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            deleted = unneeded;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "lines that are done could not be deleted from {}; it is tried again: {}",
                    topic,
                    e.toString());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
