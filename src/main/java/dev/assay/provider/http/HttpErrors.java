package dev.assay.provider.http;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.provider.CallAddress;
import dev.assay.provider.http.HttpOutcome.BrokenBody;
import dev.assay.provider.http.HttpOutcome.Disconnected;
import dev.assay.provider.http.HttpOutcome.NoReply;
import dev.assay.provider.http.HttpOutcome.NotTrusted;
import dev.assay.provider.http.HttpOutcome.TimedOut;

import java.time.Duration;
import java.util.Optional;

/// What it means that no usable reply came, whatever the protocol. Pure.
public final class HttpErrors {

    private final CallAddress address;

    public HttpErrors(CallAddress address) {
        this.address = address;
    }

    /// The result of a call whose request got no usable reply.
    ///
    /// @param promptsDeadline the time that could run out was the prompt's own, which says little
    ///   of the model
    public CallResult of(NoReply outcome, boolean promptsDeadline) {
        return switch (outcome) {
            case TimedOut timedOut -> timedOut(timedOut, promptsDeadline);
            case Disconnected(String why, boolean sent) ->
                    tryAgain(
                            FailureCode.PROVIDER_ERROR,
                            " gave no reply: "
                                    + why
                                    + ". Check base_url and the network if this persists.",
                            Evidence.NONE,
                            sent);
            case NotTrusted(String why) ->
                    new GiveUpOnModel(
                            new CallError(
                                    FailureCode.PROVIDER_ERROR,
                                    address.shown()
                                            + " is not trusted: "
                                            + why
                                            + ". Check base_url, or add its certificate to the"
                                            + " JVM's trust store."));
            case BrokenBody(String why) ->
                    tryAgain(
                            FailureCode.PROVIDER_ERROR,
                            " answered, but its reply cannot be read: "
                                    + why
                                    + ". Try again later.",
                            Evidence.NONE,
                            true);
        };
    }

    private CallResult timedOut(TimedOut timedOut, boolean promptsDeadline) {
        String after = seconds(timedOut.after());
        return switch (timedOut.waitedFor()) {
            case CONNECT ->
                    tryAgain(
                            FailureCode.TIMEOUT,
                            " could not be connected to within "
                                    + after
                                    + ". Check base_url and the network.",
                            Evidence.CONGESTED,
                            timedOut.sent());
            case NEXT_BYTE ->
                    tryAgain(
                            FailureCode.TIMEOUT,
                            " sent nothing for "
                                    + after
                                    + " in the middle of its reply. Raise idle_timeout if it needs"
                                    + " longer.",
                            Evidence.CONGESTED,
                            timedOut.sent());
            case WHOLE_REPLY ->
                    promptsDeadline
                            ? tryAgain(
                                    FailureCode.DEADLINE_EXCEEDED,
                                    " was given "
                                            + after
                                            + " until the prompt's deadline, which was not enough.",
                                    Evidence.NONE,
                                    timedOut.sent())
                            : tryAgain(
                                    FailureCode.TIMEOUT,
                                    " did not finish its reply within "
                                            + after
                                            + ". Raise timeout if it needs longer.",
                                    Evidence.CONGESTED,
                                    timedOut.sent());
        };
    }

    private CallResult tryAgain(
            FailureCode code, String message, Evidence evidence, boolean billed) {
        return new TryAgain(
                new CallError(code, address.shown() + message), Optional.empty(), evidence, billed);
    }

    private static String seconds(Duration duration) {
        long ms = duration.toMillis();
        return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
    }
}
