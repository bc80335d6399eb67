package dev.assay.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// Ends parts of a running application at random moments under load, and tells what was lost, what
/// came twice, and what was paid twice.
@Command(
        name = "bench/chaos",
        description = {
            "Starts broker, simulator and instances, and in each round ends one of them at a random moment, by kill -9 or in",
            "order, and starts it again. Exit 1 where a prompt was lost or has two results."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Chaos implements Callable<Integer> {

    private static final double END_LIMIT_SECONDS = 300;
    private static final double DUPLICATES_SECONDS = 10;
    private static final int MOST_PROMPTS = 10_000_000;

    /// Of ten victims so many are instances, and one each the broker and the simulator.
    private static final int VICTIMS = 10;

    private static final int BROKER = 8;
    private static final int SIMULATOR = 9;

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            defaultValue = "100",
            description = "Rounds; default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of victims and moments; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--instances", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
    private int instances;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Prompts a second; default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--latency-ms",
            defaultValue = "200",
            description = "Of a model; default: ${DEFAULT-VALUE}")
    private int modelMs;

    @Option(
            names = "--pause-seconds",
            defaultValue = "6",
            description = "The longest time between rounds; default: ${DEFAULT-VALUE}")
    private double pauseSeconds;

    @Option(
            names = "--guarantee",
            defaultValue = "exactly_once_v2",
            description = "default: ${DEFAULT-VALUE}")
    private String guarantee;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    private final Map<String, Integer> done = new TreeMap<>();

    /// Calls that the simulators before this one began, and those that got no answer since it was
    /// ended.
    private long begunBefore;

    private long cutBefore;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Chaos()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> simulation = List.of("--latency-ms", Integer.toString(modelMs));
        try (Stack stack = Stack.start(simulation, true)) {
            String topology = BenchTopology.yaml(stack, 600, "processing.guarantee: " + guarantee);
            List<Child> running = new ArrayList<>();
            for (int number = 0; number < instances; number++) {
                running.add(start(stack, topology, number));
            }
            try (Feed feed =
                    new Feed(
                            stack.bootstrapServers(),
                            BenchTopology.TOPICS.prompts(),
                            BenchTopology.events(stack.registryUrl()),
                            MOST_PROMPTS)) {
                Child counter = counter(stack);
                feed.keepRate(rate);
                if (!Waiting.until(() -> results(counter) > 0, END_LIMIT_SECONDS)) {
                    throw new IllegalStateException("no result: " + counter.output());
                }
                SplittableRandom random = new SplittableRandom(seed);
                for (int round = 1; round <= rounds; round++) {
                    Waiting.seconds(random.nextDouble() * pauseSeconds);
                    String what = disturb(stack, topology, running, random);
                    done.merge(what, 1, Integer::sum);
                    System.err.printf(
                            "round %d: %s; sent %d, %s%n",
                            round, what, feed.sent(), lastLine(counter));
                }
                return end(stack, feed, counter);
            }
        }
    }

    private Child start(Stack stack, String topology, int number) throws InterruptedException {
        return stack.startAssay("instance-" + number, topology, List.of("-Xmx512m"));
    }

    private static Child counter(Stack stack) {
        List<String> command = new ArrayList<>(List.of("node"));
        command.add(
                Path.of(System.getProperty("bench.home"), "target/chaos-count/count.js")
                        .toString());
        command.add(stack.bootstrapServers());
        command.addAll(BenchTopology.TOPICS.results());
        return Child.of(stack.log("count"), command);
    }

    /// One round; what was done, in words.
    private String disturb(
            Stack stack, String topology, List<Child> running, SplittableRandom random)
            throws InterruptedException {
        int victim = random.nextInt(VICTIMS);
        boolean inOrder = random.nextInt(3) == 0;
        double awaySeconds = random.nextDouble() * 2;
        String how = inOrder ? "stopped" : "killed";
        if (victim == BROKER) {
            end(stack.broker(), inOrder);
            Waiting.seconds(awaySeconds);
            stack.startBrokerAgain();
            return "broker " + how;
        }
        if (victim == SIMULATOR) {
            SimulatorStats last = stack.simulatorStats();
            end(stack.simulator(), inOrder);
            begunBefore += begun(last);
            cutBefore += last.inFlight();
            Waiting.seconds(awaySeconds);
            stack.startSimulatorAgain();
            return "simulator " + how;
        }
        int number = random.nextInt(instances);
        end(running.get(number), inOrder);
        Waiting.seconds(awaySeconds);
        running.set(number, start(stack, topology, number));
        return "instance " + how;
    }

    private static void end(Child child, boolean inOrder) throws InterruptedException {
        if (!inOrder) {
            child.kill();
        } else if (!child.stop()) {
            throw new IllegalStateException("did not stop in order: " + child.output());
        }
    }

    private int end(Stack stack, Feed feed, Child counter) throws InterruptedException {
        feed.pause();
        Waiting.until(() -> feed.acknowledged() == feed.sent(), END_LIMIT_SECONDS);
        int sent = feed.sent();
        boolean all = Waiting.until(() -> results(counter) >= sent, END_LIMIT_SECONDS);
        Waiting.seconds(DUPLICATES_SECONDS);
        JsonNode count = lastLine(counter);
        SimulatorStats last = stack.simulatorStats();
        long begun = begunBefore + begun(last);
        int failed = count.path("byTopic").path(BenchTopology.TOPICS.failed()).asInt();
        long needed = 2L * (results(counter) - failed);
        long twice = begun - cutBefore - needed;
        int lost = sent - results(counter);
        int duplicates = count.path("duplicates").asInt();

        Report report = new Report(noFile);
        report.begin(
                command(),
                "Rounds: "
                        + done
                        + "; "
                        + guarantee
                        + ", "
                        + instances
                        + " instances, seed "
                        + seed);
        report.line(
                "| sent | lost | duplicated | results by topic | calls begun | cut by the simulator's end | paid twice |");
        report.line("|---|---|---|---|---|---|---|");
        report.line(
                String.format(
                        Locale.ROOT,
                        "| %d | %d | %d | %s | %d | %d | %d (%.2f %%) |",
                        sent,
                        lost,
                        duplicates,
                        count.path("byTopic"),
                        begun,
                        cutBefore,
                        twice,
                        100.0 * twice / needed));
        if (!feed.failure().isEmpty()) {
            report.line("A prompt could not be sent: " + feed.failure());
        }
        return all && lost == 0 && duplicates == 0 ? 0 : 1;
    }

    private static long begun(SimulatorStats stats) {
        return stats.models().values().stream().mapToLong(SimulatorStats.Model::begun).sum();
    }

    private static int results(Child counter) {
        return lastLine(counter).path("results").asInt();
    }

    /// The last count that is whole; other lines tell of troubles.
    private static JsonNode lastLine(Child counter) {
        String output = counter.output();
        String line =
                output.substring(0, output.lastIndexOf('\n') + 1)
                        .lines()
                        .filter(text -> text.startsWith("{\"results\""))
                        .reduce("{}", (_, last) -> last);
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String command() {
        return ("chaos " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                .strip();
    }
}
