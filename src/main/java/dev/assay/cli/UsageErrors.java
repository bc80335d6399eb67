package dev.assay.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/// Says what is wrong with the arguments and where help is, without the whole help around it.
final class UsageErrors implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(message(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        if (!command.getSubcommands().isEmpty()) {
            err.println("commands: " + String.join(", ", command.getSubcommands().keySet()));
        }
        err.printf(
                "%s%n`%s --help` tells more%n",
                command.getHelp().synopsis(0).strip(), command.getCommandSpec().qualifiedName());
        return ExitCodes.BAD_INPUT;
    }

    /// Without picocli's count of arguments, which begins at 0.
    private static String message(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "nothing takes the argument " + String.join(" ", unmatched.getUnmatched())
                : String.valueOf(e.getMessage());
    }
}
