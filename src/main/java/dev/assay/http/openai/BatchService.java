package dev.assay.http.openai;

import dev.assay.bulk.InputException;
import dev.assay.config.TopologyFile;
import dev.assay.http.ApiError;
import dev.assay.http.files.FileStore;
import dev.assay.http.openai.Batch.Status;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Runs the batches of an instance, some at a time and the oldest first, and goes on with those of
/// an earlier one. Safe for any thread.
public final class BatchService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchService.class);

    /// Each reads the result topics on its own.
    private static final int MOST_RUNNING = 8;

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int CONFLICT = 409;

    private final BatchStore batches;
    private final FileStore files;
    private final TopologyFile file;
    private final InstantSource clock;
    private final Semaphore room = new Semaphore(MOST_RUNNING, true);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private BatchService(
            BatchStore batches, FileStore files, TopologyFile file, InstantSource clock) {
        this.batches = batches;
        this.files = files;
        this.file = file;
        this.clock = clock;
    }

    /// @param folder where batches are kept, on the disk of the files
    /// @param file with the addresses of the broker and registry that the pipeline works with
    public static BatchService start(
            Path folder, FileStore files, TopologyFile file, InstantSource clock) {
        BatchService service = new BatchService(new BatchStore(folder), files, file, clock);
        service.batches.newestFirst().reversed().stream()
                .filter(batch -> !batch.status().ended())
                .forEach(batch -> service.begin(batch.id()));
        return service;
    }

    public FileStore files() {
        return files;
    }

    void add(Batch batch) {
        batches.add(batch);
        begin(batch.id());
    }

    Optional<Batch> find(String id) {
        return batches.find(id);
    }

    List<Batch> newestFirst() {
        return batches.newestFirst();
    }

    /// Nothing more of it is sent from now on.
    ///
    /// @throws ApiError if it is too late for that
    Batch cancel(String id) {
        return batches.change(
                id,
                batch ->
                        switch (batch.status()) {
                            case VALIDATING, IN_PROGRESS ->
                                    batch.entered(Status.CANCELLING, clock.millis());
                            case CANCELLING -> batch;
                            case FINALIZING, FAILED, COMPLETED, EXPIRED, CANCELLED ->
                                    throw new ApiError(
                                            CONFLICT,
                                            "Cannot cancel a batch with status '%s'."
                                                    .formatted(BatchJson.name(batch.status())));
                        });
    }

    /// Breaks off what runs; the next instance goes on.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(String id) {
        Thread thread = Thread.ofVirtual().name("assay-batch").unstarted(() -> run(id));
        threads.add(thread);
        thread.start();
    }

    private void run(String id) {
        try {
            room.acquire();
            try {
                runToEnd(id);
            } finally {
                room.release();
            }
        } catch (InterruptedException e) {
            LOG.debug("batch {} is broken off", id);
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private void runToEnd(String id) throws InterruptedException {
        BatchRunner runner = new BatchRunner(batches, files, file, clock, id);
        boolean ended = false;
        while (!ended) {
            try {
                runner.run();
                ended = true;
            } catch (IOException | InputException | RuntimeException e) {
                LOG.warn(
                        "batch {} cannot go on at present, and is tried again in {} s: {}",
                        id,
                        AGAIN.toSeconds(),
                        e.toString());
                Thread.sleep(AGAIN);
            }
        }
    }
}
