package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.ModelCard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Map;

/// What the environment puts into a topology file.
class TopologyVariablesTest {

    private static final String LEAST =
            """
            name: least
            models: [{name: only, provider: simulated}]
            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
            """;

    @ParameterizedTest
    @CsvSource({
        "${SET}, value",
        "a-${SET}-b-${SET}, a-value-b-value",
        "${SET:-other}, value",
        "${UNSET:-other}, other",
        "${EMPTY:-other}, other",
        "${UNSET:-a:-b}, a:-b",
        "$${SET}, ${SET}",
        "$$${SET}, $${SET}",
        "$ {SET} $$, $ {SET} $$",
        "${NESTED}, ${SET}",
        "'${YAML}', '{a: [b]} # c'"
    })
    void variablesArePutInOnceAndNeverReadAsYaml(String written, String value) {
        Map<String, String> environment =
                Map.of("SET", "value", "EMPTY", "", "NESTED", "${SET}", "YAML", "{a: [b]} # c");
        String text =
                LEAST.replace(
                        "provider: simulated", "provider: simulated, model: '" + written + "'");

        TopologyFile topology = TopologyParser.parse(text, Path.of("t.yaml"), environment);

        assertThat(topology.models().getFirst().providerModel()).isEqualTo(value);
    }

    @Test
    void aVariableIsANumberWhereANumberIsWanted() {
        String text =
                LEAST.replace(
                        "provider:",
                        "context: \"${CONTEXT}\", price: {input: \"${P:-1e-1}\"}, provider:");

        ModelCard card =
                TopologyParser.parse(text, Path.of("t.yaml"), Map.of("CONTEXT", "4096"))
                        .models()
                        .getFirst()
                        .card();

        assertThat(card.contextTokens()).hasValue(4096);
        assertThat(card.price().inputUsdPerMillion()).isEqualTo(0.1);
    }
}
