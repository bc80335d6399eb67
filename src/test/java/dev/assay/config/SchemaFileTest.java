package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SchemaFileTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"properties": {"a": {"pattern": "("}}}           | Unclosed group near index 1
                    {"patternProperties": {"[": {}}}                  | Unclosed character class near index 0
                    {"properties": {"a": {"$ref": "#/$defs/none"}}}   | Reference /$defs/none cannot be resolved
                    {"properties": {"a": {"$ref": "other.json"}}}     | it refers to other.json, which is not there
                    {"$ref": "http://127.0.0.1:1/none.json"}          | it refers to http://127.0.0.1:1/none.json, which is not there
                    {"$schema": "http://127.0.0.1:1/dialect"}         | Failed to load dialect
                    {"type": "objekt"}                                | its /type does not have a value
                    {"required": "a"}                                 | its /required string found, array expected
                    {"$schema": "http://json-schema.org/draft-07/schema#", "type": 7} | its /type
                    """)
    void schemaThatCannotBeUsedSaysWhy(String json, String why) {
        assertThat(SchemaFile.wrongIn(json)).get().asString().startsWith(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\": \"object\", \"required\": [\"a\"], \"unknown_keyword\": 1}",
                "{\"$defs\": {\"tree\": {\"items\": {\"$ref\": \"#/$defs/tree\"}}}, \"$ref\": \"#/$defs/tree\"}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"array\"}",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"type\": \"array\"}"
            })
    void usableSchemaIsTaken(String json) {
        assertThat(SchemaFile.wrongIn(json)).isEmpty();
    }

    @Test
    void topologyFileNamesTheSchemaAndTheReason() throws IOException {
        Files.writeString(folder.resolve("s.json"), "{\"pattern\": \"(\"}");
        String yaml =
                """
                name: t
                models: [{name: m, provider: simulated}]
                routes:
                  - name: r
                    assign: {strategy: fixed, models: [m]}
                    check: {rules: [{json_schema: s.json}]}
                """;

        assertThatThrownBy(() -> TopologyParser.parse(yaml, folder.resolve("t.yaml"), Map.of()))
                .isInstanceOf(TopologyFileException.class)
                .hasMessageContaining(
                        "routes[0].check.rules[0].json_schema: `s.json` is no JSON schema that can"
                                + " be used: Unclosed group near index 1");
    }
}
