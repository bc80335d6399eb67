package dev.assay.topology;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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

/// Deletes from the loop topic what the group has committed, since the topic itself forgets nothing
/// by time.
final class LoopPurge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopPurge.class);

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final long TIMEOUT_SECONDS = 10;

    private final Admin admin;
    private final String group;
    private final String topic;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("loop-purge").factory());

    LoopPurge(Admin admin, String group, String topic) {
        this.admin = admin;
        this.group = group;
        this.topic = topic;
    }

    void start() {
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(
                        this::purge, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void purge() {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, RecordsToDelete> done = new HashMap<>();
            committed.forEach(
                    (partition, offset) -> {
                        if (partition.topic().equals(topic) && offset != null) {
                            done.put(partition, RecordsToDelete.beforeOffset(offset.offset()));
                        }
                    });
            admin.deleteRecords(done).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
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
