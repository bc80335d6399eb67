package dev.assay.cli;

import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.bulk.InputFormat;
import dev.assay.bulk.InputReader;
import dev.assay.bulk.InputReader.Bounds;
import dev.assay.bulk.LineOrder;
import dev.assay.bulk.ResultsFile;
import dev.assay.bulk.RunException;
import dev.assay.bulk.RunFolder;
import dev.assay.bulk.RunIdentity;
import dev.assay.bulk.RunJob;
import dev.assay.bulk.RunJob.End;
import dev.assay.bulk.Summary;
import dev.assay.cli.Errors.BadInput;
import dev.assay.cli.Errors.CannotRun;
import dev.assay.config.TopologyFile;
import dev.assay.topology.Pipeline;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// One `assay run`: everything it needs is started, used and stopped here.
final class LocalRun {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);
    private static final Path STDIN = Path.of("-");

    private final Request request;
    private final PrintWriter err;

    /// What the user asked for.
    record Request(
            Path input,
            Optional<InputFormat> format,
            TopologyFile topology,
            Path results,
            boolean ordered,
            boolean fresh) {}

    LocalRun(Request request, PrintWriter err) {
        this.request = request;
        this.err = err;
    }

    private static boolean isStdin(Path input) {
        return input.equals(STDIN);
    }

    /// Stdin, or a pipe with a name: it can be read once only, and a run reads its input twice.
    private static boolean isStream(Path input) {
        return isStdin(input)
                || (Files.exists(input)
                        && !Files.isRegularFile(input)
                        && !Files.isDirectory(input));
    }

    /// Before the run heeds interrupts: whoever writes the stream may take for ever, and meanwhile
    /// one is to end the process at once.
    private Path spooled(RunFolder folder) throws IOException {
        try (InputStream in =
                isStdin(request.input()) ? System.in : Files.newInputStream(request.input())) {
            return folder.spool(in);
        }
    }

    /// Runs to the end, or until the process is told to end.
    ///
    /// @return the exit code
    int run() throws InputException {
        try {
            refuseToOverwriteInput();
            createParent();
            try (RunFolder folder = RunFolder.lock(request.results())) {
                Path input = isStream(request.input()) ? spooled(folder) : request.input();
                try (Interrupt interrupt = new Interrupt()) {
                    return in(folder, input, interrupt);
                }
            }
        } catch (IOException e) {
            throw new CannotRun(
                    "%s: %s; what is in %s stays, and the same command goes on from there"
                            .formatted(request.results(), reason(e), request.results()),
                    e);
        }
    }

    private int in(RunFolder folder, Path input, Interrupt interrupt)
            throws InputException, IOException {
        String name = isStdin(request.input()) ? "stdin" : request.input().toString();
        Bounds bounds =
                new Bounds(Bounds.DEFAULT_MAX_LINE_BYTES, request.topology().engine().maxIdChars());
        try (InputReader reader = InputReader.open(input, name, request.format(), bounds)) {
            RunIdentity identity =
                    RunIdentity.of(input, name, request.format(), request.topology());
            long inputBytes = Files.size(input);
            folder.begin(identity, request.fresh());
            Summary summary = new Summary();
            if (folder.complete()) {
                ResultsFile.read(request.results(), summary::add);
                err.printf(
                        "%s is complete already, no model was called; --fresh begins anew%n",
                        request.results());
            } else {
                announce(name, reader);
                if (work(folder, reader, inputBytes, summary, interrupt) == End.STOPPED) {
                    return stopped(folder, summary);
                }
            }
            return finish(folder, reader, summary);
        }
    }

    private End work(
            RunFolder folder,
            InputReader reader,
            long inputBytes,
            Summary summary,
            Interrupt interrupt)
            throws InputException, IOException {
        try (StartingBroker broker = StartingBroker.in(folder.broker());
                ResultsFile results = ResultsFile.open(request.results(), summary::add)) {
            if (summary.prompts() > 0) {
                err.printf("going on: %,d prompts have their result already%n", summary.prompts());
            }
            TopologyFile file =
                    request.topology()
                            .withStack(broker.bootstrapServers(), "mock://" + folder.runId());
            LOG.debug("the broker takes requests");
            try (Pipeline pipeline = Pipeline.start(file, folder.state())) {
                LOG.debug("the pipeline runs");
                RunJob job = new RunJob(file, folder, reader, inputBytes, results, summary);
                interrupt.stops(job::stop);
                FreeSpace space = new FreeSpace(folder.state());
                End end = shown(job, pipeline, () -> pipeline.trouble().or(space::trouble));
                if (end == End.STOPPED) {
                    err.println("stopping; calls in the air are given a moment ...");
                }
                return end;
            }
        }
    }

    /// What breaks the run is said at once: the way down may take long, or be cut short by the
    /// broker.
    private End shown(RunJob job, Pipeline pipeline, Supplier<Optional<String>> trouble)
            throws InputException {
        try (var _ = ProgressDisplay.start(err, job::progress, pipeline::inFlight)) {
            return job.run(trouble);
        } catch (RunException e) {
            err.println(e.getMessage());
            return End.STOPPED;
        } catch (IOException e) {
            err.printf("%s cannot be written: %s%n", request.results(), reason(e));
            return End.STOPPED;
        }
    }

    private void announce(String name, InputReader reader) {
        err.printf(
                "run %s (%s) with %s%n",
                name, reader.format().label(), request.topology().source());
        if (request.topology().simulatedOnly()) {
            err.println(
                    "all its models are simulated: answers and prices are made up; name your own with -t");
        }
    }

    private int finish(RunFolder folder, InputReader reader, Summary summary)
            throws InputException, IOException {
        if (request.ordered()) {
            LineOrder.apply(request.results());
        }
        if (!folder.complete()) {
            folder.markComplete();
        }
        if (!reader.ignoredFields().isEmpty()) {
            err.printf(
                    "fields of the input that mean nothing here: %s%n",
                    String.join(", ", reader.ignoredFields()));
        }
        err.print(summary.render());
        err.printf("results in %s%n", request.results());
        return summary.failed() > 0 ? ExitCodes.SOME_FAILED : ExitCodes.DONE;
    }

    private int stopped(RunFolder folder, Summary summary) {
        String command =
                isStream(request.input())
                        ? "the same command with %s as INPUT".formatted(folder.stdin())
                        : "the same command";
        err.printf(
                "stopped; %,d prompts have their result in %s; start %s to go on%n",
                summary.prompts(), request.results(), command);
        return ExitCodes.BROKE;
    }

    private void refuseToOverwriteInput() throws IOException {
        if (Files.exists(request.input())
                && Files.exists(request.results())
                && Files.isSameFile(request.input(), request.results())) {
            throw new BadInput(
                    request.results() + " is the input itself; choose another file with -o");
        }
    }

    private void createParent() {
        Path parent = request.results().toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new BadInput(
                    "the folder %s cannot be made; choose another with -o".formatted(parent));
        }
    }

    private static String reason(IOException e) {
        String reason = FileTrouble.reason(e);
        return e instanceof FileSystemException failure
                ? failure.getFile() + ": " + reason
                : reason;
    }
}
