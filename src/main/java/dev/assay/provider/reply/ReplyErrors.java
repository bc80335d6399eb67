package dev.assay.provider.reply;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.model.RateLimits;
import dev.assay.provider.CallAddress;
import dev.assay.provider.UnusableRequestException;
import dev.assay.provider.http.HttpReply;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What replies that are no answers mean: whether to try again, to give up on the model, or on the
/// prompt. Pure.
///
/// `FaultTable` tells what an error is; here is decided what follows from it.
public final class ReplyErrors {

    private final CallAddress address;

    public ReplyErrors(CallAddress address) {
        this.address = address;
    }

    /// What a reply with an error means, whatever its status. One inside a success comes after the
    /// answer was begun (https://openrouter.ai/docs/api-reference/errors), so it may be billed; a
    /// call turned away for the rate was not taken up.
    ///
    /// @param chatJson the request, which no message may repeat
    public CallResult of(HttpReply reply, String chatJson, Instant now) {
        ErrorBody body = ErrorBody.parse(reply.body());
        Fault fault = FaultTable.of(reply.status(), body);
        String message = message(reply, body, fault, chatJson);
        boolean begun = reply.isSuccess();
        return switch (fault) {
            case BAD_KEY, FORBIDDEN, NO_CREDIT, NO_SUCH_MODEL, WRONG_ADDRESS, REDIRECTED ->
                    new GiveUpOnModel(new CallError(FailureCode.PROVIDER_ERROR, message));
            case CONTEXT_TOO_LONG ->
                    new GiveUpOnPrompt(new CallError(FailureCode.CONTEXT_TOO_LONG, message));
            case CONTENT_FILTER ->
                    new GiveUpOnPrompt(new CallError(FailureCode.CONTENT_FILTER, message));
            case TOO_LARGE -> new GiveUpOnPrompt(new CallError(FailureCode.TOO_LARGE, message));
            case BAD_REQUEST ->
                    new GiveUpOnPrompt(new CallError(FailureCode.INVALID_INPUT, message));
            case RATE_LIMITED -> rateLimited(reply, body, message, now);
            case OVERLOADED ->
                    tryAgain(
                            FailureCode.PROVIDER_ERROR,
                            message,
                            wait(reply, body, now),
                            Evidence.CONGESTED,
                            begun);
            case TRY_LATER, SERVER_FAULT ->
                    tryAgain(
                            FailureCode.PROVIDER_ERROR,
                            message,
                            wait(reply, body, now),
                            Evidence.NONE,
                            begun);
            // The model behind the gateway may have gone on, and been billed.
            case BROKEN_BEHIND ->
                    tryAgain(
                            FailureCode.PROVIDER_ERROR,
                            message,
                            wait(reply, body, now),
                            Evidence.NONE,
                            true);
            case TIMED_OUT_BEHIND ->
                    tryAgain(
                            FailureCode.TIMEOUT,
                            message,
                            wait(reply, body, now),
                            Evidence.CONGESTED,
                            true);
        };
    }

    /// A reply of success that holds no answer; the provider may have billed for one.
    ///
    /// @param why in a few words, about the body
    public CallResult unusable(String why) {
        String message =
                address.shown()
                        + " answered with success, but its reply cannot be used: "
                        + why
                        + ". Check that base_url names an API of this kind if this persists.";
        return new TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, message),
                Optional.empty(),
                Evidence.NONE,
                true);
    }

    /// A request that cannot be sent.
    public CallResult refused(UnusableRequestException why) {
        String message =
                "the request cannot be sent to model \""
                        + address.model()
                        + "\": "
                        + why.getMessage()
                        + ".";
        return new GiveUpOnPrompt(new CallError(FailureCode.INVALID_INPUT, message));
    }

    private static CallResult rateLimited(
            HttpReply reply, ErrorBody body, String message, Instant now) {
        RateLimits limits = LimitHeaders.of(reply.headers(), now);
        List<RateLimits.Window> usedUp =
                Stream.of(limits.requests(), limits.tokens())
                        .filter(RateLimits.Window::isUsedUp)
                        .toList();
        Optional<Duration> reset =
                usedUp.stream()
                        .flatMap(window -> window.reset().stream())
                        .max(Comparator.naturalOrder());
        return new TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, message),
                wait(reply, body, now).or(() -> reset),
                usedUp.isEmpty() ? Evidence.RATE_LIMITED : Evidence.EXHAUSTED,
                false,
                limits);
    }

    private static CallResult tryAgain(
            FailureCode code,
            String message,
            Optional<Duration> wait,
            Evidence evidence,
            boolean billed) {
        return new TryAgain(new CallError(code, message), wait, evidence, billed);
    }

    private static Optional<Duration> wait(HttpReply reply, ErrorBody body, Instant now) {
        return RetryAfter.of(reply.headers(), now).or(body::retryDelay);
    }

    private String message(HttpReply reply, ErrorBody body, Fault fault, String chatJson) {
        String said =
                fault == Fault.REDIRECTED
                        ? redirectTarget(reply).map(host -> " to " + host).orElse("")
                        : body.message()
                                .map(words -> ": " + address.quote(words, chatJson))
                                .orElse("");
        String sentence = address.shown() + " answered HTTP " + reply.status() + said;
        return sentence
                + (sentence.endsWith(".") || sentence.endsWith("…") ? " " : ". ")
                + fault.advice();
    }

    /// The host alone: the rest of the address may hold a token.
    private static Optional<String> redirectTarget(HttpReply reply) {
        return reply.headers()
                .first("location")
                .flatMap(
                        location -> {
                            try {
                                return Optional.ofNullable(URI.create(location).getHost());
                            } catch (IllegalArgumentException e) {
                                return Optional.empty();
                            }
                        });
    }
}
