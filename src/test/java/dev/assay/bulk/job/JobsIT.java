package dev.assay.bulk.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.Priority;
import dev.assay.bulk.InputException;
import dev.assay.bulk.InputReader;
import dev.assay.bulk.InputReader.Bounds;
import dev.assay.bulk.ResultRow;
import dev.assay.bulk.ResultsFile;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.Job.State;
import dev.assay.local.RegistryProcess;
import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.RegistryExtension;
import dev.assay.testkit.TestBroker;
import dev.assay.topology.Pipeline;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Jobs on a real broker, a real registry and a pipeline beside them.
@ExtendWith({KafkaExtension.class, RegistryExtension.class})
@TestInstance(Lifecycle.PER_CLASS)
class JobsIT {

    private static final String PIPELINE =
            """
            name: jobs
            topics: {prefix: "jobs-it.", partitions: 3}
            engine: {drain_timeout: 0s, max_record_bytes: 1048576}
            tenants: {acme: {topic: jobs-it.prompts.acme}}
            models:
              - {name: small, provider: simulated, simulate: {latency: 20ms}, price: {call: 0.01}}
              - {name: slow, provider: simulated, simulate: {latency: 5s}, limits: {in_flight: 3}}
            routes:
              - {name: slow, match: {task: [slow]}, assign: {strategy: fixed, models: [slow]}}
              - {name: all, assign: {strategy: fixed, models: [small]}}
            """;

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TopologyFile file;
    private final JobClients clients;
    private Path folder;
    private Pipeline pipeline;
    private JobRunner runner;
    private JobCatalog catalog;

    JobsIT(TestBroker broker, RegistryProcess registry) {
        this.file =
                TopologyParser.parse(PIPELINE, Path.of("jobs.yaml"), Map.of())
                        .withStack(broker.bootstrapServers(), registry.url());
        this.clients =
                new JobClients(
                        new HashMap<>(file.kafka()),
                        new RegistrySerdes(file.schemaRegistry()),
                        new Topics(file.topics().prefix()));
    }

    @BeforeAll
    void start(@TempDir Path shared) {
        folder = shared;
        pipeline = Pipeline.start(file, folder.resolve("state"));
        runner = new JobRunner(file, pipeline.jobs(), TURN);
        catalog = new JobCatalog(clients);
    }

    @AfterAll
    void stop() {
        catalog.close();
        runner.close();
        pipeline.close();
    }

    @Test
    void everyLineHasOneResultAndTheCountsAreExact() throws Exception {
        submit("whole", lines(500, "") + "not json\n" + "{\"prompt\": \"last\"}\n");

        Job job = ended("whole");
        List<ResultRow> rows = results(job, "whole.jsonl");

        assertThat(job.state()).isEqualTo(State.COMPLETED);
        assertThat(job.lines()).hasValue(502);
        assertThat(job.graded()).isEqualTo(501);
        assertThat(job.failed()).isEqualTo(1);
        assertThat(job.costUsd()).isBetween(5.009, 5.011);
        assertThat(rows).hasSize(502);
        assertThat(rows).extracting(ResultRow::line).doesNotHaveDuplicates();
        assertThat(rows)
                .filteredOn(row -> row.line() == 501)
                .singleElement()
                .satisfies(
                        row ->
                                assertThat(row.error().orElseThrow().code())
                                        .isEqualTo("invalid_input"));
        assertThat(rows)
                .filteredOn(row -> row.line() == 7)
                .singleElement()
                .satisfies(row -> assertThat(row.customId()).contains("c7"));
    }

    @Test
    void submittingAgainGoesOnWhereItBrokeOff() throws Exception {
        submit("again", lines(50, ""));
        submit("again", lines(50, ""));

        Job job = ended("again");

        assertThat(job.lines()).hasValue(50);
        assertThat(results(job, "again.jsonl")).hasSize(50);
    }

