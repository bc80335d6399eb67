package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.local.RegistryProcess;
import dev.assay.testkit.ChildJvm;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The pipeline on a real broker and a real registry.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class PipelineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    private final TestBroker broker;
    private final RegistryProcess registry;

    PipelineIT(TestBroker broker, RegistryProcess registry) {
        this.broker = broker;
        this.registry = registry;
    }

    @Test
    void endsEachPromptOnceAndGarbageAsAFailure() throws IOException {
        Path file = topologyFile("once", 20);

        try (Pipeline pipeline = Pipeline.start(parsed(file), folder.resolve("state"))) {
            send("once", 0, 100);
            send("once", 50, 100);
            sendBytes("once", "garbage", "no avro at all".getBytes(StandardCharsets.UTF_8));
            sendBytes("once", "unknown", new byte[] {0, 0, 0, 1, 1, 7, 7});
            Map<String, Integer> results = results("once", counts -> counts.size() >= 102);

            assertThat(results).hasSize(102).allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(pipeline.trouble()).isEmpty();
        }
    }

    @Test
    void losesAndRepeatsNothingWhenKilled() throws IOException {
        Path file = topologyFile("killed", 150);
        Path state = folder.resolve("state");
        try (ChildJvm first =
                ChildJvm.start(PipelineHost.class, file.toString(), state.toString())) {
            assertThat(first.readLine()).isEqualTo("running true");
            send("killed", 0, 1_000);
            results("killed", counts -> counts.size() >= 100);
            first.kill();
        }

        try (ChildJvm second =
                ChildJvm.start(PipelineHost.class, file.toString(), state.toString())) {
            assertThat(second.readLine()).isEqualTo("running true");
            Map<String, Integer> results = results("killed", counts -> counts.size() >= 1_000);

            assertThat(results).hasSize(1_000).allSatisfy((_, count) -> assertThat(count).isOne());
        }
    }

    @Test
    void losesNothingWhenKilledAtLeastOnce() throws IOException {
        Path file = topologyFile("least", 150);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("kafka: {", "kafka: {processing.guarantee: at_least_once, "));
        Path state = folder.resolve("state");
        try (ChildJvm first =
                ChildJvm.start(PipelineHost.class, file.toString(), state.toString())) {
            assertThat(first.readLine()).isEqualTo("running true");
            send("least", 0, 1_000);
            results("least", counts -> counts.size() >= 100);
            first.kill();
        }

        Map<String, Integer> results;
        try (Pipeline second = Pipeline.start(parsed(file), state)) {
            results = results("least", counts -> counts.size() >= 1_000);
            assertThat(results).hasSize(1_000);
            assertThat(second.trouble()).isEmpty();
        }

        try (Pipeline third = Pipeline.start(parsed(file), state)) {
            send("least", 1_000, 1_001);
            assertThat(results("least", counts -> counts.containsKey("p1000")))
                    .as("what an instance that stopped in order has ended does not end again")
                    .containsAllEntriesOf(results);
            assertThat(third.trouble()).isEmpty();
        }
    }

    /// A model that hangs pauses the prompts, most of which then lie on the broker unread.
    @Test
    void handsOverAtOnceWhenItLeavesAndRepeatsNoFinishedCall() throws IOException {
        // Longer than anybody waits here, so that no session ends instead.
        Path file = topologyFile("leave", 20);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("kafka: {", "kafka: {consumer.session.timeout.ms: 300000, "));
        MeterRegistry first = new SimpleMeterRegistry();
        MeterRegistry second = new SimpleMeterRegistry();
        Pipeline leaving = Pipeline.start(parsed(file), folder.resolve("first"), first);
        try (Pipeline _ = Pipeline.start(parsed(file), folder.resolve("second"), second)) {
            send("leave", 0, 300);
            results("leave", counts -> counts.size() >= 100);
            leaving.leave();
            send("leave", 300, 600);
            Map<String, Integer> results = results("leave", counts -> counts.size() >= 600);

            assertThat(results).hasSize(600).allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(answers(first) + answers(second)).isEqualTo(attempts("leave", 600));
            assertThat(answers(first)).isPositive();
        }
    }

    /// Calls for answers that came back.
    private static double answers(MeterRegistry meters) {
        return meters.get("assay.calls").tag("purpose", "answer").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void loopGoesOnWhilePromptsArePaused() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("paused.yaml"),
                        """
                        name: paused
                        topics: {prefix: "paused.", partitions: 1}
                        engine: {waiting_per_task: 10, drain_timeout: 0s}
                        models:
                          - {name: stuck, provider: simulated, simulate: {latency: 10m}, limits: {in_flight: 1}}
                          - {name: small, provider: simulated, simulate: {latency: 1s}}
                          - {name: large, provider: simulated, simulate: {latency: 20ms}}
                        routes:
                          - {name: stuck, match: {task: [stuck]}, assign: {strategy: fixed, models: [stuck]}}
                          - {name: looping, assign: {strategy: cascade, models: [small, large]}, check: {rules: [{max_chars: 1}]}}
                        kafka: {bootstrap.servers: "%s"}
                        schema_registry: {url: "%s"}
                        """
                                .formatted(broker.bootstrapServers(), registry.url()));
        try (Pipeline pipeline = Pipeline.start(parsed(file), folder.resolve("state"))) {
            send("paused", 0, 2_000, index -> index < 20 ? "" : "stuck");
            Map<String, Integer> results = results("paused", counts -> counts.size() >= 20);

            assertThat(results).hasSize(20).allSatisfy((_, count) -> assertThat(count).isOne());
            assertThat(pipeline.inFlight()).containsEntry("stuck", 1);
        }
    }

    @Test
    void refusesTopicsThatDoNotGoTogether() throws Exception {
        Path file = topologyFile("odd", 20);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("odd.prompts", 3, (short) 1),
                                    new NewTopic("odd.prompts.escalated", 4, (short) 1)))
                    .all()
                    .get();
        }

        assertThatThrownBy(() -> Pipeline.start(parsed(file), folder))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining(
                        "odd.prompts has 3 partitions and odd.prompts.escalated has 4");
    }

    @Test
    void saysThatTheRegistryIsAwayAndWhatToDo() throws IOException {
        TopologyFile file =
                parsed(topologyFile("away", 20))
                        .withStack(broker.bootstrapServers(), "http://127.0.0.1:1");

        assertThatThrownBy(() -> Pipeline.start(file, folder))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("schema_registry.url");
    }

    private Path topologyFile(String name, int latencyMs) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                """
                name: %1$s
                topics: {prefix: "%1$s.", partitions: 3}
                models:
                  - {name: small, provider: simulated, simulate: {latency: %2$dms, skill: 5}, limits: {in_flight: 40}}
                  - {name: large, provider: simulated, simulate: {latency: %2$dms, skill: 9}, limits: {in_flight: 40}}
                  - {name: judge, provider: simulated, simulate: {latency: %2$dms}, limits: {in_flight: 40}}
                routes:
                  - name: default
                    assign: {strategy: cascade, models: [small, large]}
                    check: {judges: [judge], pass: 6}
                kafka: {bootstrap.servers: "%3$s"}
                schema_registry: {url: "%4$s"}
                """
                        .formatted(name, latencyMs, broker.bootstrapServers(), registry.url()));
    }

    private static TopologyFile parsed(Path file) {
        return TopologyParser.parse(file, Map.of());
    }

    private void send(String prefix, int from, int to) {
        send(prefix, from, to, _ -> "");
    }

    private void send(String prefix, int from, int to, IntFunction<String> task) {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", registry.url()));
        String topic = new Topics(prefix + ".").prompts();
        try (var producer = producer()) {
            IntStream.range(from, to)
                    .forEach(
                            index -> {
                                PromptEvent event =
                                        PipelineHarness.event(
                                                        "p" + index,
                                                        "What is " + index + " plus one?")
                                                .setTask(task.apply(index))
                                                .build();
                                byte[] value =
                                        serdes.promptEvent().serializer().serialize(topic, event);
                                var _ =
                                        producer.send(
                                                new ProducerRecord<>(topic, event.getId(), value));
                            });
        }
    }

    private void sendBytes(String prefix, String key, byte[] value) {
        try (var producer = producer()) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(new Topics(prefix + ".").prompts(), key, value));
        }
    }

    private KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /// How often each id came out, from the beginning, read until enough came and then some.
    private Map<String, Integer> results(String prefix, Predicate<Map<String, Integer>> enough) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("group.id", prefix + "-results-" + System.nanoTime());
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        Map<String, Integer> counts = new HashMap<>();
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(new Topics(prefix + ".").results());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean reached = false;
            while (System.nanoTime() < deadline) {
                var records = consumer.poll(Duration.ofSeconds(1));
                if (reached && records.isEmpty()) {
                    return counts;
                }
                for (ConsumerRecord<String, byte[]> record : records) {
                    counts.merge(record.key(), 1, Integer::sum);
                }
                reached = enough.test(counts);
            }
        }
        return counts;
    }

    /// Calls for answers that so many answered prompts tell of.
    private int attempts(String prefix, int prompts) {
        Topics topics = new Topics(prefix + ".");
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", registry.url()));
        int attempts = 0;
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "group.id",
                                prefix + "-attempts",
                                "auto.offset.reset",
                                "earliest",
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        serdes.gradedAnswer().deserializer())) {
            consumer.subscribe(List.of(topics.graded(), topics.flagged()));
            int read = 0;
            while (read < prompts) {
                for (ConsumerRecord<String, GradedAnswer> record :
                        consumer.poll(Duration.ofSeconds(1))) {
                    attempts += record.value().getAttempts().size();
                    read++;
                }
            }
        }
        return attempts;
    }
}
