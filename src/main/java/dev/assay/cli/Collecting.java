package dev.assay.cli;

import dev.assay.bulk.InputException;
import dev.assay.bulk.LineOrder;
import dev.assay.bulk.ResultsCsv;
import dev.assay.bulk.ResultsParquet;
import dev.assay.bulk.RunProgress;
import dev.assay.bulk.job.JobCatalog;
import dev.assay.bulk.job.JobClients;
import dev.assay.bulk.job.JobResults;
import dev.assay.bulk.job.JobResults.Collected;
import dev.assay.decide.job.Job;

import java.io.BufferedOutputStream;
import java.io.IOException;
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
    private static final String CSV = ".csv";
    private static final String PARQUET = ".parquet";

    /// Of the JSONL that rows are collected in, where the results are to be something else.
    private static final String PART = ".part";

    private final JobClients clients;
    private final PrintWriter err;

    Collecting(JobClients clients, PrintWriter err) {
        this.clients = clients;
        this.err = err;
    }

    /// Refuses a file that would be replaced and may be anything; one of whole rows is looked into
    /// when it is opened.
    static void requireFree(Path results) throws InputException {
        Form form = Form.of(results);
        if (form.packed() && form.rows() == Rows.PARQUET) {
            throw new InputException(
                    "%s: Parquet is compressed in itself; leave out %s".formatted(results, PACKED));
        }
        if (!form.plain() && Files.exists(results) && !Files.exists(form.rows(results))) {
            throw new InputException(
                    "%s is there already; remove it, or choose another file with -o"
                            .formatted(results));
        }
    }

    /// @param submitted a moment ago, so that it may not be known yet
    /// @param follows to wait until the job has ended
    /// @return the exit code
    int collect(String id, boolean submitted, Path results, boolean ordered, boolean follows)
            throws InputException, IOException {
        Form form = Form.of(results);
        Path file = form.rows(results);
        requireFree(results);
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
                finish(file, results, ordered, form);
            }
        }
        boolean goesOn = !collected.complete() && collected.missing() == 0;
        err.printf(
                "%,d results in %s%s%n",
                collected.rows(),
                collected.complete() ? results : file,
                goesOn ? "; the same command goes on from there" : "");
        if (collected.missing() > 0) {
            err.printf(
                    "%,d lines have their results no more: the topics of answers and failures keep them as long as their retention.ms says%n",
                    collected.missing());
            return ExitCodes.BROKE;
        }
        if (collected.job().state() == Job.State.FAILED) {
            err.printf(
                    "job %s has failed%s%n",
                    id, collected.job().stop().map(why -> ": " + why.reason()).orElse(""));
            return ExitCodes.BROKE;
        }
        if (stopped.get() && !collected.complete()) {
            return ExitCodes.BROKE;
        }
        return collected.failed() > 0 ? ExitCodes.SOME_FAILED : ExitCodes.DONE;
    }

    /// How rows are written.
    private enum Rows {
        JSONL,
        CSV,
        PARQUET
    }

    /// What the name of the results file asks for.
    ///
    /// @param packed gzipped
    private record Form(Rows rows, boolean packed) {

        static Form of(Path results) {
            String name = results.toString();
            boolean packed = name.endsWith(PACKED);
            String inner = packed ? name.substring(0, name.length() - PACKED.length()) : name;
            Rows rows =
                    inner.endsWith(CSV)
                            ? Rows.CSV
                            : inner.endsWith(PARQUET) ? Rows.PARQUET : Rows.JSONL;
            return new Form(rows, packed);
        }

        /// Rows are collected in the results file itself.
        boolean plain() {
            return rows == Rows.JSONL && !packed;
        }

        /// Where rows are collected.
        Path rows(Path results) {
            return plain() ? results : results.resolveSibling(results.getFileName() + PART);
        }

        /// Makes the results of the collected rows.
        void write(Path collected, Path out) throws InputException, IOException {
            if (rows == Rows.PARQUET) {
                ResultsParquet.write(collected, out);
                return;
            }
            try (OutputStream plain = Files.newOutputStream(out);
                    OutputStream packing =
                            packed
                                    ? new GZIPOutputStream(plain)
                                    : new BufferedOutputStream(plain)) {
                if (rows == Rows.CSV) {
                    ResultsCsv.write(collected, packing);
                } else {
                    Files.copy(collected, packing);
                }
            }
        }
    }

    private static void finish(Path file, Path results, boolean ordered, Form form)
            throws IOException, InputException {
        if (ordered) {
            LineOrder.apply(file);
        }
        if (!form.plain()) {
            Path copy = results.resolveSibling(results.getFileName() + ".packing");
            form.write(file, copy);
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
