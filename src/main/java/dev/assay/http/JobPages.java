package dev.assay.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.decide.job.Job;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/api/jobs`: bulk jobs and how far they are, the newest first; `/api/jobs/{id}`: one of them.
public final class JobPages implements Consumer<RoutesConfig> {

    private static final String JSON = "application/json";
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Supplier<Optional<List<Job>>> jobs;

    /// @param jobs all of them, the newest first; there once the pipeline works
    public JobPages(Supplier<Optional<List<Job>>> jobs) {
        this.jobs = jobs;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get("/api/jobs", this::list);
        routes.get("/api/jobs/{id}", this::job);
    }

    private void list(Context context) {
        ArrayNode list = Json.MAPPER.createArrayNode();
        visible(context).forEach(job -> list.add(json(job)));
        context.contentType(JSON).result(Json.text(list));
    }

    private void job(Context context) {
        String id = context.pathParam("id");
        Job found =
                visible(context).stream()
                        .filter(job -> job.spec().id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new ApiError(NOT_FOUND, "there is no job " + id));
        context.contentType(JSON).result(Json.text(json(found)));
    }

    private List<Job> visible(Context context) {
        Caller caller = Caller.of(context);
        return jobs
                .get()
                .orElseThrow(
                        () ->
                                new ApiError(
                                        UNAVAILABLE, "the pipeline is still starting; see /readyz"))
                .stream()
                .filter(job -> caller.sees(job.spec().tenant()))
                .toList();
    }

    static ObjectNode json(Job job) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", job.spec().id());
        json.put("name", job.spec().name());
        json.put("input", job.spec().input());
        json.put("tenant", job.spec().tenant().orElse(null));
        json.put("state", job.state().name().toLowerCase(Locale.ROOT));
        json.put("total", job.lines().isPresent() ? job.lines().getAsLong() : null);
        json.put("graded", job.graded());
        json.put("flagged", job.flagged());
        json.put("failed", job.failed());
        json.put("in_flight", job.inFlight());
        json.put("input_tokens", job.inputTokens());
        json.put("output_tokens", job.outputTokens());
        json.putObject("cost_usd")
                .put("answer", job.answerUsd())
                .put("check", job.checkUsd())
                .put("total", job.costUsd());
        ArrayNode grades = json.putArray("grades");
        job.grades().forEach(grades::add);
        json.put("created_at", job.spec().createdAt().toString());
        json.put("deadline", job.spec().deadline().map(Instant::toString).orElse(null));
        json.put("ended_at", job.endedAt().map(Instant::toString).orElse(null));
        json.put("stopped", job.stop().map(stop -> stop.reason()).orElse(null));
        return json;
    }
}
