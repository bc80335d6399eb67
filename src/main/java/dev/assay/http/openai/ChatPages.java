package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.Json;
import dev.assay.config.TopologyFile;
import dev.assay.http.ApiError;
import dev.assay.http.Caller;
import dev.assay.http.ErrorJson;
import dev.assay.http.Presence;
import dev.assay.http.PromptGateway;
import dev.assay.http.Reply;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/v1/chat/completions`: one prompt through the pipeline, and its result when it has come.
/// `/v1/models`: what may be asked for.
public final class ChatPages implements Consumer<RoutesConfig> {

    /// How long a caller waits who names no time: as OpenAI's own clients do.
    static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);

    static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

    private static final String TIMEOUT_HEADER = "x-assay-timeout-seconds";
    private static final String JSON = "application/json";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final int TIMED_OUT = 504;

    private final Supplier<Optional<PromptGateway>> gateway;
    private final BodyMemory memory;
    private final ModelNames models;
    private final int maxIdChars;
    private final InstantSource clock;
    private final long startedAtSeconds;

    /// @param gateway there once the pipeline works
    public ChatPages(
            TopologyFile file, Supplier<Optional<PromptGateway>> gateway, InstantSource clock) {
        this(file, gateway, clock, new BodyMemory(BodyMemory.usualBytes()));
    }

    ChatPages(
            TopologyFile file,
            Supplier<Optional<PromptGateway>> gateway,
            InstantSource clock,
            BodyMemory memory) {
        this.gateway = gateway;
        this.memory = memory;
        this.models = ModelNames.of(file);
        this.maxIdChars = file.engine().maxIdChars();
        this.clock = clock;
        this.startedAtSeconds = clock.instant().getEpochSecond();
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.post("/v1/chat/completions", this::complete);
        routes.get("/v1/models", this::models);
        routes.get("/v1/models/{model}", this::model);
    }

    private void complete(Context context) {
        try (BodyMemory.Share share = memory.share()) {
            complete(context, ChatRequestBody.read(share.read(context.bodyInputStream())));
        }
    }

    private void complete(Context context, ChatRequestBody body) {
        Caller caller = Caller.of(context);
        Duration timeout = timeout(context);
        String id = id(context);
        PromptEvent event = body.event(id, caller.tenant(), models, timeout, clock.instant());
        context.header("x-assay-id", id);
        try {
            answer(context, body, open().ask(event, timeout, () -> Presence.gone(context)));
        } catch (ApiError e) {
            if (e.status() == TIMED_OUT) {
                context.header("x-should-retry", "false");
            }
            throw e;
        }
    }

    private String id(Context context) {
        String key = context.header("Idempotency-Key");
        if (key == null || key.isBlank()) {
            return UUID.randomUUID().toString();
        }
        if (key.length() > maxIdChars) {
            throw new ApiError(
                    BAD_REQUEST,
                    "the Idempotency-Key has %d characters; it may have %d"
                            .formatted(key.length(), maxIdChars));
        }
        if (key.contains("/")) {
            throw new ApiError(
                    BAD_REQUEST,
                    "the Idempotency-Key has a /, as ids of the lines of jobs and batches do; send one without");
        }
        return key;
    }

    private static void answer(Context context, ChatRequestBody body, Reply reply) {
        switch (reply) {
            case Reply.Answered(GradedAnswer answer) -> {
                head(context, answer);
                ChatCompletion completion = new ChatCompletion(answer);
                if (body.stream()) {
                    context.contentType("text/event-stream")
                            .header("Cache-Control", "no-cache")
                            .result(completion.stream(body.includeUsage()));
                } else {
                    context.contentType(JSON).result(Json.text(completion.whole()));
                }
            }
            case Reply.Failed(FailedPrompt failed) -> {
                ApiError error = Failures.error(failed);
                // The pipeline has tried again as often as it may.
                context.header("x-should-retry", "false");
                context.status(error.status()).contentType(JSON).result(ErrorJson.of(error));
            }
        }
    }

    private static void head(Context context, GradedAnswer answer) {
        context.header("x-assay-outcome", answer.getOutcome().name().toLowerCase(Locale.ROOT));
        if (answer.getGrade() != null) {
            context.header("x-assay-grade", Double.toString(answer.getGrade()));
        }
        context.header("x-assay-model", String.valueOf(answer.getModel()));
        context.header("x-assay-route", answer.getRoute());
        context.header(
                "x-assay-cost-usd",
                String.format(Locale.ROOT, "%.9f", answer.getCostUsd().getTotal()));
    }

    private static Duration timeout(Context context) {
        String asked = context.header(TIMEOUT_HEADER);
        if (asked == null) {
            return USUAL_TIMEOUT;
        }
        try {
            Duration timeout = Duration.ofMillis(Math.round(Double.parseDouble(asked) * 1_000));
            if (timeout.isPositive() && timeout.compareTo(LONGEST_TIMEOUT) <= 0) {
                return timeout;
            }
        } catch (NumberFormatException _) {
            // Refused below, as any other time that is none.
        }
        throw new ApiError(
                BAD_REQUEST,
                "%s is %s; give seconds, at most %d"
                        .formatted(TIMEOUT_HEADER, asked, LONGEST_TIMEOUT.toSeconds()));
    }

    private void models(Context context) {
        ObjectNode list = Json.MAPPER.createObjectNode().put("object", "list");
        var data = list.putArray("data");
        models.all().forEach(name -> data.add(entry(name)));
        context.contentType(JSON).result(Json.text(list));
    }

    private void model(Context context) {
        String name = context.pathParam("model");
        if (!models.has(name)) {
            throw new ApiError(
                    NOT_FOUND,
                    "The model `%s` does not exist".formatted(name),
                    Optional.of("model_not_found"),
                    Optional.of("model"));
        }
        context.contentType(JSON).result(Json.text(entry(name)));
    }

    private ObjectNode entry(String name) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", startedAtSeconds)
                .put("owned_by", "assay");
    }

    private PromptGateway open() {
        return gateway.get()
                .orElseThrow(
                        () ->
                                new ApiError(
                                        UNAVAILABLE,
                                        "the pipeline is still starting; see /readyz"));
    }
}
