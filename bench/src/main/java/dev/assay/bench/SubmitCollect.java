package dev.assay.bench;

import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobRecord;
import dev.assay.cli.AssayCommand;
import dev.assay.codec.RegistrySerdes;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// How fast `assay submit` brings the lines of a file in, beside a bare producer, and how fast
/// `assay results` brings the results of a job out.
///
/// No instance runs meanwhile. The results are those of a small job that went through one before,
/// written again for each line of a large one.
@Command(
        name = "bench/submit-collect",
        description =
                "Submits a file of prompts, beside a bare producer of the same, and collects as many results.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SubmitCollect implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SMALL = 100;
    private static final double LIMIT_SECONDS = 1_200;
    private static final String SMALL_JOB = "small";
    private static final String LARGE_JOB = "large";

    @Spec private CommandSpec spec;

    @Option(
            names = "--lines",
            defaultValue = "1000000",
            description = "Of the file, of about 300 bytes each; default: ${DEFAULT-VALUE}")
    private int lines;

    @Option(
            names = "--heap",
            defaultValue = "512m",
            description = "Of the commands measured; default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(
            names = "--jvm",
            description =
"A further option for the JVMs measured, such as an agent; repeatable")
    private List<String> jvm = new ArrayList<>();

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    private Stack stack;
    private RegistrySerdes serdes;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SubmitCollect()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Report report = new Report(noFile);
        report.begin(
                ("submit-collect "
                                + String.join(
                                        " ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "%d lines, heap %s; whole processes, their start included".formatted(lines, heap));
        report.line("| what | s | lines/s | MB/s | CPU us/line | peak RSS MiB |");
        report.line("|---|---|---|---|---|---|");
        try (Stack started = Stack.start(List.of("--latency-ms", "1"), true)) {
            stack = started;
            serdes = new RegistrySerdes(Map.of("url", stack.registryUrl()));
            runSmallJob();
            Path input = stack.input(lines);
            double bare =
                    measure(
                            report,
                            "bare idempotent producer, same serializer",
                            input,
                            BareLines.class,
                            List.of(
                                    stack.bootstrapServers(),
                                    stack.registryUrl(),
                                    BenchTopology.TOPICS.jobsLines(),
                                    Integer.toString(lines)));
            double submit =
                    measure(
                            report,
                            "`assay submit`",
                            input,
                            AssayCommand.class,
                            stack.command("submit", input.toString(), "--job-id", LARGE_JOB));
            fillResults();
            Path output = stack.folder().resolve("results.jsonl");
            measure(
                    report,
                    "`assay results`",
                    output,
                    AssayCommand.class,
                    stack.command("results", LARGE_JOB, "-o", output.toString()));
            try (Stream<String> rows = Files.lines(output)) {
                report.line("");
                report.line(
                        String.format(
                                Locale.ROOT,
                                "`submit` beside the bare producer: %.2f of its rate; rows collected: %d",
                                bare / submit,
                                rows.count()));
            }
        }
        return 0;
    }

    /// A job whose record and results are what those of the large one are made of.
    private void runSmallJob() throws InterruptedException, IOException {
        Child instance = stack.startAssay("assay", BenchTopology.yaml(stack, 200, ""), List.of());
        Path output = stack.folder().resolve("small-results.jsonl");
        run(
                AssayCommand.class,
                stack.command(
                        "submit",
                        stack.input(SMALL).toString(),
                        "--job-id",
                        SMALL_JOB,
                        "--wait",
                        "-o",
                        output.toString()));
        stack.last(
                BenchTopology.TOPICS.jobs(),
                serdes.job().deserializer(),
                job -> job.getState().equals("completed"),
PATIENCE);
        instance.stop();
    }

    private void fillResults() throws InterruptedException {
        String graded = BenchTopology.TOPICS.graded();
        String jobs = BenchTopology.TOPICS.jobs();
        GradedAnswer answer = stack.last(graded, serdes.gradedAnswer().deserializer(), _ -> true, PATIENCE);
        JobRecord job =
                stack.last(
                        jobs,
                        serdes.job().deserializer(),
                        one -> one.getState().equals("completed"), PATIENCE);
        AtomicReference<String> failure = new AtomicReference<>("");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", stack.bootstrapServers(), "linger.ms", 20),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (long line = 1; line <= lines; line++) {
                String id = LARGE_JOB + "/" + line;
                GradedAnswer of =
                        GradedAnswer.newBuilder(answer)
                                .setId(id)
                                .setCustomId("line-" + line)
                                .setJobId(LARGE_JOB)
                                .setJobLine(line)
                                .build();
                byte[] value = serdes.gradedAnswer().serializer().serialize(graded, of);
                producer.send(
                        new ProducerRecord<>(graded, id, value),
                        (_, exception) -> {
                            if (exception != null) {
                                failure.set(String.valueOf(exception));
                            }
                        });
            }
            JobRecord ofAll =
                    JobRecord.newBuilder(job)
                            .setId(LARGE_JOB)
                            .setLines((long) lines)
                            .setGraded(lines)
                            .setFlagged(0)
                            .setFailed(0)
                            .build();
            producer.send(
                    new ProducerRecord<>(
                            jobs, LARGE_JOB, serdes.job().serializer().serialize(jobs, ofAll)));
        }
        if (!failure.get().isEmpty()) {
            throw new IllegalStateException("results were not taken: " + failure.get());
        }
    }

    /// Prints what a process took.
    ///
    /// @param file what it reads or writes
    /// @return seconds
    private double measure(
            Report report, String what, Path file, Class<?> main, List<String> arguments)
            throws InterruptedException, IOException {
        Took took = run(main, arguments);
        double seconds = took.seconds();
        report.line(
                String.format(
                        Locale.ROOT,
                        "| %s | %.1f | %.0f | %.1f | %.1f | %d |",
                        what,
                        seconds,
                        lines / seconds,
                        Files.size(file) / 1e6 / seconds,
                        (double) took.cpuMicros() / lines,
                        took.peakRssMib()));
        return seconds;
    }

    /// What a process used when it was last seen alive, within 10 ms of its end.
    private record Took(double seconds, long cpuMicros, long peakRssMib) {}

    /// Runs a process to its end.
    private Took run(Class<?> main, List<String> arguments) throws InterruptedException {
        long began = System.nanoTime();
        List<String> options = new ArrayList<>(jvm);
        options.add("-Xmx" + heap);
        Child child = Child.java(stack.log("measured"), options, main, arguments);
        AtomicReference<Took> took = new AtomicReference<>(new Took(0, 0, 0));
        boolean ended =
                Waiting.until(
                        () -> {
                            look(child, began).ifPresent(took::set);
                            return !child.isAlive();
                        },
                        LIMIT_SECONDS);
        if (!ended || !child.succeeded()) {
            throw new IllegalStateException(arguments.getFirst() + " failed: " + child.output());
        }
        return took.get();
    }

    private static Optional<Took> look(Child child, long began) {
        try {
            Usage usage = Usage.of(child);
            return usage.peakRssMib() == 0
                    ? Optional.empty()
                    : Optional.of(
                            new Took(
                                    (usage.atNanos() - began) / 1e9,
                                    usage.cpuMicros(),
                                    usage.peakRssMib()));
        } catch (UncheckedIOException e) {
            return Optional.empty(); // it has just ended
        }
    }
}
