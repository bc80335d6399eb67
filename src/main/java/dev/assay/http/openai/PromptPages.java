package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.http.ApiError;
import dev.assay.http.Caller;
import dev.assay.http.PromptGateway;
import dev.assay.http.Reply;
import dev.assay.topology.PromptQueries;
import dev.assay.topology.PromptQueries.Moving;
import dev.assay.topology.PromptQueries.Progress;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import org.apache.kafka.streams.state.HostInfo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/api/prompts/{id}`: a prompt's result, where an instance gave it, or how far the prompt is,
/// whichever instance has it.
///
/// An instance that does not know the prompt asks each of the others once, with the caller's own
/// key.
public final class PromptPages implements Consumer<RoutesConfig> {

    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    /// Marks a question of one instance to another, which asks no third.
    private static final String ASKED = "x-assay-asked-by-instance";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Supplier<Optional<PromptGateway>> gateway;
    private final Supplier<Optional<PromptQueries>> queries;

    /// @param gateway there once the pipeline works, as `queries`
    public PromptPages(
            Supplier<Optional<PromptGateway>> gateway, Supplier<Optional<PromptQueries>> queries) {
        this.gateway = gateway;
        this.queries = queries;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get("/api/prompts/{id}", this::prompt);
    }

    private void prompt(Context context) throws InterruptedException {
        String id = context.pathParam("id");
        Caller caller = Caller.of(context);
        PromptQueries all = open(queries);
        Optional<Reply> reply = open(gateway).find(id, caller);
        if (reply.isPresent()) {
            answer(context, Json.text(Failures.row(reply.get())));
            return;
        }
        boolean unsure = false;
        try {
            Optional<Progress> progress =
                    all.here(id)
                            .filter(found -> caller.sees(found.state().prompt().labels().tenant()));
            if (progress.isPresent()) {
                answer(context, Json.text(json(id, progress.get())));
                return;
            }
        } catch (Moving _) {
            unsure = true;
        }
        if (context.header(ASKED) == null) {
            for (HostInfo other : all.others()) {
                Optional<HttpResponse<String>> told = ask(other, id, context);
                if (told.isPresent() && told.get().statusCode() == OK) {
                    answer(context, told.get().body());
                    return;
                }
                unsure |= told.isEmpty() || told.get().statusCode() != NOT_FOUND;
            }
        }
        throw unsure
                ? new ApiError(
                        UNAVAILABLE,
                        "prompt %s may be with an instance that cannot tell now; ask again in a moment"
                                .formatted(id))
                : new ApiError(
                        NOT_FOUND,
                        "no prompt %s is under way, and no instance keeps its result; if it ended, read answers.graded, answers.flagged or prompts.failed"
                                .formatted(id));
    }

    /// Empty where the other instance does not answer.
    private static Optional<HttpResponse<String>> ask(HostInfo other, String id, Context context)
            throws InterruptedException {
        String path =
                "/api/prompts/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("http://" + other.host() + ":" + other.port() + path))
                        .timeout(PATIENCE)
                        .header(ASKED, "yes");
        Optional.ofNullable(context.header("Authorization"))
                .ifPresent(key -> request.header("Authorization", key));
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            return Optional.of(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static ObjectNode json(String id, Progress progress) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", id);
        json.put("outcome", "pending");
        json.put("state", progress.stage());
        json.put("route", progress.state().route());
        json.put("round", progress.state().round());
        json.put("attempts", progress.state().attempts().size());
        return json;
    }

    private static void answer(Context context, String json) {
        context.header("Cache-Control", "no-store").contentType(JSON).result(json);
    }

    private static <T> T open(Supplier<Optional<T>> part) {
        return part.get()
                .orElseThrow(
                        () ->
                                new ApiError(
                                        UNAVAILABLE,
                                        "the pipeline is still starting; see /readyz"));
    }
}
