package dev.assay.provider.anthropic;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallResult;
import dev.assay.provider.ChatText;
import dev.assay.provider.EndpointUrl;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.reply.ModelCalls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// A model behind Anthropic's Messages API: `POST base_url/messages`
/// (https://docs.anthropic.com/en/api/messages).
public final class AnthropicProvider implements ModelProvider {

    private static final String PATH = "/messages";

    /// The one version there is; `headers` of the model's entry go over it.
    private static final String VERSION = "2023-06-01";

    private final ModelCalls calls;
    private final MessagesRequest requests;

    /// @param caller stays open when this provider is closed
    /// @param clock for retry times that are given as dates
    public AnthropicProvider(ModelConfig model, HttpCaller caller, InstantSource clock) {
        URI uri = EndpointUrl.of(model.baseUrl().orElseThrow(), PATH, model.query());
        this.calls =
                ModelCalls.open(model, uri, headers(model), MessagesReader::read, caller, clock);
        this.requests = new MessagesRequest(model);
    }

    @Override
    public CallResult call(ModelRequest request) throws InterruptedException {
        byte[] json;
        try {
            json = requests.write(request);
        } catch (UnusableRequestException e) {
            return calls.refused(e);
        }
        return calls.call(json, request, () -> chars(request.chatJson()));
    }

    @Override
    public void close() {
        calls.close();
    }

    private static Map<String, String> headers(ModelConfig model) {
        Map<String, String> headers = new HashMap<>();
        headers.put("anthropic-version", VERSION);
        model.apiKey().ifPresent(key -> headers.put("x-api-key", key.value()));
        return headers;
    }

    private static int chars(String chatJson) {
        try {
            return ChatText.parse(chatJson).chars();
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was sent can be read again", e);
        }
    }
}
