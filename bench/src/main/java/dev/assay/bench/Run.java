package dev.assay.bench;

import dev.assay.bench.Measurement.Ending;
import dev.assay.bench.Measurement.Latency;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Assay and its peers side by side. Each runs alone with a broker and a simulator of its own, all
/// on this machine; this process sends the prompts and counts the results.
@Command(
        name = "bench/run",
        description =
                "Measures Assay and its peers side by side; prints a table and appends it to bench/RESULTS.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Run implements Callable<Integer> {

    private static final String BARE = "bare";
    private static final String EVERYBODY =
            BARE + ",assay,assay-alo,parallel-tx,parallel-async,flink-eo,flink-alo,mapvalues";
    private static final double MOST_PER_SECOND = 20_000;
    private static final double DRAIN_LIMIT_SECONDS = 30;
    private static final double DUPLICATES_SECONDS = 2;
    private static final double SETTLE_SECONDS = 5;

    @Spec private CommandSpec spec;

    @Option(
            names = "--who",
            split = ",",
            description = "Some of: ${DEFAULT-VALUE}",
            defaultValue = EVERYBODY)
    private List<String> who = new ArrayList<>();

    @Option(
            names = "--in-flight",
            defaultValue = "2000",
            description = "Calls; default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Option(
            names = "--latency-ms",
            defaultValue = "200",
            description = "Of a model; default: ${DEFAULT-VALUE}")
    private int modelMs;

    @Option(
            names = "--warm-up-seconds",
            defaultValue = "40",
            description = "default: ${DEFAULT-VALUE}")
    private double warmUpSeconds;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "At full load; default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--latency-seconds",
            defaultValue = "20",
            description =
                    "At half of the rate that full load gave; 0: not measured; default: ${DEFAULT-VALUE}")
    private double latencySeconds;

    @Option(
            names = "--latency-at",
            defaultValue = "0",
            description = "That rate in prompts a second instead; default: half")
    private double latencyAt;

    @Option(
            names = "--ahead",
            defaultValue = "20000",
            description = "Prompts kept waiting; default: ${DEFAULT-VALUE}")
    private int ahead;

    @Option(
            names = "--commit-ms",
            defaultValue = "1000",
            description = "Parallel Consumer's commit interval; default: ${DEFAULT-VALUE}")
    private long commitMs;

    @Option(
            names = "--checkpoint-ms",
            defaultValue = "1000",
            description = "Flink's checkpoint interval; default: ${DEFAULT-VALUE}")
    private long checkpointMs;

    @Option(
            names = "--heap",
            defaultValue = "2g",
            description = "Of each contestant; default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(
            names = "--jvm",
            description =
                    "A further option for each contestant's JVM, such as an agent; repeatable")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(
            names = "--parallel-platform-threads",
            description = "Leave Parallel Consumer its own threads; default: virtual ones")
    private boolean parallelPlatform;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    /// What a contestant must know.
    record Options(
            int inFlight,
            long commitMs,
            long checkpointMs,
            boolean parallelVirtual,
            String heap,
            List<String> jvmOptions) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Run()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Report report = new Report(noFile);
        report.begin(
                command(),
                "%d calls in flight of %d ms each, two a prompt".formatted(inFlight, modelMs));
        report.line(Measurement.HEAD);
        List<String> places = new ArrayList<>();
        for (String each : who) {
            Measurement measured = each.equals(BARE) ? bareClient() : measure(contestant(each));
            report.line(measured.row(limitPerSecond()));
            places.add("- " + measured.title() + ": " + measured.places());
        }
        report.line("");
        report.line("CPU by threads, us per prompt:");
        report.line("");
        places.forEach(report::line);
        return 0;
    }

    private static Contestant contestant(String id) {
        return Arrays.stream(Contestant.values())
                .filter(contestant -> contestant.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contestant " + id));
    }

    /// What Little's law allows.
    private double limitPerSecond() {
        return inFlight * 1e3 / modelMs / 2;
    }

    private Measurement measure(Contestant contestant) throws InterruptedException {
        int most =
                (int)
                                ((warmUpSeconds + seconds + latencySeconds + SETTLE_SECONDS)
                                        * MOST_PER_SECOND)
                        + ahead;
        Options options =
                new Options(inFlight, commitMs, checkpointMs, !parallelPlatform, heap, jvmOptions);
        try (Stack stack = Stack.start(simulation(), contestant.isAssay())) {
            Child child = contestant.start(stack, options);
            try (Count count = new Count(stack.bootstrapServers(), contestant.resultTopics());
                    Feed feed =
                            new Feed(
                                    stack.bootstrapServers(),
                                    "prompts",
                                    contestant.values(stack),
                                    most)) {
                feed.keepAhead(contestant.ahead(ahead), count);
                Waiting.seconds(warmUpSeconds);
                int before = count.distinct();
                Usage began = Usage.of(child);
                MachineCpu cpuBefore = MachineCpu.now();
                Waiting.seconds(seconds);
                double busy = cpuBefore.busyTo(MachineCpu.now());
                Usage ended = Usage.of(child);
                int done = Math.max(1, count.distinct() - before);
                double perSecond = done / began.secondsTo(ended);
                Optional<Latency> latency =
                        latency(feed, count, latencyAt > 0 ? latencyAt : perSecond / 2);
                long peakRssMib = Usage.of(child).peakRssMib();
                Ending ending = ending(feed, count);
                child.stop();
                return new Measurement(
                        contestant.title(),
                        perSecond,
                        (double) began.cpuMicrosTo(ended) / done,
                        busy,
                        began.placesTo(ended, done),
                        peakRssMib,
                        latency,
                        Optional.of(ending));
            } catch (RuntimeException e) {
                System.err.println(child.output());
                throw e;
            }
        }
    }

    /// Lets prompts come at an even rate and looks at how long their results take.
    private Optional<Latency> latency(Feed feed, Count count, double perSecond)
            throws InterruptedException {
        if (latencySeconds == 0) {
            return Optional.empty();
        }
        feed.pause();
        Waiting.until(() -> count.distinct() >= feed.sent(), DRAIN_LIMIT_SECONDS);
        feed.keepRate(perSecond);
        Waiting.seconds(SETTLE_SECONDS);
        count.measureLatency(feed::sentNanos);
        Waiting.seconds(latencySeconds);
        return Optional.of(Latency.of(count.latencies(), 2.0 * modelMs, perSecond));
    }

    /// Waits for what is on the way, and then for what ought not to come.
    private static Ending ending(Feed feed, Count count) throws InterruptedException {
        feed.pause();
        Waiting.until(() -> count.distinct() >= feed.sent(), DRAIN_LIMIT_SECONDS);
        Waiting.seconds(DUPLICATES_SECONDS);
        return new Ending(feed.sent(), count.distinct(), count.duplicates());
    }

    private Measurement bareClient() throws InterruptedException {
        try (Stack stack = Stack.start(simulation(), false)) {
            Child child =
                    stack.startPeer(
                            List.of("-Xmx" + heap),
                            "dev.assay.bench.peer.BareClient",
                            List.of(stack.modelsUrl(), Integer.toString(inFlight)));
            Waiting.seconds(warmUpSeconds / 2);
            long before = stack.simulatorStats().answered();
            Usage began = Usage.of(child);
            MachineCpu cpuBefore = MachineCpu.now();
            Waiting.seconds(seconds);
            double busy = cpuBefore.busyTo(MachineCpu.now());
            Usage ended = Usage.of(child);
            long done = Math.max(1, (stack.simulatorStats().answered() - before) / 2);
            return new Measurement(
                    "the bare HTTP client, no Kafka",
                    done / began.secondsTo(ended),
                    (double) began.cpuMicrosTo(ended) / done,
                    busy,
                    began.placesTo(ended, done),
                    ended.peakRssMib(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private String command() {
        return ("run " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                .strip();
    }

    private List<String> simulation() {
        return List.of("--latency-ms", Integer.toString(modelMs));
    }
}
