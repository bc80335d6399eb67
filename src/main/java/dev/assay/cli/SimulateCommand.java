package dev.assay.cli;

import dev.assay.cli.Errors.CannotRun;
import dev.assay.config.ModelConfig.Simulation;
import dev.assay.provider.simulated.SimulatedServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/// `assay simulate`.
@Command(
        name = "simulate",
        description =
                "Serves simulated models (small, medium, large) over OpenAI's API on 127.0.0.1, for load tests.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay simulate --port 9800 --latency-ms 200 --fail-rate 0.05")
final class SimulateCommand implements Callable<Integer> {

    private static final double SMALL_SKILL = 5;
    private static final double MEDIUM_SKILL = 7;
    private static final double LARGE_SKILL = 9;

    @Spec private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9800",
            converter = PortConverter.class,
            description = "0 takes a free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--latency-ms",
            paramLabel = "MS",
            defaultValue = "200",
            description = "Median time of an answer; default: ${DEFAULT-VALUE}")
    private long latencyMs;

    @Option(
            names = "--latency-sigma",
            paramLabel = "SIGMA",
            defaultValue = "0",
            description = "Spread of the log-normal latencies; default: ${DEFAULT-VALUE}, none")
    private double latencySigma;

    @Option(
            names = "--fail-rate",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of calls answered 429, 500 or 503; default: ${DEFAULT-VALUE}")
    private double failRate;

    @Option(
            names = "--limit-rps",
            paramLabel = "RPS",
            defaultValue = "0",
            description =
                    "Requests per second and model past which it answers 429; default: ${DEFAULT-VALUE}, none")
    private double limitRps;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Decides everything that looks like chance; default: ${DEFAULT-VALUE}")
    private long seed;

    @Override
    public Integer call() throws InterruptedException {
        require(latencyMs >= 0, "--latency-ms", "0 or more");
        require(latencySigma >= 0, "--latency-sigma", "0 or more");
        require(failRate >= 0 && failRate <= 1, "--fail-rate", "between 0 and 1");
        require(limitRps >= 0, "--limit-rps", "0 or more");
        Duration latency = Duration.ofMillis(latencyMs);
        Map<String, Simulation> models =
                Map.of(
                        "small", new Simulation(latency, SMALL_SKILL, failRate),
                        "medium", new Simulation(latency, MEDIUM_SKILL, failRate),
                        "large", new Simulation(latency, LARGE_SKILL, failRate));
        SimulatedServer.Options usual = SimulatedServer.Options.of(port, models);
        SimulatedServer.Options options =
                new SimulatedServer.Options(
                        port,
                        models,
                        latencySigma,
                        limitRps,
                        usual.maxRequestBytes(),
                        usual.maxConnections(),
                        seed);
        try (SimulatedServer server = SimulatedServer.start(options)) {
            spec.commandLine()
                    .getErr()
                    .println("simulated models small, medium, large on " + server.baseUrl());
            server.awaitClose();
            return ExitCodes.DONE;
        } catch (IOException e) {
            throw new CannotRun(
                    "port %d cannot be used (%s); stop what holds it or choose another with --port"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    private void require(boolean met, String option, String bounds) {
        if (!met) {
            throw new ParameterException(spec.commandLine(), option + " must be " + bounds);
        }
    }
}
