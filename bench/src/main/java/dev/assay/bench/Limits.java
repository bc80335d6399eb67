package dev.assay.bench;

import dev.assay.bench.SimulatorStats.Model;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/// Whether a model's limit holds, and is used, while instances join, leave and are killed.
@Command(
        name = "bench/limits",
        description =
                "A model with a limit has more work than it may do, while instances join, leave and are killed.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Limits implements Callable<Integer> {

    private static final int PER_MINUTE = 600;

    /// Below the twelve partitions of the prompts' topic, so instances have to lend each other places.
    private static final int PLACES = 4;

    private static final int MODEL_MS = 500;
    private static final int WAITING = 600;
    private static final int MOST_PROMPTS = 1_000_000;
    private static final double WARM_UP_SECONDS = 20;

    @Spec private CommandSpec spec;

    @Option(
            names = "--seconds",
            defaultValue = "90",
            description = "Of each step; default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    /// A limit of the model that answers.
    ///
    /// @param yaml as a topology file has it
    private record Limit(String yaml, double callsPerSecond, String most) {

        static final Limit RATE =
                new Limit(
                        "requests_per_minute: " + PER_MINUTE,
                        PER_MINUTE / 60.0,
                        "most in any 60 s so far");

        static final Limit IN_FLIGHT =
                new Limit(
                        "in_flight: " + PLACES,
                        PLACES * 1_000.0 / MODEL_MS,
                        "most in flight so far");

        long most(Model seen) {
            return this == RATE ? seen.maxPerMinute() : seen.maxInFlight();
        }
    }

    /// What is done at the beginning of a step.
    private interface Change {
        void run() throws InterruptedException;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Limits()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Report report = new Report(noFile);
        report.begin(
                ("limits " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "always %d prompts under way, answered in %d ms; the share used is of what the limit allows in the step, its change included"
                        .formatted(WAITING, MODEL_MS));
        measure(Limit.RATE, report);
        report.line("");
        measure(Limit.IN_FLIGHT, report);
        return 0;
    }

    private void measure(Limit limit, Report report) throws InterruptedException {
        try (Stack stack = Stack.start(List.of("--latency-ms", Integer.toString(MODEL_MS)), true);
                Count count = new Count(stack.bootstrapServers(), BenchTopology.TOPICS.results());
                Feed feed =
                        new Feed(
                                stack.bootstrapServers(),
                                BenchTopology.TOPICS.prompts(),
                                BenchTopology.events(stack.registryUrl()),
                                MOST_PROMPTS)) {
            String topology = BenchTopology.yaml(stack, limit.yaml(), "in_flight: 1000", "");
            report.line("| `%s` | share used | %s |".formatted(limit.yaml(), limit.most()));
            report.line("|---|---|---|");
            Child first = start(stack, topology, "first");
            feed.keepAhead(WAITING, count);
            Waiting.seconds(WARM_UP_SECONDS);
            step("one instance", limit, stack, report, () -> {});
            Child[] joined = new Child[2];
            step(
                    "a second joins",
                    limit,
                    stack,
                    report,
                    () -> joined[0] = start(stack, topology, "second"));
            step(
                    "a third joins",
                    limit,
                    stack,
                    report,
                    () -> joined[1] = start(stack, topology, "third"));
            step("one leaves", limit, stack, report, joined[0]::stop);
            step("one is killed", limit, stack, report, joined[1]::kill);
            step(
                    "both come back",
                    limit,
                    stack,
                    report,
                    () -> {
                        joined[0] = start(stack, topology, "second");
                        joined[1] = start(stack, topology, "third");
                    });
            feed.pause();
            for (Child instance : List.of(first, joined[0], joined[1])) {
                instance.stop();
            }
        }
    }

    private static Child start(Stack stack, String topology, String name)
            throws InterruptedException {
        return stack.startAssay(name, topology, List.of("-Xmx512m"));
    }

    private void step(String what, Limit limit, Stack stack, Report report, Change change)
            throws InterruptedException {
        long began = System.nanoTime();
        long before = limited(stack).begun();
        change.run();
        Waiting.seconds(Math.max(0, seconds - (System.nanoTime() - began) / 1e9));
        Model after = limited(stack);
        double took = (System.nanoTime() - began) / 1e9;
        report.line(
                String.format(
                        Locale.ROOT,
                        "| %s | %.0f %% | %d |",
                        what,
                        100 * (after.begun() - before) / (limit.callsPerSecond() * took),
                        limit.most(after)));
    }

    private static Model limited(Stack stack) {
        return stack.simulatorStats().models().get("small");
    }
}
