package dev.assay.provider.openai;

import dev.assay.config.ModelConfig;
import dev.assay.provider.EndpointUrl;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.reply.ModelCalls;

import java.net.URI;
import java.time.InstantSource;
import java.util.Map;

/// Calls to OpenAI's API: the key is a bearer token. What chat completions and the older
/// completions have in common.
final class OpenAiCalls {

    private OpenAiCalls() {}

    /// @param path of the endpoint, below the base URL
    static ModelCalls open(ModelConfig model, String path, HttpCaller caller, InstantSource clock) {
        URI uri = EndpointUrl.of(model.baseUrl().orElseThrow(), path, model.query());
        Map<String, String> headers =
                model.apiKey()
                        .map(key -> Map.of("Authorization", "Bearer " + key.value()))
                        .orElse(Map.of());
        return ModelCalls.open(model, uri, headers, CompletionReader::read, caller, clock);
    }
}
