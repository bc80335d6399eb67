package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchCreateParams.CompletionWindow;
import com.openai.models.batches.BatchCreateParams.Endpoint;
import com.openai.models.batches.BatchListParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;

import dev.assay.bulk.job.JobRunner;
import dev.assay.codec.Json;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.http.ApiKeys;
import dev.assay.http.HttpServer;
import dev.assay.http.files.FileStore;
import dev.assay.local.RegistryProcess;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;
import dev.assay.topology.Pipeline;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// OpenAI's own Java client with files and batches, unchanged but for its base URL and key.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
@TestInstance(Lifecycle.PER_CLASS)
class BatchClientIT {

    private static final String PIPELINE =
            """
            name: batches
            topics: {prefix: "batches.", partitions: 3}
            engine: {drain_timeout: 0s}
            api: {file_mb: 2, tenant_mb: 3}
            models:
              - {name: small, provider: simulated, simulate: {latency: 20ms}}
              - {name: judge, provider: simulated, simulate: {latency: 20ms}}
              - {name: slow, provider: simulated, simulate: {latency: 1s}, limits: {in_flight: 10}}
            routes:
              - {name: patient, match: {task: [slow]}, assign: {strategy: fixed, models: [slow]}}
              - name: support
                assign: {strategy: cascade, models: [small]}
                check: {judges: [judge], pass: 1}
            tenants: {acme: {topic: prompts.acme}}
            """;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopologyFile file;
    private final List<OpenAIClient> clients = new ArrayList<>();
    private Path folder = Path.of("");
    private Pipeline pipeline;
    private JobRunner jobs;
    private BatchService service;
    private HttpServer server;