    @Test
    void cancelledJobKeepsWhatIsFinishedAndFailsTheRest() throws Exception {
        submit("cancelled", lines(2_000, "slow"));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                catalog.find("cancelled")
                                        .filter(job -> job.released() > 0)
                                        .isPresent());
        await().atMost(PATIENCE)
                .until(() -> catalog.find("cancelled").filter(job -> job.graded() > 0).isPresent());
        catalog.cancel("cancelled");

        Job job = ended("cancelled");
        List<ResultRow> rows = results(job, "cancelled.jsonl");

        assertThat(job.state()).isEqualTo(State.CANCELLED);
        assertThat(rows).hasSize(2_000);
        assertThat(rows)
                .filteredOn(row -> row.outcome() == ResultRow.Outcome.FAILED)
                .hasSize((int) job.failed())
                .allSatisfy(
                        row -> assertThat(row.error().orElseThrow().code()).isEqualTo("cancelled"));
        assertThat(job.graded()).isBetween(1L, 100L);
    }

    @Test
    void moneyIsNotExceeded() throws Exception {
        submit("poor", lines(300, ""), OptionalDouble.of(0.5));

        Job job = ended("poor");

        assertThat(job.state()).isEqualTo(State.CANCELLED);
        assertThat(job.costUsd()).isBetween(0.4, 0.500_001);
        assertThat(job.ended()).isEqualTo(300);
        assertThat(results(job, "poor.jsonl"))
                .filteredOn(row -> row.outcome() == ResultRow.Outcome.FAILED)
                .allSatisfy(
                        row ->
                                assertThat(row.error().orElseThrow().code())
                                        .isEqualTo("over_budget"));
    }

    @Test
    void failedLinesAreSentAgainOnce() throws Exception {
        submit("failing", "{\"prompt\": \"hi\", \"required_tags\": [\"moon\"]}\n".repeat(20));
        Job failed = ended("failing");
        assertThat(failed.failed()).isEqualTo(20);
        Redrive redrive = new Redrive(clients, InstantSource.system());
        Redrive.Which which = new Redrive.Which(Optional.empty(), Optional.of("failing"));

        assertThat(redrive.send(which).sent()).isEqualTo(20);
        // The last failure of each; those that have failed again by now are let in again.
        assertThat(redrive.send(which).sent()).isEqualTo(20);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(failures("failing"))
                                        .filteredOn(failure -> failure.endsWith(" 2"))
                                        .hasSize(20));
        assertThat(failures("failing")).doesNotHaveDuplicates();
        assertThat(catalog.find("failing").orElseThrow().failed()).isEqualTo(20);
    }

    @Test
    void answerOfLineSentAgainTakesThePlaceOfItsFailure() throws Exception {
        submit("late", lines(10, ""), OptionalDouble.empty(), Optional.of(Instant.EPOCH));
        Job expired = ended("late");
        assertThat(expired.state()).isEqualTo(State.EXPIRED);
        assertThat(results(expired, "late.jsonl"))
                .hasSize(10)
                .allMatch(row -> row.outcome() == ResultRow.Outcome.FAILED);

        new Redrive(clients, InstantSource.system())
                .send(new Redrive.Which(Optional.empty(), Optional.of("late")));
        await().atMost(PATIENCE)
                .until(() -> catalog.find("late").filter(job -> job.graded() == 10).isPresent());

        assertThat(
                        new Redrive(clients, InstantSource.system())
                                .send(new Redrive.Which(Optional.empty(), Optional.of("late")))
                                .sent())
                .as("failures that have an answer by now")
                .isZero();

        Job job = catalog.find("late").orElseThrow();
        for (String file : List.of("late.jsonl", "late-anew.jsonl")) {
            assertThat(results(job, file))
                    .hasSize(10)
                    .allMatch(row -> row.outcome() == ResultRow.Outcome.GRADED)
                    .extracting(ResultRow::line)
                    .doesNotHaveDuplicates();
        }
    }

    /// What the pipeline refuses, and what not even Kafka takes.
    @Test
    void lineThatIsTooLargeIsThatLinesFailure() throws Exception {
        String large = "{\"id\": \"mine\", \"prompt\": \"" + "x".repeat(600_000) + "\"}\n";
        String larger = "{\"prompt\": \"" + "x".repeat(2_500_000) + "\"}\n";
        submit("large", lines(1, "") + large + larger + "{\"prompt\": \"last\"}\n");

        Job job = ended("large");
        List<ResultRow> rows = results(job, "large.jsonl");

        assertThat(job.state()).isEqualTo(State.COMPLETED);
        assertThat(job.graded()).isEqualTo(2);
        assertThat(job.failed()).isEqualTo(2);
        assertThat(rows)
                .filteredOn(row -> row.outcome() == ResultRow.Outcome.FAILED)
                .extracting(ResultRow::line, row -> row.error().orElseThrow().code())
                .containsExactlyInAnyOrder(tuple(2L, "too_large"), tuple(3L, "too_large"));
        assertThat(rows)
                .filteredOn(row -> row.line() == 2)
                .singleElement()
                .satisfies(row -> assertThat(row.customId()).contains("mine"));
    }

    @Test
    void lineOfATenantThatWasNotBegunIsSentAgainByTheTenantsTopic() throws Exception {
        submit(
                "tenants",
                "{\"prompt\": \"hi\", \"tenant\": \"acme\"}\n".repeat(3),
                OptionalDouble.empty(),
                Optional.of(Instant.EPOCH));
        assertThat(ended("tenants").state()).isEqualTo(State.EXPIRED);

        new Redrive(clients, InstantSource.system())
                .send(new Redrive.Which(Optional.empty(), Optional.of("tenants")));

        await().atMost(PATIENCE)
                .until(() -> catalog.find("tenants").filter(job -> job.graded() == 3).isPresent());
    }

    @Test
    void collectorSaysWhatItsTopicsHoldNoMoreAndEnds() throws Exception {
        submit("gone", lines(5, ""));
        Job job = ended("gone");
        forgetResults();

        JobResults.Collected collected =
                new JobResults(clients)
                        .collect(
                                job,
                                catalog,
                                folder.resolve("gone.jsonl"),
                                true,
                                () -> false,
                                (_, _) -> {});

        assertThat(collected.complete()).isFalse();
        assertThat(collected.missing()).isEqualTo(5);
    }

    @Test
    void collectorThatWasKilledGoesOnBehindItsLastWholeRow() throws Exception {
        submit("torn", lines(300, ""));
        Job job = ended("torn");
        results(job, "torn.jsonl");
        Path file = folder.resolve("torn.jsonl");
        List<String> rows = Files.readAllLines(file);
        String torn = rows.get(100).substring(0, rows.get(100).length() / 2);
        Files.writeString(file, String.join("\n", rows.subList(0, 100)) + "\n" + torn);

        assertThat(results(job, "torn.jsonl"))
                .hasSize(300)
                .extracting(ResultRow::line)
                .doesNotHaveDuplicates();
    }

    /// The id and generation of each failed line.
    private List<String> failures(String job) {
        List<String> found = new ArrayList<>();
        String topic = clients.topics().failed();
        var failures = clients.serdes().failedPrompt().deserializer();
        try (Consumer<byte[], byte[]> consumer = clients.consumer("it")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                record -> {
                                    FailedPrompt failed =
                                            failures.deserialize(topic, record.value());
                                    if (job.equals(failed.getJobId())) {
                                        found.add(failed.getId() + " " + failed.getGeneration());
                                    }
                                });
            }
        }
        return found;
    }

    @Test
    void moreJobsThanThreadsTakeTurns() throws Exception {
        List<String> holding =
                IntStream.rangeClosed(1, JobRunner.MOST_JOBS).mapToObj(i -> "holds-" + i).toList();
        for (String id : holding) {
            // Few lines are released before it is known what one costs, and these are slow.
            submit(id, lines(20, "slow"), OptionalDouble.of(1));
        }
        await().atMost(PATIENCE)
                .until(() -> holding.stream().allMatch(id -> job(id).released() > 0));

        submit("one more", lines(5, ""));

        assertThat(ended("one more").state()).isEqualTo(State.COMPLETED);
        assertThat(holding).noneMatch(id -> job(id).state().ended());
        holding.forEach(catalog::cancel);
        for (String id : holding) {
            assertThat(ended(id).state()).isEqualTo(State.CANCELLED);
        }
    }

    @Test
    void linesThatNoJobNeedsAreDeleted() throws Exception {
        submit("spent", lines(5, ""));
        Job spent = ended("spent");
        TopicPartition partition =
                new TopicPartition(clients.topics().jobsLines(), spent.spec().linesPartition());

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            runner.deleteUnneeded();
                            assertThat(firstOffset(partition))
                                    .isGreaterThanOrEqualTo(spent.cursor());
                        });

        assertThat(results(spent, "spent.jsonl")).hasSize(5);
    }

    private long firstOffset(TopicPartition partition) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer("jobs-it-first")) {
            return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
    }

    private static String lines(int count, String task) {
        StringBuilder lines = new StringBuilder();
        IntStream.rangeClosed(1, count)
                .forEach(
                        i ->
                                lines.append(
                                        "{\"id\": \"c%d\", \"prompt\": \"say %d\"%s}\n"
                                                .formatted(
                                                        i,
                                                        i,
                                                        task.isEmpty()
                                                                ? ""
                                                                : ", \"task\": \"" + task + "\"")));
        return lines.toString();
    }

    private void submit(String id, String lines) throws IOException, InputException {
        submit(id, lines, OptionalDouble.empty());
    }

    private void submit(String id, String lines, OptionalDouble maxCostUsd)
            throws IOException, InputException {
        submit(id, lines, maxCostUsd, Optional.empty());
    }

    private void submit(
            String id, String lines, OptionalDouble maxCostUsd, Optional<Instant> deadline)
            throws IOException, InputException {
        Path input = Files.writeString(folder.resolve(id + ".in"), lines);
        JobSubmitter.Request request =
                new JobSubmitter.Request(
                        id,
                        "",
                        input.toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Priority.BULK,
                        deadline,
                        maxCostUsd);
        try (InputReader reader =
                InputReader.open(
                        input,
                        id,
                        Optional.empty(),
                        new Bounds(Bounds.DEFAULT_MAX_LINE_BYTES, 512))) {
            new JobSubmitter(clients, InstantSource.system()).submit(request, reader, _ -> {});
        }
    }

    private Job ended(String id) {
        await().atMost(PATIENCE)
                .until(() -> catalog.find(id).filter(job -> job.state().ended()).isPresent());
        return catalog.find(id).orElseThrow();
    }

    /// As their retention does.
    private void forgetResults() throws Exception {
        try (Consumer<byte[], byte[]> consumer = clients.consumer("jobs-it-forget");
                Admin admin = clients.admin()) {
            List<TopicPartition> partitions =
                    clients.topics().results().stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            consumer.endOffsets(partitions)
                    .forEach(
                            (partition, end) ->
                                    all.put(partition, RecordsToDelete.beforeOffset(end)));
            admin.deleteRecords(all).all().get();
        }
    }

    private Job job(String id) {
        return Objects.requireNonNull(catalog.read().get(id), id);
    }

    private List<ResultRow> results(Job job, String name) throws IOException, InputException {
        Path results = folder.resolve(name);
        new JobResults(clients).collect(job, catalog, results, true, () -> false, (_, _) -> {});
        List<ResultRow> rows = new ArrayList<>();
        ResultsFile.read(results, rows::add);
        return rows;
    }
}
