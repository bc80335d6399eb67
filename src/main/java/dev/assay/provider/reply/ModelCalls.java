package dev.assay.provider.reply;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.Completion;
import dev.assay.model.Usage;
import dev.assay.provider.CallAddress;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.http.HttpEndpoint;
import dev.assay.provider.http.HttpErrors;
import dev.assay.provider.http.HttpOutcome.NoReply;
import dev.assay.provider.http.HttpOutcome.Replied;
import dev.assay.provider.http.HttpReply;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/// Sends written requests to one model's address and says what the replies mean. What all protocols
/// have in common.
public final class ModelCalls implements AutoCloseable {

    private final HttpEndpoint endpoint;
    private final Reader reader;
    private final ReplyErrors errors;
    private final HttpErrors httpErrors;
    private final Duration timeout;
    private final InstantSource clock;
    private final TokenRatio ratio = new TokenRatio();

    /// Reads the body of a successful reply, in one protocol.
    @FunctionalInterface
    public interface Reader {

        /// @return a completion whose usage is estimated, of no tokens, where none was counted
        Reading read(HttpReply reply);
    }

    private ModelCalls(
            HttpEndpoint endpoint,
            Reader reader,
            CallAddress address,
            Duration timeout,
            InstantSource clock) {
        this.endpoint = endpoint;
        this.reader = reader;
        this.errors = new ReplyErrors(address);
        this.httpErrors = new HttpErrors(address);
        this.timeout = timeout;
        this.clock = clock;
    }

    /// @param protocolHeaders with the key; those of the model's entry go over them
    public static ModelCalls open(
            ModelConfig model,
            URI uri,
            Map<String, String> protocolHeaders,
            Reader reader,
            HttpCaller caller,
            InstantSource clock) {
        HttpEndpoint endpoint =
                caller.endpoint(uri, headers(model, protocolHeaders), model.idleTimeout());
        return new ModelCalls(endpoint, reader, CallAddress.of(model, uri), model.timeout(), clock);
    }

    /// @param promptChars characters of text in the prompt, asked for only where the provider
    ///   counted no tokens, and now and then to learn
    public CallResult call(byte[] json, ModelRequest request, IntSupplier promptChars)
            throws InterruptedException {
        boolean promptsDeadline = request.timeLeft().compareTo(timeout) < 0;
        return switch (endpoint.post(json, promptsDeadline ? request.timeLeft() : timeout)) {
            case Replied(HttpReply reply) when reply.isSuccess() ->
                    read(reply, request, promptChars);
            case Replied(HttpReply reply) -> error(reply, request);
            case NoReply none -> httpErrors.of(none, promptsDeadline);
        };
    }

    /// The result for a request that cannot be sent.
    public CallResult refused(UnusableRequestException why) {
        return errors.refused(why);
    }

    /// Ends the calls in the air.
    @Override
    public void close() {
        endpoint.close();
    }

    private CallResult read(HttpReply reply, ModelRequest request, IntSupplier promptChars) {
        if (reply.body().isBlank()) {
            return errors.unusable("it is empty");
        }
        return switch (reader.read(reply)) {
            case Reading.Complete(Completion completion) ->
                    new Answered(
                            withUsage(completion, promptChars),
                            LimitHeaders.of(reply.headers(), clock.instant()));
            case Reading.ErrorInside() -> error(reply, request);
            case Reading.Unusable(String why) -> errors.unusable(why);
        };
    }

    private Completion withUsage(Completion completion, IntSupplier promptChars) {
        Usage usage = completion.usage();
        int answerChars = completion.text().length();
        // Text without a token is not counted, whatever the reply says.
        boolean counted = !usage.estimated() && (usage.outputTokens() > 0 || answerChars == 0);
        if (!counted) {
            return completion.withUsage(ratio.estimate(promptChars.getAsInt(), answerChars));
        }
        // Tool calls and reasoning are tokens without text.
        if (!completion.hasToolCalls() && usage.reasoningTokens() == 0) {
            ratio.learn(answerChars, usage.outputTokens());
        }
        if (ratio.wantsPrompt()) {
            ratio.learn(promptChars.getAsInt(), usage.inputTokens());
        }
        return completion;
    }

    private CallResult error(HttpReply reply, ModelRequest request) {
        return errors.of(reply, request.chatJson(), clock.instant());
    }

    private static Map<String, String> headers(ModelConfig model, Map<String, String> ofProtocol) {
        // Whatever case the operator wrote a name in, it replaces ours.
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json");
        headers.put("Accept-Encoding", "gzip");
        headers.putAll(ofProtocol);
        headers.putAll(model.headers());
        return headers;
    }
}
