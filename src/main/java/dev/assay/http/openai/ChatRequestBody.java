package dev.assay.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;
import dev.assay.http.ApiError;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The body of a request for a chat completion.
///
/// @param model as the caller names it: a route, a model, or `auto`
/// @param requestJson the request without what only concerns the transport
/// @param stream the answer is wanted as server-sent events
/// @param includeUsage the stream ends with the usage
record ChatRequestBody(
        String model,
        String requestJson,
        boolean stream,
        boolean includeUsage,
        Map<String, String> metadata) {

    /// Takes whatever route matches.
    static final String AUTO = "auto";

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    /// @throws ApiError if it is no such request
    static ChatRequestBody read(String body) {
        ObjectNode tree;
        try {
            tree = Json.object(body);
        } catch (UnreadableJson e) {
            throw new ApiError(BAD_REQUEST, "We could not parse the JSON body: " + e.getMessage());
        }
        return of(tree);
    }

    /// Takes the request for its own.
    ///
    /// @throws ApiError if it is no such request
    static ChatRequestBody of(ObjectNode tree) {
        JsonNode model = tree.path("model");
        if (!model.isTextual() || model.asText().isBlank()) {
            throw new ApiError(
                    BAD_REQUEST,
                    "you must provide a model: the name of a route or a model, or auto",
                    Optional.empty(),
                    Optional.of("model"));
        }
        boolean stream = tree.path("stream").asBoolean(false);
        boolean includeUsage = tree.path("stream_options").path("include_usage").asBoolean(false);
        tree.remove("stream");
        tree.remove("stream_options");
        return new ChatRequestBody(
                model.asText(), Json.text(tree), stream, includeUsage, metadata(tree));
    }

    /// As a prompt that somebody waits for.
    ///
    /// @param models that callers may name
    PromptEvent event(
            String id, Optional<String> tenant, ModelNames models, Duration timeout, Instant now) {
        requireKnown(models);
        return prompt(id, tenant)
                .setPriority(Priority.INTERACTIVE)
                .setDeadline(now.plus(timeout))
                .setCreatedAt(now)
                .build();
    }

    /// @throws ApiError if the model is none of these
    void requireKnown(ModelNames models) {
        if (!model.equals(AUTO) && !models.has(model)) {
            throw new ApiError(
                    NOT_FOUND,
                    "The model `%s` does not exist; there are %s".formatted(model, models.all()),
                    Optional.of("model_not_found"));
        }
    }

    /// As a prompt for the pipeline.
    PromptEvent.Builder prompt(String id, Optional<String> tenant) {
        return PromptEvent.newBuilder()
                .setId(id)
                .setRequest(requestJson)
                .setTenant(tenant.orElse(null))
                .setRoute(model.equals(AUTO) ? null : model)
                .setMetadata(metadata);
    }

    private static Map<String, String> metadata(ObjectNode tree) {
        Map<String, String> metadata = new HashMap<>();
        tree.path("metadata")
                .properties()
                .forEach(
                        entry -> {
                            if (entry.getValue().isTextual()) {
                                metadata.put(entry.getKey(), entry.getValue().asText());
                            }
                        });
        return metadata;
    }
}
