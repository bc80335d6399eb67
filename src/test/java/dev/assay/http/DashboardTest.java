package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.codec.Json;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.learn.Tally;
import dev.assay.topology.Health;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class DashboardTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final List<Scorecard> cards =
            List.of(card(Optional.empty()), card(Optional.of("acme")), card(Optional.of("other")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/assets/dashboard.js",
                "/assets/dashboard.css",
                "/assets/uplot.js",
                "/assets/uplot.css"
            })
    void pageComesWithoutAKeyAndLoadsNothingFromElsewhere(String path) throws Exception {
        try (HttpServer server = start()) {
            HttpResponse<String> page = get(server, path, "");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.body()).doesNotContain("src=\"http", "innerHTML =", "url(http");
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/overview, 401", "/api/scorecards, 401"})
    void whatItShowsNeedsAKey(String path, int status) throws Exception {
        try (HttpServer server = start()) {
            assertThat(get(server, path, "").statusCode()).isEqualTo(status);
        }
    }

    @Test
    void overviewAddsUpWhatTheMetersShow() throws Exception {
        registry.counter("assay.prompts", "route", "a", "outcome", "graded").increment(3);
        registry.counter("assay.prompts", "route", "b", "outcome", "graded").increment(2);
        registry.counter("assay.prompts", "route", "b", "outcome", "failed").increment();
        registry.counter("assay.cost.usd", "model", "small", "purpose", "answer").increment(0.5);
        registry.counter("assay.cost.usd", "model", "small", "purpose", "check").increment(0.25);
        call("answered", 4);
        call("shared", 2);
        call("timeout", 1);
        Gauge.builder("assay.in.flight", () -> 7).tag("model", "small").register(registry);
        Gauge.builder("assay.breaker.state", () -> 1).tag("model", "small").register(registry);
        waiting("bulk", 5);
        waiting("interactive", 1);
        Timer.builder("gen_ai.client.operation.duration")
                .tag("gen_ai.request.model", "small")
                .register(registry)
                .record(Duration.ofMillis(250));
        DistributionSummary grades =
                DistributionSummary.builder("assay.grade")
                        .tags("model", "small", "route", "a")
                        .serviceLevelObjectives(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
                        .register(registry);
        List.of(8.0, 8.0, 7.5, 2.0).forEach(grades::record);

        try (HttpServer server = start()) {
            JsonNode overview = json(server, "/api/overview", "plain-key");

            assertThat(overview.path("prompts").path("graded").asInt()).isEqualTo(5);
            assertThat(overview.path("prompts").path("failed").asInt()).isEqualTo(1);
            assertThat(overview.path("cost_usd").path("answer").asDouble()).isEqualTo(0.5);
            assertThat(overview.path("cost_usd").path("check").asDouble()).isEqualTo(0.25);
            assertThat(overview.path("ready").asBoolean()).isFalse();
            assertThat(overview.path("reasons").path(0).asText()).contains("it is starting");
            assertThat(overview.path("grades").toString())
                    .isEqualTo("[0.0,0.0,1.0,0.0,0.0,0.0,0.0,0.0,3.0,0.0,0.0]");
            JsonNode model = overview.path("models").path(0);
            assertThat(model.path("name").asText()).isEqualTo("small");
            assertThat(model.path("calls").asInt()).isEqualTo(7);
            assertThat(model.path("errors").asInt()).isEqualTo(1);
            assertThat(model.path("in_flight").asInt()).isEqualTo(7);
            assertThat(model.path("waiting").asInt()).isEqualTo(6);
            assertThat(model.path("breaker").asText()).isEqualTo("failing");
            assertThat(model.path("latency_ms").asDouble()).isEqualTo(250);
            assertThat(model.path("grade").asDouble()).isEqualTo(6.375);
            assertThat(model.path("pass_share").asDouble()).isEqualTo(0.75);
        }
    }

    @ParameterizedTest
    @CsvSource({"plain-key, ',acme,other'", "acme-key, ',acme'", "third-key, ''"})
    void tenantSeesNoOtherTenantsOwnScorecards(String key, String tenants) throws Exception {
        try (HttpServer server = start()) {
            List<String> seen = new ArrayList<>();
            json(server, "/api/scorecards", key)
                    .forEach(card -> seen.add(card.path("tenant").asText("")));

            assertThat(String.join(",", seen)).isEqualTo(tenants);
        }
    }

    @Test
    void scorecardTellsMeansAndShares() throws Exception {
        try (HttpServer server = start()) {
            JsonNode card = json(server, "/api/scorecards", "third-key").path(0);

            assertThat(card.path("route").asText()).isEqualTo("a");
            assertThat(card.path("judge").asText()).isEqualTo("judge");
            assertThat(card.path("rubric").asText()).isEqualTo("abc");
            JsonNode first = card.path("first");
            assertThat(first.path("count").asDouble()).isEqualTo(5);
            assertThat(first.path("grade").asDouble()).isEqualTo(8);
            assertThat(first.path("grade_ci95").asDouble()).isPositive();
            assertThat(first.path("pass_share").asDouble()).isEqualTo(0.75);
            assertThat(first.path("failure_share").asDouble()).isEqualTo(0.2);
            assertThat(first.path("latency_ms").asDouble()).isEqualTo(100);
            assertThat(card.path("later").path("grade").isNull()).isTrue();
        }
    }

    private void call(String status, int count) {
        registry.counter("assay.calls", "model", "small", "purpose", "answer", "status", status)
                .increment(count);
    }

    private void waiting(String priority, int count) {
        Gauge.builder("assay.waiting", () -> count)
                .tags("model", "small", "priority", priority)
                .register(registry);
    }

    /// Five tries, four answers with grades of 8 on average, three of which passed.
    private static Scorecard card(Optional<String> tenant) {
        Tally tally = new Tally(5, 4, 1, 0, 0, 4, 4, 32, 260, 4, 3, 0.04, 4, 0.08, 400);
        ScoreKey key = new ScoreKey(new Scope("a", tenant), "small", "judge", "abc");
        return new Scorecard(key, tally, Tally.NOTHING);
    }

    private HttpServer start() {
        return HttpServer.start(
                "127.0.0.1",
                0,
                ApiKeys.of("plain-key, acme=acme-key, third=third-key"),
                List.of(
                        new DashboardPage(),
                        new ScorecardPages(() -> Optional.of(cards)),
                        new OverviewPage(
                                new Readings(registry),
                                Health::starting,
                                () -> Optional.of(List.of()),
                                () -> Optional.of(cards),
                                InstantSource.system())));
    }

    private static JsonNode json(HttpServer server, String path, String key) throws Exception {
        HttpResponse<String> response = get(server, path, key);
        assertThat(response.statusCode()).isEqualTo(200);
        return Json.MAPPER.readTree(response.body());
    }

    private static HttpResponse<String> get(HttpServer server, String path, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
