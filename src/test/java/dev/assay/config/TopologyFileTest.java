package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.model.CheckPolicy;
import dev.assay.model.HedgePolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Panel;
import dev.assay.model.Price;
import dev.assay.model.RetryPolicy;
import dev.assay.model.ReusePolicy;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Rule;
import dev.assay.model.Rule.Comparison;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// What a topology file comes to: one that names every key, and one that names none it need not.
class TopologyFileTest {

    private static final String LEAST =
            """
            name: least
            models: [{name: only, provider: simulated}]
            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
            """;

    private static final String EVERYTHING =
            """
            name: support
            models:
              - name: small
                provider: openai
                base_url: https://api.example.com/v1/
                model: llama-3.1-8b-instruct
                family: llama
                api_key: ${SMALL_API_KEY}
                headers: {X-Team: "${TEAM:-core}"}
                query: {api-version: 2024-10-21}
                params: {temperature: 0.2, top_k: 40, stop: [a, "7"], nested: {on: true, big: 5000000000}}
                drop_params: [logprobs]
                rename_params: {max_tokens: max_completion_tokens}
                price: {input: 0.06, output: 0.12, cached_input: 0.03, call: 0.001}
                context: 8192
                max_output_tokens: 1024
                limits: {in_flight: 256, requests_per_minute: 6000, tokens_per_minute: 200000}
                timeout: 5m
                idle_timeout: PT30S
                retry: {attempts: 3, max_elapsed: 90s}
                hedge: {quantile: 0.9, max_share: 0.1}
                tags: [cheap, eu, no]
              - name: old
                provider: openai_completions
                base_url: http://localhost:9000
                prompt_template: "{system} {prompt}"
              - name: fake
                provider: simulated
                simulate: {latency: 20ms, skill: 4.5, fail_rate: 0.25}
            routes:
              - name: code
                match: {task: [code, sql], tenant: [acme], min_chars: 1, max_chars: 20000}
                assign: {strategy: cascade, models: [small, old]}
                check:
                  rules: [{json_schema: answer.json}, {regex: "a+"}, {max_chars: 4000}, {equals_reference: number}]
                  judges: [fake]
                  panel: first
                  rubric: Is it right?
                  pass: 7.5
                  sample: 0.5
                  allow_self: true
                rounds: 3
                max_cost_usd: 0.05
                reuse: {keep_for: 10m, any_temperature: true, across_tenants: true}
              - name: default
                assign: {strategy: cheapest, models: [small, old, fake]}
            tenants:
              acme: {topic: prompts.acme, required_tags: [eu], models: [small], usd_per_day: 100}
            topics: {prefix: test., partitions: 12, replication_factor: 3}
            dedup: {window: 48h}
            engine:
              waiting_per_task: 100
              default_in_flight: 8
              max_record_bytes: 1000000
              max_id_chars: 100
              drain_timeout: 3s
              kept_answers_bytes: 1000
              max_wait: 2h
              reply_memory_bytes: 33554432
              request_memory_bytes: 44040192
              recent_prompts: 500
              keep_jobs: 3d
              submit_within: 5h
            kafka: {bootstrap.servers: "a:1,b:2", num.stream.threads: 2}
            schema_registry: {url: "http://localhost:8081"}
            """;

    private static final Map<String, String> ENVIRONMENT = Map.of("SMALL_API_KEY", "sk-secret");

    @TempDir private Path folder;

