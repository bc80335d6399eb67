package dev.assay.backtest.topic;

import dev.assay.codec.EventDecoder;
import dev.assay.codec.EventDecoder.Decoded;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.PromptCodec.Reading;
import dev.assay.codec.RegistrySerdes;
import dev.assay.model.Labels;
import dev.assay.model.Prompt;
import dev.assay.model.RecordCoordinates;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the prompts of ids in the topics of prompts, as far as these are still kept.
final class PromptsById {

    /// All prompts together; what is beyond is taken as no longer kept.
    private static final long MOST_CHARS = 256L * 1024 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final EventDecoder decoder;
    private final PromptCodec codec = new PromptCodec(Integer.MAX_VALUE);
    private final Topics topics;
    private final Map<String, String> tenantTopics;

    PromptsById(
            Consumer<byte[], byte[]> consumer,
            RegistrySerdes serdes,
            Topics topics,
            Map<String, String> tenantTopics) {
        this.consumer = consumer;
        this.decoder = new EventDecoder(serdes);
        this.topics = topics;
        this.tenantTopics = Map.copyOf(tenantTopics);
    }

    Map<String, Prompt> read(Collection<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        Map<String, Prompt> found = new HashMap<>();
        long[] chars = {0};
        Set<String> existing = consumer.listTopics().keySet();
        for (String topic : sources()) {
            if (existing.contains(topic)) {
                TopicReading.read(
                        consumer,
                        topic,
                        Optional.empty(),
                        Long.MAX_VALUE,
                        record ->
                                prompt(record)
                                        .filter(prompt -> wanted.contains(prompt.id()))
                                        .filter(prompt -> !found.containsKey(prompt.id()))
                                        .filter(prompt -> fits(chars, prompt))
                                        .ifPresent(prompt -> found.put(prompt.id(), prompt)));
            }
        }
        return found;
    }

    private List<String> sources() {
        List<String> sources = new ArrayList<>(List.of(topics.prompts(), topics.bulk()));
        sources.addAll(tenantTopics.keySet());
        return sources;
    }

    private static boolean fits(long[] chars, Prompt prompt) {
        chars[0] += prompt.request().chars();
        return chars[0] <= MOST_CHARS;
    }

    private Optional<Prompt> prompt(ConsumerRecord<byte[], byte[]> record) {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        RecordCoordinates coordinates =
                new RecordCoordinates(record.topic(), record.partition(), record.offset());
        return switch (decoder.decode(record.topic(), record.value())) {
            case Decoded.Undecodable _ -> Optional.empty();
            case Decoded.Event decoded ->
                    switch (codec.read(decoded.event(), coordinates, time, time)) {
                        case Reading.Invalid _ -> Optional.empty();
                        case Reading.Valid valid ->
                                Optional.of(ofTenant(valid.prompt(), record.topic()));
                    };
        };
    }

    /// A tenant's own topic speaks for it.
    private Prompt ofTenant(Prompt prompt, String topic) {
        Labels labels = prompt.labels();
        return new Prompt(
                prompt.id(),
                prompt.generation(),
                prompt.request(),
                new Labels(
                        labels.task(),
                        Optional.ofNullable(tenantTopics.get(topic)).or(labels::tenant),
                        labels.route(),
                        labels.priority(),
                        labels.metadata()),
                prompt.constraints(),
                prompt.reference(),
                prompt.origin());
    }
}
