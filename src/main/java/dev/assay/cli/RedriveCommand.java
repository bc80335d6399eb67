package dev.assay.cli;

import dev.assay.bulk.job.Redrive;
import dev.assay.model.FailureCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `assay redrive`.
@Command(
        name = "redrive",
        description = {
            "Sends failed prompts again, each failure once: those that are on the way or have their answer by now are"
                    + " left alone.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  assay redrive --reason timeout", "  assay redrive --job job-3f2a"})
final class RedriveCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Only those that failed so, as timeout or over_budget")
    private Optional<String> reason = Optional.empty();

    @Option(names = "--job", paramLabel = "ID", description = "Only lines of this job")
    private Optional<String> job = Optional.empty();

    @Override
    public Integer call() {
        reason.ifPresent(this::requireCode);
        Redrive.Sent sent =
                new Redrive(new JobStack(stack).clients(), InstantSource.system())
                        .send(new Redrive.Which(reason, job));
        spec.commandLine().getErr().printf("%,d failed prompts are sent again%n", sent.sent());
        if (sent.cut() > 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%,d are not, since their events were too large to be kept whole%n",
                            sent.cut());
        }
        return ExitCodes.DONE;
    }

    private void requireCode(String reason) {
        List<String> codes = Arrays.stream(FailureCode.values()).map(FailureCode::code).toList();
        if (!codes.contains(reason)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reason %s is no reason for which prompts fail; it is one of %s"
                            .formatted(reason, String.join(", ", codes)));
        }
    }
}
