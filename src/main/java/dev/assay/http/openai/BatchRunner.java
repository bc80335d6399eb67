package dev.assay.http.openai;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.Priority;
import dev.assay.bulk.InputException;
import dev.assay.bulk.job.JobCatalog;
import dev.assay.bulk.job.JobClients;
import dev.assay.bulk.job.JobEnds;
import dev.assay.bulk.job.JobSubmitter;
import dev.assay.config.TopologyFile;
import dev.assay.http.files.FileStore;
import dev.assay.http.files.FileStore.Draft;
import dev.assay.http.files.StoredFile;
import dev.assay.http.openai.Batch.LineError;
import dev.assay.http.openai.Batch.Status;
import dev.assay.http.openai.BatchInput.Findings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Takes one batch from where it is to its end. For one thread, which an interrupt ends; whoever
/// runs the batch again goes on where it was.
final class BatchRunner {

    private static final String PURPOSE = "batch_output";

    private final BatchStore batches;
    private final FileStore files;
    private final TopologyFile file;
    private final ModelNames models;
    private final JobClients clients;
    private final InstantSource clock;
    private final String id;

    /// @param file with the addresses of the broker and registry that the pipeline works with
    BatchRunner(
            BatchStore batches,
            FileStore files,
            TopologyFile file,
            InstantSource clock,
            String id) {
        this.batches = batches;
        this.files = files;
        this.file = file;
        this.models = ModelNames.of(file);
        this.clients = JobClients.of(file);
        this.clock = clock;
        this.id = id;
    }

    /// @throws IOException if a file cannot be read or written
    /// @throws InterruptedException if it is broken off
    /// @throws InputException if the batch's input is no longer what it was
    void run() throws IOException, InputException, InterruptedException {
        if (batch().status() == Status.VALIDATING) {
            validate();
        }
        if (!batch().status().ended() && !batch().collected()) {
            work();
        }
        if (!batch().status().ended()) {
            publish();
        }
    }

    private void validate() throws IOException {
        Batch batch = batch();
        Optional<StoredFile> stored = files.find(batch.inputFile());
        if (stored.isEmpty()) {
            fail(
                    List.of(
                            new LineError(
                                    "input_file_deleted",
                                    "The input file was deleted before the batch began.",
                                    Optional.empty(),
                                    Optional.of("input_file_id"))));
            return;
        }
        Findings findings;
        try (BatchInput input = BatchInput.open(batch, models, files.content(stored.get()))) {
            findings = input.check(file.api().batchLines());
        }
        if (!findings.errors().isEmpty()) {
            fail(findings.errors());
            return;
        }
        // The input may be deleted while the batch runs.
        Files.deleteIfExists(inputPath());
        Files.createLink(inputPath(), files.content(stored.get()));
        Map<String, List<Long>> since = JobEnds.position(clients);
        Batch _ =
                batches.change(
                        id,
                        now -> {
                            Batch begun = now.begun(findings.model(), since, findings.requests());
                            return now.status() == Status.VALIDATING
                                    ? begun.entered(Status.IN_PROGRESS, clock.millis())
                                    : begun;
                        });
    }

    private void fail(List<LineError> errors) {
        Batch _ =
                batches.change(
                        id, now -> now.withErrors(errors).entered(Status.FAILED, clock.millis()));
    }

    private void work() throws IOException, InputException, InterruptedException {
        Batch batch = batch();
        if (batch.since().isEmpty()) {
            validate(); // cancelled before it began
            if (batch().status().ended()) {
                return;
            }
        }
        submit(batch());
        try (BatchOutput output =
                new BatchOutput(
                        batch(),
                        answersPath(),
                        errorsPath(),
                        counts -> batches.count(id, counts))) {
            new JobEnds(clients, id).read(batch().since(), new Collecting(output));
        }
        boolean anyAnswers = Files.size(answersPath()) > 0;
        boolean anyErrors = Files.size(errorsPath()) > 0;
        Batch _ =
                batches.change(
                        id,
                        now ->
                                now.collected(
                                        newFile(anyAnswers), newFile(anyErrors), clock.millis()));
    }

    private static Optional<String> newFile(boolean needed) {
        return needed ? Optional.of(FileStore.newId()) : Optional.empty();
    }

    /// Its lines become a job of the same id, once.
    private void submit(Batch batch) throws IOException, InputException {
        JobSubmitter.Request request =
                new JobSubmitter.Request(
                        id,
                        "batch",
                        batch.inputFile(),
                        batch.tenant(),
                        Optional.empty(),
                        Priority.BULK,
                        Optional.of(Instant.ofEpochMilli(batch.expiresAtMs())),
                        OptionalDouble.empty());
        try (BatchInput input = BatchInput.open(batch, models, inputPath())) {
            long _ = new JobSubmitter(clients, clock).submit(request, input, _ -> {});
        }
    }

    /// Writes down how lines end, and passes on that the batch was cancelled.
    private final class Collecting implements JobEnds.Listener {

        private final BatchOutput output;
        private boolean cancelled;

        Collecting(BatchOutput output) {
            this.output = output;
        }

        @Override
        public boolean enough() throws IOException {
            output.flush();
            if (batch().status() == Status.CANCELLING && !cancelled) {
                try (JobCatalog catalog = new JobCatalog(clients)) {
                    catalog.cancel(id);
                }
                cancelled = true;
            }
            return output.complete();
        }

        @Override
        public void answered(long line, GradedAnswer answer) throws IOException {
            output.answered(line, answer);
        }

        @Override
        public void failed(long line, FailedPrompt failed) throws IOException {
            output.failed(line, failed.getCustomId() == null ? named(line, failed) : failed);
        }
    }

    /// A prompt that was refused before it was taken apart does not bear the caller's own id.
    private FailedPrompt named(long line, FailedPrompt failed) throws IOException {
        try (BatchInput input = BatchInput.open(batch(), models, inputPath())) {
            return FailedPrompt.newBuilder(failed)
                    .setCustomId(input.customId(line).orElse(null))
                    .build();
        } catch (InputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Its files come to be before it says that it has ended.
    private void publish() throws IOException {
        Batch batch = batch();
        publish(batch, batch.outputFile(), answersPath(), "output");
        publish(batch, batch.errorFile(), errorsPath(), "error");
        Batch _ = batches.change(id, now -> now.entered(end(now), clock.millis()));
        for (Path path : List.of(answersPath(), errorsPath(), inputPath())) {
            Files.deleteIfExists(path);
        }
    }

    private Status end(Batch batch) {
        if (batch.status() == Status.CANCELLING) {
            return Status.CANCELLED;
        }
        if (batch.counts().leftOut() == 0) {
            return Status.COMPLETED;
        }
        // Its job may have been cancelled by other ways than the batch.
        return clock.millis() >= batch.expiresAtMs() ? Status.EXPIRED : Status.CANCELLED;
    }

    private void publish(Batch batch, Optional<String> fileId, Path path, String kind)
            throws IOException {
        if (fileId.isPresent() && files.find(fileId.get()).isEmpty()) {
            String name = "%s_%s.jsonl".formatted(id, kind);
            files.adopt(
                    fileId.get(),
                    new Draft(
                            batch.tenant(),
                            name,
                            PURPOSE,
                            batch.keptSeconds().map(Duration::ofSeconds)),
                    path);
        }
    }

    private Batch batch() {
        return batches.find(id).orElseThrow();
    }

    private Path answersPath() {
        return batches.growing(id + "_output.jsonl");
    }

    private Path errorsPath() {
        return batches.growing(id + "_error.jsonl");
    }

    private Path inputPath() {
        return batches.growing(id + "_input.jsonl");
    }
}
