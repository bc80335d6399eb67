package dev.assay.cli;

import dev.assay.bulk.job.JobCatalog;
import dev.assay.decide.job.Job;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `assay cancel`.
@Command(
        name = "cancel",
        description = {
            "Begins nothing more of a job, within seconds. What is finished is kept, what is in the air comes back,"
                    + " every other line ends as cancelled.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay cancel job-3f2a")
final class CancelCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(paramLabel = "ID", description = "The job")
    private String id;

    @Override
    public Integer call() {
        try (JobCatalog catalog = new JobCatalog(new JobStack(stack).clients())) {
            Job job = JobStack.require(catalog, id);
            if (job.state().ended()) {
                spec.commandLine()
                        .getErr()
                        .printf("job %s has ended already: %s%n", id, JobText.state(job));
                return ExitCodes.DONE;
            }
            catalog.cancel(id);
            spec.commandLine().getErr().printf("job %s is being cancelled%n", id);
        }
        return ExitCodes.DONE;
    }
}
