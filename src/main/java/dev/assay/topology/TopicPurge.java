package dev.assay.topology;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Deletes what is done from a topic that forgets nothing by time, every half minute on a thread of
/// its own.
public final class TopicPurge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPurge.class);

    /// How long an answer of the broker is waited for.
    static final long TIMEOUT_SECONDS = 10;

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Admin admin;
    private final String topic;
    private final Done done;
    private final ScheduledExecutorService thread;
    private Map<TopicPartition, Long> deleted = Map.of();

    /// What nobody needs any more.
    @FunctionalInterface
    public interface Done {

        /// By partition, the first offset that is still needed.
        Map<Integer, Long> before()
                throws ExecutionException, TimeoutException, InterruptedException;
    }

    /// @param admin stays open when this is closed
    public TopicPurge(Admin admin, String topic, Done done) {
        this.admin = admin;
        this.topic = topic;
        this.done = done;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("purge-" + topic).factory());
    }

    public void start() {
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(
                        this::purge, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /// Does so now.
    public synchronized void purge() {
        try {
            Map<TopicPartition, Long> unneeded = new HashMap<>();
            done.before()
                    .forEach(
                            (partition, offset) ->
                                    unneeded.put(new TopicPartition(topic, partition), offset));
            Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
            unneeded.forEach(
                    (partition, offset) -> {
                        if (offset > deleted.getOrDefault(partition, 0L)) {
                            deletions.put(partition, RecordsToDelete.beforeOffset(offset));
                        }
                    });
            admin.deleteRecords(deletions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            deleted = unneeded;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "what is done could not be deleted from {}; it is tried again: {}",
                    topic,
                    e.toString());
        } catch (RuntimeException e) {
            LOG.warn("what is done could not be deleted from {}; it is tried again", topic, e);
        }
    }
}
