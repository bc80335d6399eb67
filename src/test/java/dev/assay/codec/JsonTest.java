package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.codec.Json.UnreadableJson;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1.0,\"b\":0.50,\"c\":100.0}",
                "{\"a\":123456789012345678901234567890,\"b\":0.1234567890123456789}"
            })
    void numbersKeepTheirDigits(String text) {
        assertThat(Json.text(Json.object(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                     | it is no JSON object
                    []                     | it is no JSON object
                    {"a": secret}          | it is no JSON: Unrecognized token at line 1, column 7
                    {"a": "b" "secret"}    | it is no JSON: Unexpected character at line 1, column 11
                    {} secret              | it is no JSON: Unrecognized token at line 1, column 4
                    {"a": "secret"         | it is no JSON: Unexpected end-of-input: expected close marker for Object at line 1, column 15
                    {"a": NaN}             | it is no JSON: Non-standard token at line 1, column 10
                    """)
    void messageSaysWhatAndWhereAndQuotesNothing(String text, String message) {
        assertThatThrownBy(() -> Json.object(text))
                .isInstanceOf(UnreadableJson.class)
                .hasMessage(message);
    }
}
