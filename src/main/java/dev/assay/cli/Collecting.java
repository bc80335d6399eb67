package dev.assay.cli;

import dev.assay.bulk.InputException;
import dev.assay.bulk.LineOrder;
import dev.assay.bulk.RunProgress;
import dev.assay.bulk.job.JobCatalog;
import dev.assay.bulk.job.JobClients;
import dev.assay.bulk.job.JobResults;
import dev.assay.bulk.job.JobResults.Collected;
import dev.assay.decide.job.Job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

/// Collects the results of a job for a command, with its progress shown.
final class Collecting {

    private static final String PACKED = ".gz";

    private final JobClients clients;
    private final PrintWriter err;

    Collecting(JobClients clients, PrintWriter err) {
        this.clients = clients;
        this.err = err;
    }

    /// @param submitted a moment ago, so that it may not be known yet
    /// @param follows to wait until the job has ended
    /// @return the exit code
    int collect(String id, boolean submitted, Path results, boolean ordered, boolean follows)
            throws InputException, IOException {
        boolean packed = results.toString().endsWith(PACKED);
        Path file = packed ? results.resolveSibling(results.getFileName() + ".part") : results;
        AtomicBoolean stopped = new AtomicBoolean();
        Collected collected;
        try (Interrupt interrupt = new Interrupt();
                JobCatalog catalog = new JobCatalog(clients)) {
            interrupt.stops(() -> stopped.set(true));
            Job job = submitted ? JobStack.await(catalog, id) : JobStack.require(catalog, id);
            Shown shown = new Shown(job);
            try (var _ = ProgressDisplay.start(err, shown::progress, shown::inFlight)) {
                collected =
                        new JobResults(clients)
                                .collect(job, catalog, file, follows, stopped::get, shown);
            }
            if (collected.complete()) {
                finish(file, results, ordered, packed);
            }
        }
        err.printf(
                "%,d results in %s%s%n",
                collected.rows(),
                collected.complete() ? results : file,
                collected.complete() ? "" : "; the same command goes on from there");
        if (stopped.get() && !collected.complete()) {
            return ExitCodes.BROKE;
        }
        return collected.failed() > 0 ? ExitCodes.SOME_FAILED : ExitCodes.DONE;
    }

    private static void finish(Path file, Path results, boolean ordered, boolean packed)
            throws IOException, InputException {
        if (ordered) {
            LineOrder.apply(file);
        }
        if (packed) {
            Path copy = results.resolveSibling(results.getFileName() + ".packing");
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = new GZIPOutputStream(Files.newOutputStream(copy))) {
                in.transferTo(out);
            }
            Files.move(
                    copy,
                    results,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.delete(file);
        }
    }

    /// What the display asks for, by a thread of its own.
    private static final class Shown implements JobResults.Progress {
        private volatile Job job;
        private volatile long rows;

        Shown(Job job) {
            this.job = job;
        }

        @Override
        public void collected(Job now, long count) {
            job = now;
            rows = count;
        }

        RunProgress progress() {
            return new RunProgress(
                    job.lines().orElse(0),
                    job.lines().isPresent(),
                    1,
                    rows,
                    job.failed(),
                    job.costUsd());
        }

        Map<String, Integer> inFlight() {
            return Map.of("", Math.toIntExact(job.inFlight()));
        }
    }
}
