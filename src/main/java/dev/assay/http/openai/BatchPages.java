package dev.assay.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;
import dev.assay.http.ApiError;
import dev.assay.http.Caller;
import dev.assay.http.files.StoredFile;
import dev.assay.http.openai.Batch.Status;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/v1/batches`. Source: OpenAI API reference, "Batch".
public final class BatchPages implements Consumer<RoutesConfig> {

    private static final String ENDPOINT = "/v1/chat/completions";
    private static final String WINDOW = "24h";
    private static final Duration WINDOW_TIME = Duration.ofHours(24);
    private static final String INPUT_PURPOSE = "batch";
    private static final int USUAL_PAGE = 20;
    private static final int LARGEST_PAGE = 100;
    private static final int MOST_METADATA = 16;
    private static final int MOST_KEY_CHARS = 64;
    private static final int MOST_VALUE_CHARS = 512;
    private static final Duration SHORTEST_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private static final String JSON = "application/json";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final Supplier<Optional<BatchService>> service;
    private final InstantSource clock;

    /// @param service there once the pipeline works
    public BatchPages(Supplier<Optional<BatchService>> service, InstantSource clock) {
        this.service = service;
        this.clock = clock;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.post("/v1/batches", this::create);
        routes.get("/v1/batches", this::list);
        routes.get("/v1/batches/{batch}", context -> answer(context, named(context)));
        routes.post(
                "/v1/batches/{batch}/cancel",
                context -> answer(context, open().cancel(named(context).id())));
    }

    private void create(Context context) {
        ObjectNode body = body(context);
        Caller caller = Caller.of(context);
        require(body, "endpoint", ENDPOINT);
        require(body, "completion_window", WINDOW);
        String inputFile = text(body, "input_file_id");
        StoredFile input =
                FilePages.visible(open().files(), caller, inputFile)
                        .orElseThrow(
                                () -> bad("No such File object: " + inputFile, "input_file_id"));
        if (!input.purpose().equals(INPUT_PURPOSE)) {
            throw bad(
                    "The purpose of file %s is %s; it must be batch"
                            .formatted(inputFile, input.purpose()),
                    "input_file_id");
        }
        Instant now = clock.instant();
        Batch batch =
                new Batch(
                        "batch_" + UUID.randomUUID().toString().replace("-", ""),
                        caller.tenant().or(input::tenant),
                        inputFile,
                        ENDPOINT,
                        WINDOW,
                        metadata(body.path("metadata")),
                        Optional.empty(),
                        Status.VALIDATING,
                        Map.of(),
                        now.toEpochMilli(),
                        now.plus(WINDOW_TIME).toEpochMilli(),
                        List.of(),
                        Map.of(),
                        BatchCounts.of(0),
                        lifetime(body.path("output_expires_after").path("seconds")),
                        Optional.empty(),
                        Optional.empty());
        open().add(batch);
        answer(context, batch);
    }

    private void list(Context context) {
        Caller caller = Caller.of(context);
        List<Batch> found =
                open().newestFirst().stream().filter(batch -> caller.sees(batch.tenant())).toList();
        Listing.answer(context, found, Batch::id, BatchJson::of, USUAL_PAGE, LARGEST_PAGE);
    }

    private static void answer(Context context, Batch batch) {
        context.contentType(JSON).result(Json.text(BatchJson.of(batch)));
    }

    private Batch named(Context context) {
        String id = context.pathParam("batch");
        return open().find(id)
                .filter(batch -> Caller.of(context).sees(batch.tenant()))
                .orElseThrow(
                        () ->
                                new ApiError(
                                        NOT_FOUND,
                                        "No batch found with id '%s'.".formatted(id),
                                        Optional.empty(),
                                        Optional.of("id")));
    }

    private static ObjectNode body(Context context) {
        try {
            return Json.object(context.body());
        } catch (UnreadableJson e) {
            throw new ApiError(BAD_REQUEST, "We could not parse the JSON body: " + e.getMessage());
        }
    }

    private static String text(ObjectNode body, String name) {
        if (!body.path(name).isTextual() || body.path(name).textValue().isBlank()) {
            throw bad("Missing required parameter: '%s'.".formatted(name), name);
        }
        return body.path(name).textValue();
    }

    private static void require(ObjectNode body, String name, String only) {
        String given = text(body, name);
        if (!given.equals(only)) {
            throw bad(
                    "Invalid value: '%s'. The only supported value is: '%s'."
                            .formatted(given, only),
                    name);
        }
    }

    private static Map<String, String> metadata(JsonNode given) {
        if (!given.isObject() && !given.isMissingNode() && !given.isNull()) {
            throw bad("metadata is an object of texts", "metadata");
        }
        Map<String, String> metadata = new HashMap<>();
        given.properties()
                .forEach(
                        entry -> {
                            JsonNode value = entry.getValue();
                            if (!value.isTextual()
                                    || value.textValue().length() > MOST_VALUE_CHARS
                                    || entry.getKey().length() > MOST_KEY_CHARS) {
                                throw bad(
                                        "metadata holds texts of at most %d characters under keys of at most %d"
                                                .formatted(MOST_VALUE_CHARS, MOST_KEY_CHARS),
                                        "metadata");
                            }
                            metadata.put(entry.getKey(), value.textValue());
                        });
        if (metadata.size() > MOST_METADATA) {
            throw bad("metadata holds at most %d keys".formatted(MOST_METADATA), "metadata");
        }
        return metadata;
    }

    private static Optional<Long> lifetime(JsonNode seconds) {
        if (seconds.isMissingNode()) {
            return Optional.empty();
        }
        if (!seconds.isIntegralNumber()
                || seconds.asLong() < SHORTEST_LIFE.toSeconds()
                || seconds.asLong() > LONGEST_LIFE.toSeconds()) {
            throw bad(
                    "output_expires_after.seconds is a number from %d to %d"
                            .formatted(SHORTEST_LIFE.toSeconds(), LONGEST_LIFE.toSeconds()),
                    "output_expires_after");
        }
        return Optional.of(seconds.asLong());
    }

    private BatchService open() {
        return service.get().orElseThrow(FilePages::starting);
    }

    private static ApiError bad(String message, String param) {
        return new ApiError(BAD_REQUEST, message, Optional.empty(), Optional.of(param));
    }
}
