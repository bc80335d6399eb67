package dev.assay.bench;

import dev.assay.avro.JobRecord;
import dev.assay.cli.AssayCommand;
import dev.assay.codec.RegistrySerdes;

import org.HdrHistogram.Histogram;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// A small job beside a large one that was submitted before, and live prompts beside both.
///
/// What the small job needs alone is measured with half of the calls in flight, since it has to
/// share them; what live prompts need alone, with all of them and no job.
@Command(
        name = "bench/job-fairness",
        description =
                "Times a small job and live prompts beside a large job that was submitted before, and alone.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class JobFairness implements Callable<Integer> {

    private static final int MODEL_MS = 200;
    private static final int WARM_UP = 10_000;
    private static final double SETTLE_SECONDS = 10;
    private static final Duration LIMIT = Duration.ofHours(1);

    @Spec private CommandSpec spec;

    @Option(
            names = "--large",
            defaultValue = "100000",
            description = "Lines; default: ${DEFAULT-VALUE}")
    private int large;

    @Option(
            names = "--small",
            defaultValue = "1000",
            description = "Lines; default: ${DEFAULT-VALUE}")
    private int small;

    @Option(
            names = "--in-flight",
            defaultValue = "200",
            description = "Calls, half of them answers and half checks; default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Option(
            names = "--live-rate",
            defaultValue = "20",
            description = "Live prompts a second; default: ${DEFAULT-VALUE}")
    private double liveRate;

    @Option(
            names = "--live-seconds",
            defaultValue = "60",
            description = "How long live prompts are timed; default: ${DEFAULT-VALUE}")
    private double liveSeconds;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    public static void main(String[] args) {
        System.exit(new CommandLine(new JobFairness()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Report report = new Report(noFile);
        report.begin(
                ("job-fairness "
                                + String.join(
                                        " ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "jobs of %d and %d lines, %d calls in flight of %d ms each, %.0f live prompts a second"
                        .formatted(large, small, inFlight, MODEL_MS, liveRate));
        double alone = smallAlone();
        report.line("| | alone | beside the large job | ratio |");
        report.line("|---|---|---|---|");
        besideLarge(report, alone);
        return 0;
    }

    /// Seconds that the small job takes with half of the calls.
    private double smallAlone() throws InterruptedException, IOException {
        try (Stack stack = Stack.start(simulation(), true)) {
            stack.startAssay("assay", BenchTopology.yaml(stack, inFlight / 2, ""), List.of());
            warmUp(stack);
            submit(stack, "small", small);
            return seconds(stack, "small");
        }
    }

    private void besideLarge(Report report, double smallAlone)
            throws InterruptedException, IOException {
        try (Stack stack = Stack.start(simulation(), true)) {
            stack.startAssay("assay", BenchTopology.yaml(stack, inFlight, ""), List.of());
            int live = (int) (liveRate * (2 * liveSeconds + 4 * SETTLE_SECONDS)) + 1_000;
            try (Count count =
                            new Count(stack.bootstrapServers(), BenchTopology.TOPICS.results());
                    Feed feed =
                            new Feed(
                                    stack.bootstrapServers(),
                                    BenchTopology.TOPICS.prompts(),
                                    BenchTopology.events(stack.registryUrl()),
                                    live)) {
                warmUp(stack);
                Histogram alone = live(feed, count);
                submit(stack, "large", large);
                Histogram beside = live(feed, count);
                submit(stack, "small", small);
                double seconds = seconds(stack, "small");
                feed.pause();
                report.line(row("small job, s", smallAlone, seconds));
                report.line(row("live p50, ms", ms(alone, 50), ms(beside, 50)));
                report.line(row("live p99, ms", ms(alone, 99), ms(beside, 99)));
                report.line("");
                report.line(
                        "the large job took %.0f s; duplicates of live prompts: %d"
                                .formatted(seconds(stack, "large"), count.duplicates()));
            }
        }
    }

    private Histogram live(Feed feed, Count count) throws InterruptedException {
        feed.keepRate(liveRate);
        Waiting.seconds(SETTLE_SECONDS);
        count.measureLatency(feed::sentNanos);
        Waiting.seconds(liveSeconds);
        return count.latencies();
    }

    /// By a job as well: after many live prompts, lanes keep places free for more of them.
    private static void warmUp(Stack stack) throws InterruptedException, IOException {
        submit(stack, "warm-up", WARM_UP);
        seconds(stack, "warm-up");
    }

    private static void submit(Stack stack, String job, int lines)
            throws InterruptedException, IOException {
        Child child =
                Child.java(
                        stack.log("submit"),
                        List.of(),
                        AssayCommand.class,
                        stack.command(
                                "submit", stack.input(lines).toString(), "--job-id", job));
        Waiting.until(() -> !child.isAlive(), LIMIT.toSeconds());
        if (!child.succeeded()) {
            throw new IllegalStateException("submit failed: " + child.output());
        }
    }

    /// From a job's first event to its end, by its own account.
    private static double seconds(Stack stack, String id) {
        JobRecord job =
                stack.last(
                        BenchTopology.TOPICS.jobs(),
                        new RegistrySerdes(Map.of("url", stack.registryUrl()))
                                .job()
                                .deserializer(),
                        one -> one.getId().equals(id) && one.getState().equals("completed"),
                        LIMIT);
        return Duration.between(job.getCreatedAt(), job.getEndedAt()).toMillis() / 1e3;
    }

    private static List<String> simulation() {
        return List.of("--latency-ms", Integer.toString(MODEL_MS));
    }

    private static double ms(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    private static String row(String what, double alone, double beside) {
        return String.format(
                Locale.ROOT, "| %s | %.1f | %.1f | %.2f |", what, alone, beside, beside / alone);
    }
}