    @Test
    void everyKeyOfACompleteFileIsRead() throws IOException {
        String schema = "{\"type\": \"object\"}";
        Files.writeString(folder.resolve("answer.json"), schema);
        Path file = Files.writeString(folder.resolve("topology.yaml"), EVERYTHING);

        TopologyFile topology = TopologyParser.parse(file, ENVIRONMENT);

        assertThat(topology.name()).isEqualTo("support");
        assertThat(topology.source()).isEqualTo(file.toString());
        assertThat(topology.models()).containsExactly(small(), old(), fake());
        assertThat(topology.routes().getFirst())
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> a.pattern().equals(b.pattern()), Pattern.class)
                .isEqualTo(codeRoute(schema));
        assertThat(topology.routes().getLast())
                .isEqualTo(
                        new Route(
                                "default",
                                RouteMatch.ANYTHING,
                                new Strategy.Cheapest(List.of("small", "old", "fake")),
                                CheckPolicy.NONE,
                                3,
                                OptionalDouble.empty(),
                                Optional.empty()));
        assertThat(topology.tenants())
                .containsExactly(
                        new TenantConfig(
                                "acme",
                                Optional.of("prompts.acme"),
                                List.of("eu"),
                                List.of("small"),
                                true,
                                OptionalDouble.of(100)));
        assertThat(topology.topics()).isEqualTo(new TopicsConfig("test.", 12, (short) 3));
        assertThat(topology.engine())
                .isEqualTo(
                        new EngineConfig(
                                Duration.ofDays(2),
                                100,
                                8,
                                1_000_000,
                                100,
                                Duration.ofSeconds(3),
                                1_000,
                                Duration.ofHours(2),
                                32 << 20,
                                OptionalInt.of(42 << 20),
                                500,
                                Duration.ofDays(3),
                                Duration.ofHours(5)));
        assertThat(topology.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "a:1,b:2"),
                        Map.entry("num.stream.threads", "2"));
        assertThat(topology.schemaRegistry())
                .containsOnly(Map.entry("url", "http://localhost:8081"));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        TopologyFile topology = TopologyParser.parse(LEAST, Path.of("t.yaml"), Map.of());

        assertThat(topology.models())
                .containsExactly(
                        plain(
                                "only",
                                ProviderKind.SIMULATED,
                                Optional.empty(),
                                Optional.empty(),
                                Simulation.DEFAULT));
        assertThat(topology.routes())
                .containsExactly(
                        new Route(
                                "all",
                                RouteMatch.ANYTHING,
                                new Strategy.Fixed(List.of("only")),
                                CheckPolicy.NONE,
                                1,
                                OptionalDouble.empty(),
                                Optional.empty()));
        assertThat(topology.tenants()).isEmpty();
        assertThat(topology.topics()).isEqualTo(TopicsConfig.DEFAULT);
        assertThat(topology.engine()).isEqualTo(EngineConfig.DEFAULT);
        assertThat(topology.kafka()).isEmpty();
        assertThat(topology.schemaRegistry()).isEmpty();
        assertThat(topology.simulatedOnly()).isTrue();
    }

    private static ModelConfig small() {
        ModelCard card =
                new ModelCard(
                        "small",
                        "llama-3.1-8b-instruct at https://api.example.com/v1",
                        Optional.of("llama"),
                        new Price(0.06, 0.12, 0.03, 0.001),
                        OptionalInt.of(8192),
                        OptionalInt.of(1024),
                        Set.of("cheap", "eu", "no"),
                        new RetryPolicy(3, Duration.ofSeconds(90)),
                        false);
        return new ModelConfig(
                card,
                ProviderKind.OPENAI,
                Optional.of(URI.create("https://api.example.com/v1")),
                "llama-3.1-8b-instruct",
                Optional.of(new Secret("sk-secret")),
                Map.of("X-Team", "core"),
                Map.of("api-version", "2024-10-21"),
                Map.of(
                        "temperature",
                        0.2,
                        "top_k",
                        40,
                        "stop",
                        List.of("a", "7"),
                        "nested",
                        Map.of("on", true, "big", 5_000_000_000L)),
                List.of("logprobs"),
                Map.of("max_tokens", "max_completion_tokens"),
                Optional.empty(),
                new Limits(OptionalInt.of(256), OptionalInt.of(6000), OptionalInt.of(200_000)),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Simulation.DEFAULT,
                Optional.of(new HedgePolicy(0.9, 0.1)));
    }

    private static ModelConfig old() {
        return plain(
                "old",
                ProviderKind.OPENAI_COMPLETIONS,
                Optional.of(URI.create("http://localhost:9000")),
                Optional.of("{system} {prompt}"),
                Simulation.DEFAULT);
    }

    private static ModelConfig fake() {
        return plain(
                "fake",
                ProviderKind.SIMULATED,
                Optional.empty(),
                Optional.empty(),
                new Simulation(Duration.ofMillis(20), 4.5, 0.25));
    }

    /// A model with the default of everything else.
    private static ModelConfig plain(
            String name,
            ProviderKind provider,
            Optional<URI> baseUrl,
            Optional<String> template,
            Simulation simulation) {
        ModelCard card =
                new ModelCard(
                        name,
                        baseUrl.map(url -> name + " at " + url).orElse(name),
                        Optional.empty(),
                        Price.FREE,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Set.of(),
                        new RetryPolicy(8, Duration.ofMinutes(5)),
                        false);
        return new ModelConfig(
                card,
                provider,
                baseUrl,
                name,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                template,
                Limits.NONE,
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                simulation,
                Optional.empty());
    }

    private static Route codeRoute(String schema) {
        return new Route(
                "code",
                new RouteMatch(
                        List.of("code", "sql"),
                        List.of("acme"),
                        OptionalInt.of(1),
                        OptionalInt.of(20000)),
                new Strategy.Cascade(List.of("small", "old")),
                new CheckPolicy(
                        List.of(
                                new Rule.JsonSchema("answer.json", schema),
                                new Rule.Regex(Pattern.compile("a+")),
                                new Rule.MaxChars(4000),
                                new Rule.EqualsReference(Comparison.NUMBER)),
                        List.of("fake"),
                        Panel.FIRST,
                        Optional.empty(),
                        "Is it right?",
                        List.of(),
                        7.5,
                        0.5,
                        true),
                3,
                OptionalDouble.of(0.05),
                Optional.of(new ReusePolicy(Optional.of(Duration.ofMinutes(10)), true, true)));
    }
}
