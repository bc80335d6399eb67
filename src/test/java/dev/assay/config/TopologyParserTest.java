package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Panel;
import dev.assay.model.Price;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How single keys are written and read.
class TopologyParserTest {

    private static final String LEAST =
            """
            name: least
            models: [{name: only, provider: simulated}]
            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
            """;

    @Test
    void theOnlyModelMayJudgeWhereTheFileSaysSo() {
        String check = "name: all, check: {judges: [only], allow_self: true},";

        TopologyFile topology = parse(LEAST.replace("name: all,", check));

        assertThat(topology.routes().getFirst().check().allowSelf()).isTrue();
    }

    @Test
    void aCheckWithoutKeysOfItsOwnHasTheDefaultsOfEach() {
        TopologyFile topology =
                parse(
                        LEAST.replace("name: all,", "name: all, check: {judges: [judge]},")
                                .replace(
                                        "}]\nroutes",
                                        "}, {name: judge, provider: simulated}]\nroutes"));

        CheckPolicy check = topology.routes().getFirst().check();

        assertThat(check)
                .isEqualTo(
                        new CheckPolicy(
                                List.of(),
                                List.of("judge"),
                                Panel.FIRST,
                                Optional.empty(),
                                CheckPolicy.DEFAULT_RUBRIC,
                                List.of(),
                                7,
                                1.0,
                                false));
    }

    @Test
    void cachedInputCostsAsMuchAsInputWhereNothingElseIsSaid() {
        TopologyFile topology = parse(LEAST.replace("provider:", "price: {input: 3}, provider:"));

        assertThat(topology.models().getFirst().card().price()).isEqualTo(new Price(3, 0, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://model_server:8000/v1", "https://[::1]:8000/v1", "HTTP://h:1"})
    void hostsAreTakenAsContainersNameThem(String url) {
        String text =
                LEAST.replace("provider: simulated", "provider: openai, base_url: '" + url + "'");

        assertThat(parse(text).models().getFirst().baseUrl()).hasValue(URI.create(url));
    }

    @Test
    void largeWholeNumbersAreParamsToTheLastDigit() {
        String text =
                LEAST.replace(
                        "provider: simulated",
                        "provider: openai, base_url: 'http://h', params: {seed: 9223372036854775807}");

        assertThat(parse(text).models().getFirst().params().get("seed"))
                .hasToString("9223372036854775807");
    }

    @Test
    void anEmptyKeyIsNoKey() {
        String text =
                LEAST.replace(
                        "provider: simulated",
                        "provider: openai, base_url: 'http://h', api_key: '${K:-}'");

        assertThat(parse(text).models().getFirst().apiKey()).isEmpty();
    }

    @Test
    void aliasesStandForWhatTheyName() {
        String text =
                """
                name: aliases
                models:
                  - {name: a, provider: simulated, simulate: &slow {latency: 2s, skill: 3}}
                  - {name: b, provider: simulated, simulate: *slow}
                routes: [{name: all, assign: {strategy: fixed, models: [a, b]}}]
                """;

        TopologyFile topology = parse(text);

        assertThat(topology.models())
                .extracting(ModelConfig::simulation)
                .containsOnly(new Simulation(Duration.ofSeconds(2), 3, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "200ms, 200",
        "60s, 60000",
        "5m, 300000",
        "24h, 86400000",
        "1d, 86400000",
        "PT1.5S, 1500",
        "P1D, 86400000"
    })
    void durationsAreWrittenWithAUnitOrAsIso(String written, long millis) {
        TopologyFile topology =
                parse(LEAST.replace("provider:", "timeout: " + written + ", provider:"));

        assertThat(topology.models().getFirst().timeout()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void nothingThatPrintsATopologyPrintsAKey() {
        String text =
                """
                name: keys
                models:
                  - name: m
                    provider: openai
                    base_url: http://h
                    api_key: ${KEY}
                    headers: {Authorization: "Bearer ${KEY}"}
                    query: {key: "${KEY}"}
                    params: {key: "${KEY}"}
                routes: [{name: all, assign: {strategy: fixed, models: [m]}}]
                kafka: {sasl.jaas.config: "${KEY}"}
                schema_registry: {basic.auth.user.info: "${KEY}"}
                """;

        TopologyFile topology =
                TopologyParser.parse(text, Path.of("t.yaml"), Map.of("KEY", "sk-secret"));

        assertThat(topology.toString() + topology.models())
                .doesNotContain("sk-secret")
                .contains("keys");
    }

    @Test
    void learnerIsSizedByItsRoute() {
        TopologyFile topology =
                parse(
                        """
                        name: t
                        models: [{name: m, provider: simulated}]
                        routes:
                          - name: sized
                            match: {task: [code]}
                            assign: {strategy: learned, models: [m], usd_per_point: 0.1, prefix_chars: 2000, buckets: 131072, dimensions: 1024}
                          - name: usual
                            assign: {strategy: learned, models: [m], usd_per_point: 0.1}
                        """);

        Routes routes = topology.routing();

        assertThat(routes.learning("sized"))
                .isEqualTo(new LearnSettings(2000, 17, 1024, true, true));
        assertThat(routes.learning("usual")).isEqualTo(LearnSettings.DEFAULT);
        assertThat(routes.learning("gone")).isEqualTo(LearnSettings.DEFAULT);
    }

    @Test
    void cascadeStopsEarlyOnlyWhereItsRouteSaysWhatAPointIsWorth() {
        TopologyFile topology =
                parse(
                        """
                        name: t
                        models: [{name: m, provider: simulated}]
                        routes:
                          - name: stops
                            match: {task: [code]}
                            assign: {strategy: cascade, models: [m], usd_per_point: 0.1}
                          - name: goes-on
                            assign: {strategy: cascade, models: [m]}
                        """);

        assertThat(topology.routes())
                .extracting(Route::strategy)
                .containsExactly(
                        new Strategy.Cascade(List.of("m"), OptionalDouble.of(0.1)),
                        new Strategy.Cascade(List.of("m")));
    }

    @Test
    void refusesAPredictorThatNoRecordHolds() {
        String models =
                IntStream.range(0, 5)
                        .mapToObj(i -> "m" + i)
                        .collect(Collectors.joining(", ", "[", "]"));
        String text =
                """
                name: t
                models: %s
                routes: [{name: r, assign: {strategy: learned, models: %s, usd_per_point: 0.1, buckets: 1048576}}]
                """
                        .formatted(
                                models.replaceAll("m\\d", "{name: $0, provider: simulated}"),
                                models);

        assertThatThrownBy(() -> parse(text))
                .hasMessageContaining("routes[0].assign.buckets")
                .hasMessageContaining("times 5 models is more than the 4194304");
    }

    private static TopologyFile parse(String text) {
        return TopologyParser.parse(text, Path.of("t.yaml"), Map.of());
    }
}
