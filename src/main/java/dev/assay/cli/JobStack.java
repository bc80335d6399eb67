package dev.assay.cli;

import dev.assay.bulk.job.JobCatalog;
import dev.assay.bulk.job.JobClients;
import dev.assay.cli.Errors.BadInput;
import dev.assay.decide.job.Job;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// The jobs of the stack that a command talks to.
final class JobStack {

    private static final Duration PUBLISHED = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final JobClients clients;

    /// @throws BadInput if no pipeline that knows jobs has run there
    JobStack(StackOptions stack) {
        Set<String> topics = stack.existingTopics();
        if (!topics.contains(stack.topics().jobs())) {
            throw new BadInput(
                    "there is no topic %s; the pipeline makes it when it starts"
                            .formatted(stack.topics().jobs()));
        }
        this.clients = new JobClients(stack.clientSettings(), stack.serdes(), stack.topics());
    }

    JobClients clients() {
        return clients;
    }

    /// A job that was just submitted: it is published within a second or two.
    ///
    /// @throws BadInput if it is not, for half a minute
    static Job await(JobCatalog catalog, String id) {
        long deadline = System.nanoTime() + PUBLISHED.toNanos();
        Optional<Job> job = catalog.find(id);
        while (job.isEmpty() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            job = catalog.find(id);
        }
        return job.orElseThrow(() -> unknown(id));
    }

    /// @throws BadInput if there is no such job
    static Job require(JobCatalog catalog, String id) {
        return catalog.find(id).orElseThrow(() -> unknown(id));
    }

    private static BadInput unknown(String id) {
        return new BadInput("there is no job %s; `assay jobs` lists them".formatted(id));
    }
}
