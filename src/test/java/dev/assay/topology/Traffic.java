package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.codec.RegistrySerdes;
import dev.assay.local.RegistryProcess;
import dev.assay.provider.simulated.SimulatedServer;
import dev.assay.testkit.TestBroker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Sends the prompts p0, p1, ... and counts what a read_committed consumer sees of their results.
final class Traffic implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final TestBroker broker;
    private final RegistryProcess registry;
    private final Topics topics;
    private final Duration patience;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Integer> results = new HashMap<>();
    private int graded;

    /// @param patience how long results are waited for
    Traffic(TestBroker broker, RegistryProcess registry, Topics topics, Duration patience) {
        this.broker = broker;
        this.registry = registry;
        this.topics = topics;
        this.patience = patience;
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "group.id",
                                topics.graded() + "-read",
                                "auto.offset.reset",
                                "earliest",
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
    }

    /// @param topic one of prompts
    void send(String topic, int prompts) {
        var serializer =
                new RegistrySerdes(Map.of("url", registry.url())).promptEvent().serializer();
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (int index = 0; index < prompts; index++) {
                var event = PipelineHarness.event("p" + index, "What is " + index + "?").build();
                byte[] value = serializer.serialize(topic, event);
                var _ = producer.send(new ProducerRecord<>(topic, event.getId(), value));
            }
        }
    }

    /// Waits for the results of so many prompts.
    void readUntil(int enough) {
        consumer.subscribe(topics.results());
        long deadline = System.nanoTime() + patience.toNanos();
        while (results.size() < enough && System.nanoTime() < deadline) {
            read();
        }
        assertThat(results).hasSizeGreaterThanOrEqualTo(enough);
    }

    /// Reads what else comes, until a second brings nothing.
    void readUntilQuiet() {
        int read;
        do {
            read = read();
        } while (read > 0);
    }

    /// How many results each prompt has.
    Map<String, Integer> results() {
        return results;
    }

    /// Results that passed.
    int graded() {
        return graded;
    }

    /// What the simulated models have seen so far, by name.
    static JsonNode seen(SimulatedServer simulator) throws IOException {
        try (InputStream json = simulator.baseUrl().resolve("/stats").toURL().openStream()) {
            return new ObjectMapper().readTree(json).path("models");
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private int read() {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<String, byte[]> record : records) {
            results.merge(record.key(), 1, Integer::sum);
            graded += record.topic().equals(topics.graded()) ? 1 : 0;
        }
        return records.count();
    }
}
