package dev.assay.bench;

import org.apache.kafka.clients.admin.Admin;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// All models are away while a million prompts come in: what one instance takes, holds and writes
/// meanwhile, how long it needs to start again with what it holds, and how it catches up.
@Command(
        name = "bench/outage",
        description =
                "Sends prompts while every model is away, restarts the instance, brings the models back.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Outage implements Callable<Integer> {

    private static final int MODEL_MS = 200;
    private static final int IN_FLIGHT = 2_000;
    private static final int WARM_UP = 20_000;
    private static final int LOOKS = 5;
    private static final double LIMIT_SECONDS = 3_600;
    private static final long MIB = 1 << 20;
    private static final Pattern METRICS = Pattern.compile("(http://\\S+/metrics)");
    private static final Pattern REBALANCES =
            Pattern.compile(
                    "(?m)^kafka_consumer_coordinator_(?:failed_)?rebalance_total\\{[^}]*StreamThread[^}]*} (\\S+)$");
    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    @Spec private CommandSpec spec;

    @Option(
            names = "--prompts",
            defaultValue = "1000000",
            description = "default: ${DEFAULT-VALUE}")
    private int prompts;

    @Option(
            names = "--minutes",
            defaultValue = "10",
            description = "How long the models are away; default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--heap",
            defaultValue = "512m",
            description = "Of the instance; default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Outage()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException, ExecutionException {
        Report report = new Report(noFile);
        report.begin(
                ("outage " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "one instance, heap %s, %d calls in flight of %d ms each; %d prompts come in while the models are away"
                        .formatted(heap, IN_FLIGHT, MODEL_MS, prompts));
        report.line(
                "| minutes away | prompts taken from the topic | heap in use MiB | RSS MiB | state on disk MiB | rebalances |");
        report.line("|---|---|---|---|---|---|");
        try (Stack stack = Stack.start(List.of("--latency-ms", Integer.toString(MODEL_MS)), true);
                Count count = new Count(stack.bootstrapServers(), BenchTopology.TOPICS.results());
                Feed feed =
                        new Feed(
                                stack.bootstrapServers(),
                                BenchTopology.TOPICS.prompts(),
                                BenchTopology.events(stack.registryUrl()),
                                WARM_UP + prompts)) {
            Child instance = start(stack);
            feed.sendUpTo(WARM_UP);
            await(count, WARM_UP);
            stack.simulator().kill();
            feed.sendUpTo(WARM_UP + prompts);
            for (int look = 1; look <= LOOKS; look++) {
                Waiting.seconds(minutes * 60 / LOOKS);
                report.line(row(stack, instance, minutes * look / LOOKS));
            }
            report.line("");
            instance.stop();
            long stoppedNanos = System.nanoTime();
            instance = start(stack);
            double afterStop = secondsSince(stoppedNanos);
            instance.kill();
            long killedNanos = System.nanoTime();
            instance = start(stack);
            double afterKill = secondsSince(killedNanos);
            report.line(
                    "running again with all it held: %.1f s after a stop, %.1f s after kill -9"
                            .formatted(afterStop, afterKill));
            report.line("");
            long backNanos = System.nanoTime();
            stack.startSimulatorAgain();
            await(count, WARM_UP + 1);
            double first = secondsSince(backNanos);
            await(count, WARM_UP + prompts);
            report.line(
                    "models back: first result after %.1f s, all %d after %.0f s (%.0f a second), duplicates %d"
                            .formatted(
                                    first,
                                    prompts,
                                    secondsSince(backNanos),
                                    prompts / secondsSince(backNanos),
                                    count.duplicates()));
            report.line("");
            instance.kill();
            long idsNanos = System.nanoTime();
            instance = start(stack);
            report.line(
                    "running again with %d ids to know: %.1f s after kill -9"
                            .formatted(WARM_UP + prompts, secondsSince(idsNanos)));
            instance.stop();
        }
        return 0;
    }

    private Child start(Stack stack) throws InterruptedException {
        return stack.startAssay(
                "assay", BenchTopology.yaml(stack, IN_FLIGHT, ""), List.of("-Xmx" + heap));
    }

    private static String row(Stack stack, Child instance, double minutesAway)
            throws IOException, InterruptedException, ExecutionException {
        return String.format(
                Locale.ROOT,
                "| %.1f | %d | %d | %d | %d | %.0f |",
                minutesAway,
                taken(stack) - WARM_UP,
                heapInUseMib(instance),
                Usage.of(instance).rssMib(),
                bytes(stack.folder().resolve("state-assay")) / MIB,
                rebalances(instance));
    }

    /// Prompts that the instance has read and committed.
    private static long taken(Stack stack) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            return admin
                    .listConsumerGroupOffsets(BenchTopology.NAME)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(at -> at.getKey().topic().equals(BenchTopology.TOPICS.prompts()))
                    .mapToLong(at -> at.getValue().offset())
                    .sum();
        }
    }

    /// After a full collection.
    private static long heapInUseMib(Child instance) throws IOException, InterruptedException {
        jcmd(instance, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(instance, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("jcmd says nothing of the heap in use");
        }
        return Long.parseLong(used.group(1)) / 1024;
    }

    private static String jcmd(Child instance, String command)
            throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(instance.pid()),
                                command)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return output;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    /// Of its stream threads so far, failed ones included.
    private static double rebalances(Child instance) throws IOException, InterruptedException {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create(instance.said(METRICS))).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return REBALANCES
                    .matcher(client.send(metrics, BodyHandlers.ofString()).body())
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sum();
        }
    }

    private static void await(Count count, int results) throws InterruptedException {
        if (!Waiting.until(() -> count.distinct() >= results, LIMIT_SECONDS)) {
            throw new IllegalStateException(
                    "only %d of %d results".formatted(count.distinct(), results));
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
