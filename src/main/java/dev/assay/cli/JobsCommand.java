package dev.assay.cli;

import dev.assay.bulk.job.JobCatalog;
import dev.assay.codec.JobCodec;
import dev.assay.decide.job.Job;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/// `assay jobs`.
@Command(
        name = "jobs",
        description = "Lists the bulk jobs of a running pipeline, or tells all of one.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  assay jobs", "  assay jobs job-3f2a --json"})
final class JobsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "A job; default: all")
    private @Nullable String id;

    @Option(names = "--json", description = "A JSON object a line")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (JobCatalog catalog = new JobCatalog(new JobStack(stack).clients())) {
            Instant now = Instant.now();
            List<Job> jobs =
                    id == null
                            ? catalog.read().values().stream()
                                    .sorted(
                                            Comparator.comparing(
                                                            (Job job) -> job.spec().createdAt())
                                                    .reversed())
                                    .toList()
                            : List.of(JobStack.require(catalog, id));
            if (json) {
                jobs.forEach(job -> out.println(JobCodec.toRecord(job)));
            } else if (id != null) {
                out.print(JobText.detail(jobs.getFirst(), now));
            } else {
                out.print(JobText.table(jobs, now));
            }
        }
        out.flush();
        return ExitCodes.DONE;
    }
}
