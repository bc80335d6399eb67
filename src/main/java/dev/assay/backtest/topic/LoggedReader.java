package dev.assay.backtest.topic;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.GradedAnswer;
import dev.assay.backtest.Logged;
import dev.assay.backtest.LoggedPrompt;
import dev.assay.codec.RegistrySerdes;
import dev.assay.model.Attempt;
import dev.assay.model.Prompt;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Joins the last results of a pipeline with the prompts they are of. Holds at most as many results
/// and prompts as are asked for; for one thread.
public final class LoggedReader {

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Deserializer<GradedAnswer> answers;
    private final PromptsById prompts;

    /// @param consumer without a group, that sees what is committed; stays the caller's
    /// @param tenantTopics by topic the tenant whose prompts come by it
    public LoggedReader(
            Consumer<byte[], byte[]> consumer,
            Topics topics,
            RegistrySerdes serdes,
            Map<String, String> tenantTopics) {
        this.consumer = consumer;
        this.topics = topics;
        this.answers = serdes.gradedAnswer().deserializer();
        this.prompts = new PromptsById(consumer, serdes, topics, tenantTopics);
    }

    /// Which results.
    ///
    /// @param since written at this time or later
    /// @param last at most so many, the newest
    public record Which(Optional<Instant> since, int last) {}

    /// Reads them.
    ///
    /// @throws org.apache.kafka.common.KafkaException if Kafka or the registry cannot be read
    public Logged read(Which which) {
        Map<String, GradedAnswer> results = new HashMap<>();
        for (String topic : List.of(topics.graded(), topics.flagged())) {
            TopicReading.read(
                    consumer,
                    topic,
                    which.since(),
                    which.last(),
                    record -> keep(results, record, which.last()));
        }
        List<GradedAnswer> newest = newest(results.values(), which.last());
        Map<String, Prompt> known = prompts.read(newest.stream().map(GradedAnswer::getId).toList());
        List<LoggedPrompt> logged = new ArrayList<>();
        int gone = 0;
        int together = 0;
        for (GradedAnswer result : newest) {
            Optional<Prompt> prompt = Optional.ofNullable(known.get(result.getId()));
            if (result.getStrategy().equals("ensemble")) {
                together++;
            } else if (prompt.isEmpty()) {
                gone++;
            } else {
                first(result)
                        .map(first -> logged(prompt.get(), result, first))
                        .ifPresent(logged::add);
            }
        }
        return new Logged(topics.graded() + " and " + topics.flagged(), logged, gone, together);
    }

    /// The latest result of an id: a prompt that was sent again has more.
    private void keep(
            Map<String, GradedAnswer> results, ConsumerRecord<byte[], byte[]> record, int last) {
        GradedAnswer result = answers.deserialize(record.topic(), record.value());
        results.merge(
                result.getId(),
                result,
                (one, other) -> other.getGeneration() >= one.getGeneration() ? other : one);
        if (results.size() > 2L * last) {
            List<GradedAnswer> newest = newest(results.values(), last);
            results.clear();
            newest.forEach(one -> results.put(one.getId(), one));
        }
    }

    private static List<GradedAnswer> newest(Collection<GradedAnswer> results, int last) {
        return results.stream()
                .sorted(
                        Comparator.comparing(GradedAnswer::getFinishedAt)
                                .reversed()
                                .thenComparing(GradedAnswer::getId))
                .limit(last)
                .toList();
    }

    /// The first try of the first round: that of the model which was chosen.
    private static Optional<AttemptRecord> first(GradedAnswer result) {
        return result.getAttempts().stream()
                .filter(attempt -> attempt.getRound() == 1)
                .filter(attempt -> attempt.getPropensity() > 0)
                .findFirst();
    }

    private static LoggedPrompt logged(Prompt prompt, GradedAnswer result, AttemptRecord first) {
        return new LoggedPrompt(
                prompt,
                result.getRoute(),
                first.getModel(),
                Math.min(1, first.getPropensity()),
                first.getStatus().equals(Attempt.ANSWERED),
                grade(first.getGrade()),
                first.getCostUsd(),
                grade(result.getGrade()),
                result.getCostUsd().getTotal());
    }

    private static OptionalDouble grade(@Nullable Double grade) {
        return grade == null ? OptionalDouble.empty() : OptionalDouble.of(grade);
    }
}
