package dev.assay.cli;

import dev.assay.bulk.InputException;
import dev.assay.bulk.InputFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `assay run`.
@Command(
        name = "run",
        description = {
            "Takes a file of prompts to graded results, alone on this machine: Kafka and the pipeline run inside.",
            "",
            "INPUT is JSONL (OpenAI batch lines, or objects with a prompt, messages or request), CSV with a header of"
                    + " the same names, or plain text with a prompt a line; gzipped or not. Each line ends as one line"
                    + " of RESULTS, a JSON object.",
            "",
            "Interrupted, it goes on where it was when it is started again with the same RESULTS. Exit code 3 says that"
                    + " some prompts failed.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  assay run examples/prompts.jsonl",
            "  assay run prompts.csv -t topology/cascade.yaml -o results.jsonl --ordered",
            "  zcat prompts.jsonl.gz | assay run - -o results.jsonl"
        })
final class RunCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "INPUT", description = "The prompts; - is stdin")
    private Path input;

    @Mixin private TopologyOption topology;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "RESULTS",
            defaultValue = "results.jsonl",
            description = "Where results go; default: ${DEFAULT-VALUE} in this folder")
    private Path results;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "jsonl, csv or text; default: told by the content")
    private Optional<InputFormat> format = Optional.empty();

    @Option(names = "--ordered", description = "Puts RESULTS into the order of INPUT in the end")
    private boolean ordered;

    @Option(names = "--fresh", description = "Begins anew and overwrites what is in RESULTS")
    private boolean fresh;

    @Override
    public Integer call() throws InputException, IOException {
        LocalRun.Request request =
                new LocalRun.Request(input, format, topology.parse(), results, ordered, fresh);
        return new LocalRun(request, spec.commandLine().getErr()).run();
    }
}
