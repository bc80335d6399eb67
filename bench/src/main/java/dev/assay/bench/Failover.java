package dev.assay.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/// One of two instances is killed and comes back, with full stores: how long prompts wait, with and
/// without standby replicas.
@Command(
        name = "bench/failover",
        description =
                "Kills one of two instances and starts it again, with and without standby replicas.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Failover implements Callable<Integer> {

    private static final int MODEL_MS = 20;
    private static final int IN_FLIGHT = 2_000;
    private static final double RATE = 50;
    private static final double CALM_SECONDS = 20;
    private static final double AWAY_SECONDS = 60;
    private static final double BACK_SECONDS = 60;
    private static final double LIMIT_SECONDS = 1_800;

    @Spec private CommandSpec spec;

    @Option(
            names = "--ids",
            defaultValue = "300000",
            description = "Prompts before, whose ids are remembered; default: ${DEFAULT-VALUE}")
    private int ids;

    @Option(names = "--no-file", description = "Only print")
    private boolean noFile;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Failover()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Report report = new Report(noFile);
        report.begin(
                ("failover " + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                        .strip(),
                "two instances, %d ids remembered, %.0f prompts a second; one is killed with -9 and started again after %.0f s"
                        .formatted(ids, RATE, AWAY_SECONDS));
        report.line(
                "| standby replicas | longest wait, s: calm | after the kill | after the start | CPU us/prompt of both while filling | RSS MiB of both |");
        report.line("|---|---|---|---|---|---|");
        for (int standbys = 0; standbys <= 1; standbys++) {
            report.line(row(standbys));
        }
        return 0;
    }

    private String row(int standbys) throws InterruptedException {
        int most = ids + (int) (RATE * (CALM_SECONDS + AWAY_SECONDS + 2 * BACK_SECONDS)) + 1_000;
        try (Stack stack = Stack.start(List.of("--latency-ms", Integer.toString(MODEL_MS)), true);
                Count count = new Count(stack.bootstrapServers(), BenchTopology.TOPICS.results());
                Feed feed =
                        new Feed(
                                stack.bootstrapServers(),
                                BenchTopology.TOPICS.prompts(),
                                BenchTopology.events(stack.registryUrl()),
                                most)) {
            String topology =
                    BenchTopology.yaml(stack, IN_FLIGHT, "num.standby.replicas: " + standbys);
            Child stays = stack.startAssay("stays", topology, List.of());
            Child goes = stack.startAssay("goes", topology, List.of());
            feed.sendUpTo(ids);
            if (!Waiting.until(() -> count.distinct() >= ids, LIMIT_SECONDS)) {
                throw new IllegalStateException("only " + count.distinct() + " results");
            }
            Usage one = Usage.of(stays);
            Usage other = Usage.of(goes);
            feed.keepRate(RATE);
            Waiting.seconds(CALM_SECONDS);
            double calm = longestWait(feed, count, CALM_SECONDS);
            goes.kill();
            double killed = longestWait(feed, count, AWAY_SECONDS);
            Child again = stack.startAssay("goes", topology, List.of());
            double back = longestWait(feed, count, BACK_SECONDS);
            again.stop();
            stays.stop();
            return String.format(
                    Locale.ROOT,
                    "| %d | %.2f | %.1f | %.1f | %d | %d |",
                    standbys,
                    calm,
                    killed,
                    back,
                    (one.cpuMicros() + other.cpuMicros()) / ids,
                    one.rssMib() + other.rssMib());
        }
    }

    private static double longestWait(Feed feed, Count count, double seconds)
            throws InterruptedException {
        count.measureLatency(feed::sentNanos);
        Waiting.seconds(seconds);
        return count.latencies().getMaxValue() / 1e6;
    }
}
