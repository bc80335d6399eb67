package dev.assay.provider.openai;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.provider.CallAddress;
import dev.assay.provider.ModelRequest;
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

/// Sends written requests to one address of OpenAI's API and says what the replies mean. What chat
/// completions and the older completions have in common.
final class OpenAiCalls implements AutoCloseable {

    private final HttpEndpoint endpoint;
    private final OpenAiErrors errors;
    private final HttpErrors httpErrors;
    private final Duration timeout;
    private final InstantSource clock;

    private OpenAiCalls(
            HttpEndpoint endpoint, CallAddress address, Duration timeout, InstantSource clock) {
        this.endpoint = endpoint;
        this.errors = new OpenAiErrors(address);
        this.httpErrors = new HttpErrors(address);
        this.timeout = timeout;
        this.clock = clock;
    }

    /// @param path of the endpoint, below the base URL
    static OpenAiCalls open(
            ModelConfig model, String path, HttpCaller caller, InstantSource clock) {
        URI uri = EndpointUrl.of(model.baseUrl().orElseThrow(), path, model.query());
        HttpEndpoint endpoint = caller.endpoint(uri, headers(model), model.idleTimeout());
        return new OpenAiCalls(endpoint, CallAddress.of(model, uri), model.timeout(), clock);
    }

    /// @param promptChars characters of text in the prompt, asked for only where the provider
    ///   counted no tokens
    CallResult call(byte[] json, ModelRequest request, IntSupplier promptChars)
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
    CallResult refused(UnusableRequestException why) {
        return errors.refused(why);
    }

    /// Ends the calls in the air.
    @Override
    public void close() {
        endpoint.close();
    }

    private CallResult read(HttpReply reply, ModelRequest request, IntSupplier promptChars) {
        return switch (CompletionReader.read(reply, promptChars)) {
            case CompletionReader.Reading.Complete(var completion) ->
                    new Answered(completion, LimitHeaders.of(reply.headers(), clock.instant()));
            case CompletionReader.Reading.ErrorInside() -> error(reply, request);
            case CompletionReader.Reading.Unusable(String why) -> errors.unusable(why);
        };
    }

    private CallResult error(HttpReply reply, ModelRequest request) {
        return errors.of(reply, request.chatJson(), clock.instant());
    }

    private static Map<String, String> headers(ModelConfig model) {
        // Whatever case the operator wrote a name in, it replaces ours.
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json");
        headers.put("Accept-Encoding", "gzip");
        model.apiKey().ifPresent(key -> headers.put("Authorization", "Bearer " + key.value()));
        headers.putAll(model.headers());
        return headers;
    }
}
