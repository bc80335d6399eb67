package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.codec.Json;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.JobSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;

class JobPagesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Optional<List<Job>>> jobs =
            new AtomicReference<>(Optional.of(List.of(job("a", "acme"), job("b", "other"))));
    private HttpServer server;

    @BeforeEach
    void start() {
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        ApiKeys.of("all-key, acme=acme-key"),
                        List.of(new JobPages(jobs::get)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void jobIsToldWithItsCounts() throws Exception {
        JsonNode job = Json.object(get("/api/jobs/a", "all-key").body());

        assertThat(job.path("state").asText()).isEqualTo("in_progress");
        assertThat(job.path("total").asLong()).isEqualTo(3);
        assertThat(job.path("in_flight").asLong()).isZero();
        assertThat(job.path("created_at").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(job.path("ended_at").isNull()).isTrue();
    }

    @Test
    void tenantSeesOnlyItsOwn() throws Exception {
        assertThat(Json.MAPPER.readTree(get("/api/jobs", "all-key").body())).hasSize(2);
        assertThat(Json.MAPPER.readTree(get("/api/jobs", "acme-key").body())).hasSize(1);
        assertThat(get("/api/jobs/b", "acme-key").statusCode()).isEqualTo(404);
    }

    @Test
    void pipelineThatIsStillStartingKnowsNoJobs() throws Exception {
        jobs.set(Optional.empty());

        assertThat(get("/api/jobs", "all-key").statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.url() + path))
                            .header("Authorization", "Bearer " + key)
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static Job job(String id, String tenant) {
        JobSpec spec =
                new JobSpec(
                        id,
                        "nightly",
                        "in.jsonl",
                        Optional.of(tenant),
                        NOW,
                        Optional.empty(),
                        OptionalDouble.empty(),
                        0,
                        0);
        return Job.submitted(spec).sealed(3, NOW);
    }
}