    BatchClientIT(TestBroker broker, RegistryProcess registry) {
        this.file =
                TopologyParser.parse(PIPELINE, Path.of("batches.yaml"), Map.of())
                        .withStack(broker.bootstrapServers(), registry.url());
    }

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        pipeline = Pipeline.start(file, temporary.resolve("state"));
        jobs = new JobRunner(file, pipeline.jobs());
        service = service();
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        ApiKeys.of("plain-key, acme=acme-key, other=other-key"),
                        List.of(
                                new FilePages(() -> Optional.of(service.files()), file.api()),
                                new BatchPages(
                                        () -> Optional.of(service), InstantSource.system())));
    }

    @AfterAll
    void stop() {
        clients.forEach(OpenAIClient::close);
        server.close();
        service.close();
        jobs.close();
        pipeline.close();
    }

    @Test
    void batchGoesFromUploadToItsTwoFiles() {
        OpenAIClient client = client("plain-key");
        String lines =
                lines("auto", 30)
                        + line("bad", "{\"model\":\"auto\",\"n\":2,\"messages\":[]}")
                        + "\n";
        FileObject input = upload(client, lines);
        assertThat(input.bytes()).isEqualTo(lines.length());

        Batch created = create(client, input.id());
        assertThat(created.status()).isEqualTo(Batch.Status.VALIDATING);
        Batch batch = awaitEnd(client, created.id());

        assertThat(batch.status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(batch.requestCounts().orElseThrow().total()).isEqualTo(31);
        assertThat(batch.requestCounts().orElseThrow().completed()).isEqualTo(30);
        assertThat(batch.requestCounts().orElseThrow().failed()).isEqualTo(1);
        assertThat(batch.usage().orElseThrow().outputTokens()).isPositive();
        assertThat(batch.inProgressAt()).isPresent();
        assertThat(batch.finalizingAt()).isPresent();
        assertThat(batch.completedAt()).isPresent();
        assertThat(batch.expiresAt().orElseThrow() - batch.createdAt()).isEqualTo(86_400);
        List<ObjectNode> answers = content(client, batch.outputFileId().orElseThrow());
        assertThat(answers)
                .extracting(line -> line.path("custom_id").asText())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).mapToObj(i -> "r" + i).toList());
        assertThat(answers)
                .allSatisfy(
                        line -> {
                            assertThat(line.path("response").path("status_code").asInt())
                                    .isEqualTo(200);
                            assertThat(line.path("error").isNull()).isTrue();
                            assertThat(line.at("/response/body/choices/0/message/content").asText())
                                    .isNotEmpty();
                            assertThat(line.at("/response/body/assay/grade").isNumber()).isTrue();
                        });
        assertThat(content(client, batch.errorFileId().orElseThrow()))
                .singleElement()
                .satisfies(
                        line -> {
                            assertThat(line.path("custom_id").asText()).isEqualTo("bad");
                            assertThat(line.at("/response/status_code").asInt()).isEqualTo(400);
                            assertThat(line.at("/response/body/error/code").asText())
                                    .isEqualTo("invalid_input");
                        });
        assertThat(client.files().delete(input.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.files().retrieve(input.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void fileWithoutAnyGoodLineHasNoOutput() {
        OpenAIClient client = client("plain-key");
        String lines = line("a", "{\"model\":\"auto\",\"n\":2,\"messages\":[]}") + "\n";

        Batch batch = awaitEnd(client, create(client, upload(client, lines).id()).id());

        assertThat(batch.status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(batch.outputFileId()).isEmpty();
        assertThat(batch.errorFileId()).isPresent();
    }

    @Test
    void malformedFileFailsWithTheLinesThatAreWrong() {
        OpenAIClient client = client("plain-key");
        String lines = lines("auto", 2) + "{\"custom_id\":\n" + lines("auto", 1);

        Batch batch = awaitEnd(client, create(client, upload(client, lines).id()).id());

        assertThat(batch.status()).isEqualTo(Batch.Status.FAILED);
        assertThat(batch.failedAt()).isPresent();
        assertThat(batch.errors().orElseThrow().data().orElseThrow())
                .extracting(error -> error.line().orElse(0L), error -> error.code().orElse(""))
                .containsExactly(tuple(3L, "invalid_json_line"), tuple(4L, "duplicate_custom_id"));
    }

    @Test
    void cancelledBatchKeepsWhatWasFinished() {
        OpenAIClient client = client("plain-key");
        Batch created = create(client, upload(client, lines("patient", 500)).id());
        await().atMost(PATIENCE)
                .until(
                        () ->
                                client.batches()
                                                .retrieve(created.id())
                                                .requestCounts()
                                                .orElseThrow()
                                                .completed()
                                        > 0);

        assertThat(client.batches().cancel(created.id()).status())
                .isEqualTo(Batch.Status.CANCELLING);
        Batch batch = awaitEnd(client, created.id());

        assertThat(batch.status()).isEqualTo(Batch.Status.CANCELLED);
        assertThat(batch.cancelledAt()).isPresent();
        long completed = batch.requestCounts().orElseThrow().completed();
        assertThat(completed).isBetween(1L, 499L);
        assertThat(content(client, batch.outputFileId().orElseThrow())).hasSize((int) completed);
        assertThat(content(client, batch.errorFileId().orElseThrow()))
                .hasSize(500 - (int) completed)
                .allSatisfy(
                        line ->
                                assertThat(line.at("/error/code").asText())
                                        .isEqualTo("batch_cancelled"));
        assertThatThrownBy(() -> client.batches().cancel(created.id()))
                .isInstanceOf(OpenAIServiceException.class)
                .hasMessageContaining("cancelled");
    }

    @Test
    void batchGoesOnAfterARestart() {
        OpenAIClient client = client("plain-key");
        Batch created = create(client, upload(client, lines("patient", 60)).id());
        await().atMost(PATIENCE)
                .until(
                        () ->
                                client.batches()
                                                .retrieve(created.id())
                                                .requestCounts()
                                                .orElseThrow()
                                                .completed()
                                        > 0);

        service.close();
        service = service();
        Batch batch = awaitEnd(client, created.id());

        assertThat(batch.requestCounts().orElseThrow().completed()).isEqualTo(60);
        assertThat(content(client, batch.outputFileId().orElseThrow()))
                .extracting(line -> line.path("custom_id").asText())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).mapToObj(i -> "r" + i).toList());
    }

    @Test
    void tenantSeesOnlyItsOwn() {
        OpenAIClient acme = client("acme-key");
        OpenAIClient other = client("other-key");
        FileObject input = upload(acme, lines("auto", 3));
        Batch batch = awaitEnd(acme, create(acme, input.id()).id());
        assertThat(batch.requestCounts().orElseThrow().completed()).isEqualTo(3);

        assertThatThrownBy(() -> other.files().retrieve(input.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> other.files().content(batch.outputFileId().orElseThrow()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> other.batches().retrieve(batch.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> create(other, input.id())).isInstanceOf(BadRequestException.class);
        assertThat(other.files().list().data()).isEmpty();
        assertThat(other.batches().list().data()).isEmpty();
    }

    @Test
    void listsComeInPages() {
        OpenAIClient client = client("plain-key");
        List<String> ids =
                IntStream.range(0, 5).mapToObj(_ -> upload(client, lines("auto", 1)).id()).toList();
        List<String> batches =
                ids.stream().map(id -> awaitEnd(client, create(client, id).id()).id()).toList();

        assertThat(
                        client
                                .files()
                                .list(FileListParams.builder().limit(2).purpose("batch").build())
                                .autoPager()
                                .stream()
                                .map(FileObject::id))
                .containsAll(ids);
        assertThat(
                        client
                                .batches()
                                .list(BatchListParams.builder().limit(2).build())
                                .autoPager()
                                .stream()
                                .map(Batch::id))
                .containsSubsequence(batches.reversed());
    }

    @Test
    void whatMayNotBeIsRefused() {
        OpenAIClient client = client("plain-key");
        OpenAIClient stranger = client("wrong-key");
        assertThatThrownBy(() -> upload(stranger, "x")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> upload(client, "x".repeat(3 << 20)))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(413));
        assertThatThrownBy(() -> upload(client, FilePurpose.of("nonsense"), "x"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'nonsense' is not one of");
        assertThatThrownBy(() -> create(client, "file-none")).hasMessageContaining("file-none");
        assertThatThrownBy(() -> client.files().retrieve("../../etc/passwd"))
                .isInstanceOf(OpenAIServiceException.class);
    }

    private BatchService service() {
        FileStore files =
                FileStore.open(folder.resolve("files"), file.api(), InstantSource.system());
        return BatchService.start(folder.resolve("batches"), files, file, InstantSource.system());
    }

    private OpenAIClient client(String key) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(server.url() + "/v1")
                        .apiKey(key)
                        .maxRetries(0)
                        .build();
        clients.add(client);
        return client;
    }

    private static FileObject upload(OpenAIClient client, String content) {
        return upload(client, FilePurpose.BATCH, content);
    }

    private static FileObject upload(OpenAIClient client, FilePurpose purpose, String content) {
        return client.files()
                .create(
                        FileCreateParams.builder()
                                .purpose(purpose)
                                .file(
                                        MultipartField.<InputStream>builder()
                                                .value(
                                                        new ByteArrayInputStream(
                                                                content.getBytes(
                                                                        StandardCharsets.UTF_8)))
                                                .filename("../requests.jsonl")
                                                .build())
                                .build());
    }

    private static Batch create(OpenAIClient client, String inputFile) {
        return client.batches()
                .create(
                        BatchCreateParams.builder()
                                .inputFileId(inputFile)
                                .endpoint(Endpoint.V1_CHAT_COMPLETIONS)
                                .completionWindow(CompletionWindow._24H)
                                .build());
    }

    private static Batch awaitEnd(OpenAIClient client, String id) {
        return await().atMost(PATIENCE)
                .until(
                        () -> client.batches().retrieve(id),
                        batch ->
                                batch.completedAt().isPresent()
                                        || batch.failedAt().isPresent()
                                        || batch.cancelledAt().isPresent()
                                        || batch.expiredAt().isPresent());
    }

    private static List<ObjectNode> content(OpenAIClient client, String id) {
        try (HttpResponse response = client.files().content(id)) {
            String text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(Json::object).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lines(String model, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                line(
                                        "r" + i,
                                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"prompt %d\"}]}"
                                                .formatted(model, i)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String customId, String body) {
        return "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":%s}"
                .formatted(customId, body);
    }
}
