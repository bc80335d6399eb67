package dev.assay.cli;

import dev.assay.bulk.InputException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `assay results`.
@Command(
        name = "results",
        description = {
            "Collects the results of a job, one line of JSON (or CSV, or a row of Parquet) for each line of its input, until the job has"
                    + " ended.",
            "Interrupted, it goes on where it was when it is started again with the same RESULTS.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay results job-3f2a -o results.jsonl --ordered")
final class ResultsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(paramLabel = "ID", description = "The job")
    private String id;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "RESULTS",
            required = true,
            description =
                    "Where results go; CSV where it ends with .csv, Parquet with .parquet, gzipped with .gz")
    private Path results;

    @Option(
            names = "--ordered",
            description = "Puts RESULTS into the order of the input in the end")
    private boolean ordered;

    @Option(names = "--so-far", description = "Does not wait for what is not there yet")
    private boolean soFar;

    @Override
    public Integer call() throws InputException, IOException {
        return new Collecting(new JobStack(stack).clients(), spec.commandLine().getErr())
                .collect(id, false, results, ordered, !soFar);
    }
}
