package dev.assay.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.util.Locale;

/// Runs [HotPaths], [LanePath] and [LearnedPath], or those that are asked for, and prints a short
/// table. Arguments are JMH's own.
final class Jmh {

    private Jmh() {}

    public static void main(String[] args) throws CommandLineOptionException, RunnerException {
        Report report = new Report(false);
        CommandLineOptions asked = new CommandLineOptions(args);
        var options = new OptionsBuilder().parent(asked);
        if (asked.getIncludes().isEmpty()) {
            options.include(HotPaths.class.getSimpleName())
                    .include(LanePath.class.getSimpleName())
                    .include(LearnedPath.class.getSimpleName());
        }
        var results = new Runner(options.build()).run();
        report.begin(
                ("jmh " + String.join(" ", args)).strip(),
                "The pure paths of a prompt alone, average of JMH's measured iterations.");
        report.line("| path | us | error (99.9 %) |");
        report.line("|---|---|---|");
        for (RunResult result : results) {
            Result<?> primary = result.getPrimaryResult();
            report.line(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.2f | %.2f |",
                            label(result),
                            primary.getScore(),
                            primary.getScoreError()));
        }
    }

    /// The path, and what it was measured with.
    private static String label(RunResult result) {
        BenchmarkParams params = result.getParams();
        StringBuilder label = new StringBuilder(result.getPrimaryResult().getLabel());
        for (String key : params.getParamsKeys()) {
            label.append(", ").append(key).append(' ').append(params.getParam(key));
        }
        return label.toString();
    }
}
