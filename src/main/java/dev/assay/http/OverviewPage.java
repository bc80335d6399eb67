package dev.assay.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.decide.job.Job;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.learn.Tally;
import dev.assay.topology.Health;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/api/overview`: what [DashboardPage] shows. Counts are of this instance since its start, as
/// those of [MetricsPage]; a tenant sees its own jobs only.
public final class OverviewPage implements Consumer<RoutesConfig> {

    /// More would not fit on a page.
    private static final int MOST_JOBS = 20;

    private static final List<String> BREAKER = List.of("serving", "failing", "out_of_service");

    private final Readings readings;
    private final Supplier<Health> health;
    private final Supplier<Optional<List<Job>>> jobs;
    private final Supplier<Optional<List<Scorecard>>> cards;
    private final InstantSource clock;

    /// @param jobs all of them, the newest first; there once the pipeline works, as `cards`
    public OverviewPage(
            Readings readings,
            Supplier<Health> health,
            Supplier<Optional<List<Job>>> jobs,
            Supplier<Optional<List<Scorecard>>> cards,
            InstantSource clock) {
        this.readings = readings;
        this.health = health;
        this.jobs = jobs;
        this.cards = cards;
        this.clock = clock;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get("/api/overview", this::overview);
    }

    private void overview(Context context) {
        Caller caller = Caller.of(context);
        ObjectNode json = Json.MAPPER.createObjectNode();
        Health now = health.get();
        json.put("at_ms", clock.millis());
        json.put("ready", now.notReady().isEmpty());
        now.notReady().forEach(json.putArray("reasons")::add);
        ObjectNode prompts = json.putObject("prompts");
        List.of("graded", "flagged", "failed")
                .forEach(
                        outcome ->
                                prompts.put(
                                        outcome,
                                        readings.count("assay.prompts", "outcome", outcome)));
        prompts.put("duplicates", readings.count("assay.duplicates"));
        ObjectNode cost = json.putObject("cost_usd");
        List.of("answer", "check")
                .forEach(
                        purpose ->
                                cost.put(
                                        purpose,
                                        readings.count("assay.cost.usd", "purpose", purpose)));
        readings.grades().forEach(json.putArray("grades")::add);
        List<Scorecard> known =
                cards.get().orElse(List.of()).stream()
                        .filter(card -> ScorecardPages.visible(card, caller))
                        .toList();
        ArrayNode models = json.putArray("models");
        readings.models().forEach(model -> models.add(model(model, known)));
        ArrayNode list = json.putArray("jobs");
        jobs.get().orElse(List.of()).stream()
                .filter(job -> caller.sees(job.spec().tenant()))
                .limit(MOST_JOBS)
                .forEach(job -> list.add(JobPages.json(job)));
        context.header("Cache-Control", "no-store")
                .contentType("application/json")
                .result(Json.text(json));
    }

    private ObjectNode model(String name, List<Scorecard> known) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        Readings.Calls calls = readings.calls(name);
        json.put("name", name);
        json.put("calls", calls.answered() + calls.failed());
        json.put("errors", calls.failed());
        json.put("in_flight", readings.gauge("assay.in.flight", "model", name));
        json.put("in_flight_limit", readings.gauge("assay.in.flight.limit", "model", name));
        json.put("waiting", readings.gauge("assay.waiting", "model", name));
        json.put("breaker", breaker(readings.gauge("assay.breaker.state", "model", name)));
        json.put("cost_usd", readings.count("assay.cost.usd", "model", name));
        put(json, "latency_ms", readings.meanLatencyMs(name));
        put(json, "grade", readings.meanGrade(name));
        put(json, "pass_share", passShare(name, known));
        return json;
    }

    private static String breaker(double state) {
        return BREAKER.get(Math.clamp(Math.round(state), 0, BREAKER.size() - 1));
    }

    private static OptionalDouble passShare(String model, List<Scorecard> known) {
        return known.stream()
                .filter(card -> card.key().model().equals(model))
                .map(card -> card.first().plus(card.later()))
                .reduce(Tally.NOTHING, Tally::plus)
                .passShare();
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        json.put(name, value.isPresent() ? value.getAsDouble() : null);
    }
}
