package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.http.ApiKeys;
import dev.assay.http.HttpServer;
import dev.assay.http.PromptGateway;
import dev.assay.local.RegistryProcess;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;
import dev.assay.topology.Pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Two instances on one machine, and prompts that stay where they are.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
class PromptPagesIT {

    private static final String PIPELINE =
            """
            name: owners
            topics: {prefix: "owners.", partitions: 6}
            engine: {drain_timeout: 0s}
            models: [{name: stuck, provider: simulated, simulate: {latency: 10m}}]
            routes: [{name: slow, assign: {strategy: fixed, models: [stuck]}}]
            """;
    private static final List<String> IDS =
            IntStream.range(0, 12).mapToObj(index -> "p" + index).toList();
    private static final Duration MOVED_WITHIN = Duration.ofMinutes(2);

    private final TopologyFile file;
    private final HttpClient http = HttpClient.newHttpClient();
    private PromptGateway gateway;
    private Instance first;
    private Instance second;

    PromptPagesIT(TestBroker broker, RegistryProcess registry) {
        this.file =
                TopologyParser.parse(PIPELINE, Path.of("owners.yaml"), Map.of())
                        .withStack(broker.bootstrapServers(), registry.url());
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = PromptGateway.open(file);
        first = new Instance(folder.resolve("first"));
        second = new Instance(folder.resolve("second"));
        IDS.forEach(this::send);
        await().atMost(MOVED_WITHIN)
                .until(() -> first.stuck() > 0 && second.stuck() > 0 && allUnderWay());
    }

    @AfterEach
    void stop() {
        second.close();
        first.close();
        gateway.close();
        http.close();
    }

    @Test
    void anyInstanceTellsOfAPromptThatAnotherHasAndSaysWhenItCannot() throws Exception {
        assertThat(get(first, "nobodys", false).statusCode()).isEqualTo(404);
        List<String> ofSecond = onlyKnownTo(second, first);
        assertThat(ofSecond).isNotEmpty();
        for (String id : ofSecond) {
            assertThat(get(first, id, false).body())
                    .contains("\"id\":\"" + id + "\"", "\"outcome\":\"pending\"");
        }

        second.server.close();
        assertUnsure(first, ofSecond.getFirst(), "the owner does not answer");

        first.pipeline.close();
        assertUnsure(first, ofSecond.getFirst(), "its own stores are closed");
    }

    private void assertUnsure(Instance instance, String id, String why) throws Exception {
        HttpResponse<String> unsure = get(instance, id, false);
        assertThat(unsure.statusCode()).as(why).isEqualTo(503);
        assertThat(unsure.body()).contains("ask again in a moment");
    }

    private boolean allUnderWay() throws Exception {
        for (String id : IDS) {
            if (get(first, id, false).statusCode() != 200
                    || get(second, id, false).statusCode() != 200) {
                return false;
            }
        }
        return true;
    }

    private List<String> onlyKnownTo(Instance owner, Instance other) {
        return IDS.stream().filter(id -> has(owner, id) && !has(other, id)).toList();
    }

    private boolean has(Instance instance, String id) {
        try {
            return get(instance, id, true).statusCode() == 200;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param itself as instances ask each other: it shall ask no other
    private HttpResponse<String> get(Instance instance, String id, boolean itself)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(instance.server.url() + "/api/prompts/" + id));
        if (itself) {
            request.header("x-assay-asked-by-instance", "yes");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void send(String id) {
        PromptEvent event =
                PromptEvent.newBuilder()
                        .setId(id)
                        .setMessages(List.of(new Message("user", "hello")))
                        .build();
        String topic = "owners.prompts";
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>copyOf(file.kafka()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            byte[] value =
                    new RegistrySerdes(file.schemaRegistry())
                            .promptEvent()
                            .serializer()
                            .serialize(topic, event);
            var _ = producer.send(new ProducerRecord<>(topic, id, value));
        }
    }

    private final class Instance implements AutoCloseable {

        private final HttpServer server;
        private final Pipeline pipeline;
        private volatile Optional<Pipeline> running = Optional.empty();

        private Instance(Path stateDir) {
            server =
                    HttpServer.start(
                            "127.0.0.1",
                            0,
                            ApiKeys.of(""),
                            List.of(
                                    new PromptPages(
                                            () -> Optional.of(gateway),
                                            () -> running.map(Pipeline::queries))));
            pipeline =
                    Pipeline.start(
                            file,
                            stateDir,
                            new SimpleMeterRegistry(),
                            Optional.of(server.address()));
            running = Optional.of(pipeline);
        }

        private int stuck() {
            return pipeline.inFlight().getOrDefault("stuck", 0);
        }

        @Override
        public void close() {
            server.close();
            pipeline.close();
        }
    }
}
