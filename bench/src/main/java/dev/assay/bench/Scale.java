package dev.assay.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/// Batches of growing size through one warm instance of Assay, each put on the topic as fast as it
/// takes them: what a prompt costs must not depend on how many there are.
@Command(
        name = "bench/scale",
        description =
                "Sends batches of prompts through one instance and prints what a prompt of each batch costs.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Scale implements Callable<Integer> {

    private static final double LIMIT_SECONDS = 3_600;

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            defaultValue = "10000 100000 1000000",
            split = " ",
            description = "Sizes of the batches; default: ${DEFAULT-VALUE}")
    private List<Integer> batches = new ArrayList<>();

    @Option(
            names = "--warm-up",
            defaultValue = "150000",
            description = "Prompts; default: ${DEFAULT-VALUE}")
    private int warmUp;

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
            names = "--heap",
            defaultValue = "1g",
            description = "Of the instance; default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Scale()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Report report = new Report(noFile);
        report.begin(
                ("scale " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "Assay, exactly_once_v2, one instance, %d calls in flight of %d ms each, heap %s, after %d prompts to warm up"
                        .formatted(inFlight, modelMs, heap, warmUp));
        report.line(
                "| prompts waiting at once | s | us/prompt | CPU us/prompt | RSS MiB after | peak RSS MiB so far | most in flight | duplicates |");
        report.line("|---|---|---|---|---|---|---|---|");
        int most = warmUp + batches.stream().mapToInt(Integer::intValue).sum();
        try (Stack stack = Stack.start(List.of("--latency-ms", Integer.toString(modelMs)), true)) {
            Child child =
                    stack.startAssay(
                            "assay",
                            BenchTopology.yaml(stack, inFlight, ""),
                            List.of("-Xmx" + heap));
            try (Count count = new Count(stack.bootstrapServers(), BenchTopology.TOPICS.results());
                    Feed feed =
                            new Feed(
                                    stack.bootstrapServers(),
                                    BenchTopology.TOPICS.prompts(),
                                    BenchTopology.events(stack.registryUrl()),
                                    most)) {
                int sent = warmUp;
                finish(child, feed, count, sent);
                for (int batch : batches) {
                    sent += batch;
                    Usage began = Usage.of(child);
                    finish(child, feed, count, sent);
                    Usage ended = Usage.of(child);
                    report.line(
                            String.format(
                                    Locale.ROOT,
                                    "| %d | %.1f | %.0f | %.0f | %d | %d | %d | %d |",
                                    batch,
                                    began.secondsTo(ended),
                                    began.secondsTo(ended) * 1e6 / batch,
                                    (double) began.cpuMicrosTo(ended) / batch,
                                    ended.rssMib(),
                                    ended.peakRssMib(),
                                    stack.simulatorStats().maxInFlight(),
                                    count.duplicates()));
                }
            }
            child.stop();
        }
        return 0;
    }

    private static void finish(Child child, Feed feed, Count count, int prompts)
            throws InterruptedException {
        feed.sendUpTo(prompts);
        Waiting.until(() -> count.distinct() >= prompts || !child.isAlive(), LIMIT_SECONDS);
        if (count.distinct() < prompts) {
            throw new IllegalStateException(
                    "only %d of %d results; the instance said: %s"
                            .formatted(count.distinct(), prompts, child.output()));
        }
    }
}
