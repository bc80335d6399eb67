package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

class JsonSchemasTest {

    /// Costs many stack frames for each list within a list.
    private static final String LIST_OF_LISTS =
            "{\"$defs\": {\"n\": "
                    + "{\"allOf\": [".repeat(20)
                    + "{\"items\": {\"$ref\": \"#/$defs/n\"}}"
                    + "]}".repeat(20)
                    + "}, \"$ref\": \"#/$defs/n\"}";

    private static final int SMALL_STACK_BYTES = 256 * 1024;

    private final JsonSchemas schemas = new JsonSchemas();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"type": "object"}                          | {"a": 1}
                    {"required": ["a"]}                         | {"a": 1}
                    {"type": "array"}                           | [1]
                    {"type": "string"}                          | "a"
                    {"properties": {"a": {"pattern": "^x+$"}}}  | {"a": "xx"}
                    {"not": {"required": ["b"]}}                | {"a": 1}
                    {}                                          | null
                    """)
    void answerThatTheSchemaAcceptsHasNoViolations(String schema, String answer) {
        assertThat(violations(schema, answer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"type": "object"}                         | [1]                  | object expected
                    {"required": ["a"]}                        | {"b": 1}             | 'a'
                    {"properties": {"a": {"pattern": "^x+$"}}} | {"a": "xy"}          | ^x+$
                    {}                                         | ``                   | it is no JSON object
                    {}                                         | {"a": 1} and more    | it is no JSON
                    {}                                         | ```json {"a": 1} ``` | it is no JSON
                    {}                                         | {"a": NaN}           | it is no JSON
                    """)
    void violationSaysWhatIsWrong(String schema, String answer, String part) {
        assertThat(violations(schema, answer)).singleElement().asString().contains(part);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\": {\"a\": {\"pattern\": \"(\"}}}",
                "{\"properties\": {\"a\": {\"$ref\": \"http://127.0.0.1:1/none.json\"}}}"
            })
    void schemaThatIsBrokenDeepInsideIsAViolationAndNoBug(String schema) {
        assertThat(violations(schema, "{\"a\": \"x\"}"))
                .singleElement()
                .asString()
                .startsWith("the answer cannot be checked: ");
    }

    @Test
    void numberBeyondADoubleIsAViolationAndNoBug() {
        assertThat(violations("{\"properties\": {\"a\": {\"enum\": [1]}}}", "{\"a\": 1e400}"))
                .hasSize(1);
    }

    @Test
    void depthThatTheStackDoesNotHoldIsAViolationAndNoBug() throws InterruptedException {
        String answer = "[".repeat(990) + "]".repeat(990);
        AtomicReference<List<String>> found = new AtomicReference<>();

        Thread small =
                new Thread(
                        null,
                        () -> found.set(violations(LIST_OF_LISTS, answer)),
                        "small stack",
                        SMALL_STACK_BYTES);
        small.start();
        small.join();

        assertThat(found.get())
                .containsExactly("the answer cannot be checked: it is nested too deep");
    }

    @Test
    void patternThatBacktracksWithoutEndGivesUp() {
        String schema = "{\"properties\": {\"a\": {\"not\": {\"pattern\": \"(.*a){12}$\"}}}}";

        assertThat(violations(schema, "{\"a\": \"" + "a".repeat(100) + "!\"}"))
                .singleElement()
                .asString()
                .contains("gave up on the pattern (.*a){12}$");
    }

    @Test
    void libraryLogsNothingOfItsOwnAboutAnswers() {
        assertThat(LoggerFactory.getLogger("com.networknt.schema.keyword").isErrorEnabled())
                .isFalse();
    }

    private List<String> violations(String schema, String answer) {
        return schemas.violations(new Rule.JsonSchema("s.json", schema), answer);
    }
}
