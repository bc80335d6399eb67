package dev.assay.bench;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.util.Locale;

/// Runs [HotPaths] and [LanePath] and prints a short table. Arguments are JMH's own.
final class Jmh {

    private Jmh() {}

    public static void main(String[] args) throws CommandLineOptionException, RunnerException {
        Report report = new Report(false);
        var options =
                new OptionsBuilder()
                        .parent(new CommandLineOptions(args))
                        .include(HotPaths.class.getSimpleName())
                        .include(LanePath.class.getSimpleName())
                        .build();
        var results = new Runner(options).run();
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
                            primary.getLabel(),
                            primary.getScore(),
                            primary.getScoreError()));
        }
    }
}
