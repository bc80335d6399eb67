package dev.assay.cli;

import dev.assay.backtest.UnusableRecords;
import dev.assay.bulk.InputException;
import dev.assay.bulk.RunException;
import dev.assay.config.TopologyFileException;
import dev.assay.http.HttpServerException;
import dev.assay.local.LocalStackException;
import dev.assay.topology.PipelineException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import java.util.Optional;

/// Says on stderr what went wrong: what users can mend in one message, what they cannot with its
/// trace in the log.
final class Errors implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        return switch (thrown) {
            case TopologyFileException e -> say(command, e, ExitCodes.BAD_INPUT);
            case InputException e -> say(command, e, ExitCodes.BAD_INPUT);
            case UnusableRecords e -> say(command, e, ExitCodes.BAD_INPUT);
            case BadInput e -> say(command, e, ExitCodes.BAD_INPUT);
            case PipelineException e -> say(command, e, ExitCodes.BROKE);
            case HttpServerException e ->
                    say(command, e, e.portTaken() ? ExitCodes.BROKE : ExitCodes.BAD_INPUT);
            case LocalStackException e -> say(command, e, ExitCodes.BROKE);
            case RunException e -> say(command, e, ExitCodes.BROKE);
            case CannotRun e -> say(command, e, ExitCodes.BROKE);
            case SerializationException e -> {
                command.getErr()
                        .printf(
                                "the schema registry does not know what was written to Kafka (%s); name the one that the pipeline uses with --registry%n",
                                Optional.ofNullable(e.getCause()).orElse(e).getMessage());
                yield ExitCodes.BROKE;
            }
            case KafkaException e when setting(e).isPresent() -> {
                command.getErr()
                        .printf(
                                "Kafka's client refuses a setting: %s; correct --bootstrap-server, or kafka in the topology file%n",
                                setting(e).get());
                yield ExitCodes.BAD_INPUT;
            }
            default -> {
                LOG.error("{} broke", command.getCommandName(), thrown);
                command.getErr().printf("%s broke: %s%n", command.getCommandName(), thrown);
                yield ExitCodes.BROKE;
            }
        };
    }

    private static int say(CommandLine command, Exception thrown, int exitCode) {
        LOG.debug("{} ends with {}", command.getCommandName(), exitCode, thrown);
        command.getErr().println(thrown.getMessage());
        return exitCode;
    }

    /// What is wrong with which setting, where that is why a client could not be made.
    private static Optional<String> setting(KafkaException thrown) {
        Throwable reason = thrown instanceof ConfigException ? thrown : thrown.getCause();
        return reason instanceof ConfigException
                ? Optional.ofNullable(reason.getMessage())
                : Optional.empty();
    }

    /// What the user gave cannot be used; the message says what, where and what to do.
    static final class BadInput extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadInput(String message) {
            super(message);
        }
    }

    /// Something the command needs is not there; the message says what, where and what to do.
    static final class CannotRun extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotRun(String message) {
            super(message);
        }

        CannotRun(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
