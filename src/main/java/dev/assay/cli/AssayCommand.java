package dev.assay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/// The root of the command line. It does nothing by itself: without a subcommand it is bad usage.
///
/// Exit codes: 0 done; 1 could not run or broke; 2 bad usage, topology file or input; 3 done, but
/// some prompts failed.
@Command(
        name = "assay",
        description = {
            "Routes prompts on Kafka to language models, has every answer graded, and escalates the"
                    + " weak ones.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = AssayCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            UpCommand.class,
            StartCommand.class,
            SendCommand.class,
            TailCommand.class,
            SubmitCommand.class,
            JobsCommand.class,
            ResultsCommand.class,
            CancelCommand.class,
            RedriveCommand.class,
            ValidateCommand.class,
            DescribeCommand.class,
            BacktestCommand.class,
            CalibrateCommand.class,
            SimulateCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  assay run prompts.jsonl -o results.jsonl", "  assay run --help"})
public final class AssayCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    AssayCommand() {}

    public static void main(String[] args) {
        // Numbers are for other programs too: a broker's address with Arabic digits is none.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        System.exit(commandLine().execute(args));
    }

    /// The whole command line, ready to execute; it writes to the process's stdout and stderr
    /// unless told otherwise.
    static CommandLine commandLine() {
        return new CommandLine(new AssayCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Errors());
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Missing command; `assay --help` lists them.");
    }

    /// Reads the version from the manifest of the jar, where the build has put it.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version =
                    Optional.ofNullable(AssayCommand.class.getPackage().getImplementationVersion())
                            .orElse("(not packaged)");
            return new String[] {"assay " + version, "Java " + Runtime.version()};
        }
    }
}
