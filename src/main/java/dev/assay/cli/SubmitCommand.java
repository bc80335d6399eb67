package dev.assay.cli;

import dev.assay.avro.Priority;
import dev.assay.bulk.InputException;
import dev.assay.bulk.InputFormat;
import dev.assay.bulk.InputReader;
import dev.assay.bulk.InputReader.Bounds;
import dev.assay.bulk.ReadAhead;
import dev.assay.bulk.RunException;
import dev.assay.bulk.job.JobCatalog;
import dev.assay.bulk.job.JobClients;
import dev.assay.bulk.job.JobSubmitter;
import dev.assay.config.EngineConfig;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.Stop;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.Callable;

/// `assay submit`.
@Command(
        name = "submit",
        description = {
            "Submits a file of prompts as a job to a running pipeline, and prints the job's id.",
            "",
            "INPUT is what `assay run` takes. Submitting the same file again goes on where it broke off, and does"
                    + " nothing where it did not.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  assay submit prompts.jsonl --name nightly --deadline 8h",
            "  assay submit prompts.csv --wait -o results.jsonl --ordered"
        })
final class SubmitCommand implements Callable<Integer> {

    private static final Path STDIN = Path.of("-");
    private static final int ID_BYTES = 6;

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(paramLabel = "INPUT", description = "The prompts; - is stdin")
    private Path input;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "", description = "For people")
    private String name;

    @Option(
            names = "--job-id",
            paramLabel = "ID",
            description = "default: told by the file and these options")
    private @Nullable String jobId;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "jsonl, csv or text; default: told by the content")
    private Optional<InputFormat> format = Optional.empty();

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description = "For lines that name none; default: the first that matches")
    private Optional<String> route = Optional.empty();

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "Whose the job is, and lines that name none")
    private Optional<String> tenant = Optional.empty();

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            defaultValue = "BULK",
            description = "bulk or interactive; default: bulk")
    private Priority priority;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "From now, as 8h; what is not begun by then fails")
    private Optional<Duration> deadline = Optional.empty();

    @Option(
            names = "--max-cost-usd",
            paramLabel = "USD",
            description = "What answers and checks together may cost; the job is stopped before")
    private @Nullable Double maxCostUsd;

    @Option(names = "--wait", description = "Collects the results, too; needs -o")
    private boolean wait;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "RESULTS",
            description =
                    "Where results go, with --wait; CSV where it ends with .csv, Parquet with .parquet, gzipped with .gz")
    private @Nullable Path results;

    @Option(names = "--ordered", description = "Puts RESULTS into the order of INPUT in the end")
    private boolean ordered;

    @Override
    public Integer call() throws InputException, IOException {
        if (wait != (results != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--wait and -o RESULTS belong together; give both or none");
        }
        if (results != null) {
            Collecting.requireFree(results);
        }
        boolean stdin = input.equals(STDIN);
        if (!stdin) {
            requireFile(input);
        }
        JobClients clients = new JobStack(stack).clients();
        Path file = stdin ? spooled() : input;
        String id;
        try {
            id = jobId != null ? jobId : stdin ? randomId() : idOf(file);
            submit(clients, file, id);
        } finally {
            if (stdin) {
                Files.deleteIfExists(file);
            }
        }
        spec.commandLine().getOut().println(id);
        spec.commandLine().getOut().flush();
        return results == null
                ? ExitCodes.DONE
                : new Collecting(clients, err()).collect(id, true, results, ordered, true);
    }

    private void submit(JobClients clients, Path file, String id)
            throws InputException, IOException {
        Optional<Job> known;
        try (JobCatalog catalog = new JobCatalog(clients)) {
            known = catalog.find(id);
        }
        Optional<Stop> failed =
                known.filter(job -> job.state() == Job.State.FAILED).flatMap(Job::stop);
        if (failed.isPresent()) {
            throw new RunException(
                    "job %s has failed: %s; to submit %s anew, give another --job-id"
                            .formatted(id, failed.get().reason(), input));
        }
        if (known.filter(job -> job.lines().isPresent()).isPresent()) {
            err().printf(
                            "%s is submitted already, as job %s; to do it again, give --job-id%n",
                            input, id);
            return;
        }
        Bounds bounds =
                new Bounds(Bounds.DEFAULT_MAX_LINE_BYTES, EngineConfig.DEFAULT.maxIdChars());
        try (InputReader reader = InputReader.open(file, input.toString(), format, bounds);
                ReadAhead ahead = new ReadAhead(reader)) {
            JobSubmitter.Request request =
                    new JobSubmitter.Request(
                            id,
                            name,
                            input.toString(),
                            tenant,
                            route,
                            priority,
                            deadline.map(time -> Instant.now().plus(time)),
                            maxCostUsd == null
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(maxCostUsd));
            long lines =
                    new JobSubmitter(clients, InstantSource.system())
                            .submit(
                                    request,
                                    ahead,
                                    count -> err().printf("%,d lines submitted%n", count));
            err().printf("job %s has %,d lines%n", id, lines);
            if (!reader.ignoredFields().isEmpty()) {
                err().printf(
                                "fields of the input that mean nothing here: %s%n",
                                String.join(", ", reader.ignoredFields()));
            }
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private static Path spooled() throws IOException {
        Path file = Files.createTempFile("assay-submit", "");
        Files.copy(System.in, file, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    private static String randomId() {
        return "job-" + UUID.randomUUID().toString().substring(0, 2 * ID_BYTES + 1);
    }

    private static void requireFile(Path file) throws InputException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "there is no file %s; name one, or - for stdin".formatted(file));
        }
    }

    /// The same for the same file in the same state, submitted in the same way.
    private String idOf(Path file) throws IOException {
        String identity =
                String.join(
                        "\n",
                        file.toRealPath().toString(),
                        Long.toString(Files.size(file)),
                        Files.getLastModifiedTime(file).toString(),
                        name,
                        route.orElse(""),
                        tenant.orElse(""));
        return "job-" + HexFormat.of().formatHex(sha256(identity), 0, ID_BYTES);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
