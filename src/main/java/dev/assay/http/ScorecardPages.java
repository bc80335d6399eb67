package dev.assay.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.learn.Tally;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/api/scorecards`: how each model does on each route, by judge and rubric. A tenant sees what is
/// shared and its own, and none of tenants that share with nobody.
public final class ScorecardPages implements Consumer<RoutesConfig> {

    private static final int UNAVAILABLE = 503;

    private static final Comparator<Scorecard> ORDER =
            Comparator.comparing((Scorecard card) -> card.key().scope().route())
                    .thenComparing(card -> card.key().scope().tenant().orElse(""))
                    .thenComparing(card -> card.key().text());

    private final Supplier<Optional<List<Scorecard>>> cards;

    /// @param cards all there are; there once the pipeline works
    public ScorecardPages(Supplier<Optional<List<Scorecard>>> cards) {
        this.cards = cards;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get("/api/scorecards", this::list);
    }

    private void list(Context context) {
        Caller caller = Caller.of(context);
        ArrayNode list = Json.MAPPER.createArrayNode();
        cards
                .get()
                .orElseThrow(
                        () ->
                                new ApiError(
                                        UNAVAILABLE, "the pipeline is still starting; see /readyz"))
                .stream()
                .filter(card -> visible(card, caller))
                .sorted(ORDER)
                .forEach(card -> list.add(json(card)));
        context.contentType("application/json").result(Json.text(list));
    }

    static boolean visible(Scorecard card, Caller caller) {
        Optional<String> apart = card.key().scope().tenant();
        return apart.isEmpty() || caller.sees(apart);
    }

    private static ObjectNode json(Scorecard card) {
        ScoreKey key = card.key();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("route", key.scope().route());
        json.put("tenant", key.scope().tenant().orElse(null));
        json.put("model", key.model());
        json.put("judge", key.judge());
        json.put("rubric", key.rubric());
        json.set("first", json(card.first()));
        json.set("later", json(card.later()));
        return json;
    }

    private static ObjectNode json(Tally tally) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("count", tally.tries());
        json.put("grades", tally.effectiveGrades());
        put(json, "grade", tally.meanGrade());
        put(json, "grade_ci95", tally.gradeCi95());
        put(json, "pass_share", tally.passShare());
        put(json, "answer_usd", tally.meanAnswerUsd());
        put(json, "check_usd", tally.meanCheckUsd());
        put(json, "latency_ms", tally.meanLatencyMs());
        put(json, "failure_share", tally.failureShare());
        put(json, "unparseable_share", tally.unparseableShare());
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        json.put(name, value.isPresent() ? value.getAsDouble() : null);
    }
}
