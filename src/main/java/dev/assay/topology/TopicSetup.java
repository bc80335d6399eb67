package dev.assay.topology;

import dev.assay.config.TopicsConfig;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes the topics that are missing, and refuses those that would not work together.
final class TopicSetup {

    private static final int MIB = 1024 * 1024;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Admin admin;
    private final TopicsConfig config;
    private final int maxRecordBytes;
    private final long timeoutMs;

    /// @param timeoutMs for each request to the broker
    TopicSetup(Admin admin, TopicsConfig config, int maxRecordBytes, long timeoutMs) {
        this.admin = admin;
        this.config = config;
        this.maxRecordBytes = maxRecordBytes;
        this.timeoutMs = timeoutMs;
    }

    /// Makes missing topics and compares partition counts.
    ///
    /// @param inputs the topics of prompts, tenants' own ones too
    /// @param changelogs the topics of the stores, which exist once the application has run
    /// @return partitions of the topics of prompts
    /// @throws PipelineException if counts differ, or the broker does not do what it is asked
    int prepare(Topics topics, List<String> inputs, List<String> changelogs) {
        Set<String> ours = new HashSet<>(inputs);
        ours.addAll(List.of(topics.escalated(), topics.ledgerRequests(), topics.ledgerGrants()));
        ours.addAll(topics.results());
        ours.addAll(changelogs);
        Map<String, Integer> existing = partitions(ours);
        int wanted =
                Optional.ofNullable(existing.get(topics.prompts())).orElse(config.partitions());
        Map<String, Map<String, String>> missing = new LinkedHashMap<>();
        inputs.forEach(topic -> missing.put(topic, settings(Map.of())));
        // The loop is purged below the committed offset and must never lose what is not committed
        // yet.
        missing.put(
                topics.escalated(),
                settings(Map.of("retention.ms", "-1", "retention.bytes", "-1")));
        topics.results()
                .forEach(
                        topic ->
                                missing.put(
                                        topic,
                                        settings(
                                                Map.of(
                                                        "message.timestamp.type",
                                                        "LogAppendTime"))));
        missing.keySet().removeAll(existing.keySet());
        create(missing, wanted);
        prepareLearning(topics);
        prepareJobs(topics, wanted);
        prepareLedger(topics, wanted);
        existing.putAll(partitions(ours));
        List<String> together = new ArrayList<>(inputs);
        together.addAll(
                List.of(topics.escalated(), topics.ledgerRequests(), topics.ledgerGrants()));
        changelogs.stream().filter(existing::containsKey).forEach(together::add);
        compare(together, existing);
        return wanted;
    }

    /// Grades are added up in one place, so the topics that lead there have one partition.
    private void prepareLearning(Topics topics) {
        List<String> inputs = List.of(topics.observations(), topics.feedback());
        Map<String, Map<String, String>> missing = new LinkedHashMap<>();
        inputs.forEach(topic -> missing.put(topic, settings(Map.of())));
        missing.put(topics.scorecards(), settings(Map.of("cleanup.policy", "compact")));
        missing.put(topics.predictors(), settings(Map.of("cleanup.policy", "compact")));
        missing.keySet().removeAll(partitions(missing.keySet()).keySet());
        create(missing, 1);
        partitions(new HashSet<>(inputs))
                .forEach(
                        (topic, count) -> {
                            if (count != 1) {
                                throw new PipelineException(
                                        "topic %s has %d partitions and must have 1, since grades are added up in one place; delete it if nothing in it is needed, or set another topics.prefix"
                                                .formatted(topic, count));
                            }
                        });
    }

    /// A job keeps to one partition of each. Its lines stay as long as they are not released.
    private void prepareJobs(Topics topics, int partitions) {
        Map<String, Map<String, String>> missing = new LinkedHashMap<>();
        missing.put(topics.jobsLines(), settings(Map.of("retention.ms", "-1")));
        missing.put(topics.jobsProgress(), settings(Map.of()));
        missing.put(topics.jobs(), settings(Map.of("cleanup.policy", "compact")));
        missing.keySet().removeAll(partitions(missing.keySet()).keySet());
        create(missing, partitions);
    }

    /// A scope keeps to one partition of the requests, where its book lies.
    private void prepareLedger(Topics topics, int partitions) {
        Map<String, Map<String, String>> missing = new LinkedHashMap<>();
        missing.put(topics.ledgerRequests(), settings(Map.of()));
        missing.put(topics.ledgerGrants(), settings(Map.of()));
        missing.keySet().removeAll(partitions(missing.keySet()).keySet());
        create(missing, partitions);
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("max.message.bytes", Integer.toString(maxRecordBytes + MIB));
        return settings;
    }

    private void create(Map<String, Map<String, String>> missing, int partitions) {
        List<NewTopic> topics =
                missing.entrySet().stream()
                        .map(
                                entry ->
                                        new NewTopic(
                                                        entry.getKey(),
                                                        Optional.of(partitions),
                                                        config.replicationFactor() < 0
                                                                ? Optional.empty()
                                                                : Optional.of(
                                                                        config.replicationFactor()))
                                                .configs(entry.getValue()))
                        .toList();
        admin.createTopics(topics)
                .values()
                .forEach(
                        (topic, created) -> {
                            try {
                                await("make topic " + topic, created);
                            } catch (PipelineException e) {
                                // Another instance that starts at the same time has made it.
                                if (!(e.getCause() instanceof TopicExistsException)) {
                                    throw e;
                                }
                            }
                        });
        awaitMade(missing.keySet());
    }

    /// Brokers hear of a new topic a little after it is made; a global store that is opened before
    /// finds none, and the whole application ends.
    private void awaitMade(Set<String> topics) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!partitions(topics).keySet().containsAll(topics)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new PipelineException(
                        "Kafka has made the topics %s, and does not show them within %d ms"
                                .formatted(topics, timeoutMs));
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PipelineException("interrupted while waiting for new topics", e);
            }
        }
    }

    private Map<String, Integer> partitions(Set<String> ours) {
        Set<String> names = new HashSet<>(await("list topics", admin.listTopics().names()));
        names.retainAll(ours);
        Map<String, TopicDescription> topics =
                await("describe topics", admin.describeTopics(names).allTopicNames());
        Map<String, Integer> counts = new HashMap<>();
        topics.forEach((name, description) -> counts.put(name, description.partitions().size()));
        return counts;
    }

    private static void compare(List<String> topics, Map<String, Integer> counts) {
        int first = Optional.ofNullable(counts.get(topics.getFirst())).orElse(0);
        for (String topic : topics) {
            int count = Optional.ofNullable(counts.get(topic)).orElse(0);
            if (count != first) {
                throw new PipelineException(
                        ("topic %s has %d partitions and %s has %d; they must be the same, since a prompt's state lies in "
                                        + "the partition it came by. Delete %s if nothing in it is needed, or set the"
                                        + " other back, or give this application another name or topics.prefix")
                                .formatted(topics.getFirst(), first, topic, count, topic));
            }
        }
    }

    private <T> T await(String what, KafkaFuture<T> future) {
        try {
            return future.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new PipelineException(
                    "Kafka would not " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new PipelineException(
                    "Kafka did not " + what + " within " + timeoutMs + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException("interrupted while asking Kafka to " + what, e);
        }
    }
}
