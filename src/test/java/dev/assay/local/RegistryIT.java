package dev.assay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.testkit.ChildJvm;
import dev.assay.testkit.RegistryExtension;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

@ExtendWith(RegistryExtension.class)
class RegistryIT {

    private static final int CACHE_CAPACITY = 10;

    private static final AvroSchema LETTER = schema("{\"name\": \"text\", \"type\": \"string\"}");

    private static final AvroSchema LETTER_WITH_DATE_REQUIRED =
            schema(
                    "{\"name\": \"text\", \"type\": \"string\"}, {\"name\": \"date\", \"type\":"
                            + " \"long\"}");

    @Test
    void givesBackTheSchemaThatConfluentsClientRegistered(RegistryProcess registry)
            throws Exception {
        int id = client(registry.url()).register("given-back-value", LETTER);

        assertThat(client(registry.url()).getSchemaById(id)).isEqualTo(LETTER);
    }

    /// Where Confluent's own registry has its API, and where Apicurio's has it.
    @Test
    void answersAtTheRootOfItsAddressAndBelowTheOwnPath(RegistryProcess registry) throws Exception {
        String root = "http://127.0.0.1:" + registry.port();

        int id = client(root).register("root-value", LETTER);

        assertThat(client(root + "/apis/ccompat/v7").getId("root-value", LETTER)).isEqualTo(id);
        assertThat(client(root).getAllSubjects()).contains("root-value");
        assertThatThrownBy(() -> client(root).getSchemaById(999_999))
                .isInstanceOf(RestClientException.class)
                .satisfies(
                        e -> assertThat(((RestClientException) e).getErrorCode()).isEqualTo(40403));
    }

    @Test
    void refusesAChangeThatIsNotCompatibleBothWays(RegistryProcess registry) throws Exception {
        SchemaRegistryClient client = client(registry.url());
        client.register("refused-value", LETTER);

        assertThatThrownBy(() -> client.register("refused-value", LETTER_WITH_DATE_REQUIRED))
                .isInstanceOf(RestClientException.class)
                .satisfies(e -> assertThat(((RestClientException) e).getStatus()).isEqualTo(409));
    }

    @Test
    void takesTheSchemasOfInstancesThatStartTogether(RegistryProcess registry) throws Exception {
        SequencedMap<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
        IntStream.range(0, 5).forEach(index -> types.put("together-" + index, PromptEvent.class));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> starts =
                    Collections.nCopies(6, new RegistrySerdes(Map.of("url", registry.url())))
                            .stream()
                            .map(serdes -> threads.submit(() -> register(serdes, types)))
                            .toList();
            for (Future<Void> start : starts) {
                start.get();
            }
        }

        assertThat(client(registry.url()).getCompatibility("together-4-value"))
                .isEqualTo("FULL_TRANSITIVE");
    }

    private static @Nullable Void register(
            RegistrySerdes serdes, SequencedMap<String, Class<? extends SpecificRecord>> types)
            throws IOException {
        serdes.register(types);
        return null;
    }

    /// As a stream thread does that replaces one which died.
    @Test
    void whoeverBeginsWhileItIsAwayKnowsWhatOthersHaveMet() throws Exception {
        PromptEvent event =
                PromptEvent.newBuilder()
                        .setId("a")
                        .setMessages(List.of(new Message("user", "hello")))
                        .build();
        RegistrySerdes serdes;
        byte[] bytes;
        try (RegistryProcess registry = RegistryProcess.temporary()) {
            serdes = new RegistrySerdes(Map.of("url", registry.url()));
            SequencedMap<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
            types.put("met", PromptEvent.class);
            serdes.register(types);
            bytes = serdes.promptEvent().serializer().serialize("met", event);
            assertThat(serdes.promptEvent().deserializer().deserialize("met", bytes))
                    .isEqualTo(event);
        }

        assertThat(serdes.promptEvent().serializer().serialize("met", event)).isEqualTo(bytes);
        assertThat(serdes.promptEvent().deserializer().deserialize("met", bytes)).isEqualTo(event);
    }

    @Test
    void endsWithAKilledParentAndKeepsItsSchemas(@TempDir Path directory) throws Exception {
        int port;
        int id;
        try (ChildJvm parent = ChildJvm.start(RegistryHost.class, directory.toString())) {
            port = Integer.parseInt(parent.readLine());
            id = client(url(port)).register("kept-value", LETTER);
            List<ProcessHandle> registry = parent.descendants();

            parent.kill();

            assertThat(registry).isNotEmpty();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> registry.stream().noneMatch(ProcessHandle::isAlive));
        }

        try (RegistryProcess registry = RegistryProcess.lasting(directory, port)) {
            assertThat(client(registry.url()).getId("kept-value", LETTER)).isEqualTo(id);
        }
    }

    private static SchemaRegistryClient client(String url) {
        return new CachedSchemaRegistryClient(url, CACHE_CAPACITY);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static AvroSchema schema(String fields) {
        return new AvroSchema(
                "{\"type\": \"record\", \"name\": \"Letter\", \"fields\": [" + fields + "]}");
    }
}
