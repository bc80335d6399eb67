package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.check.Reading;
import dev.assay.decide.check.VerdictReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeRepliesTest {

    private final JudgeReplies replies = new JudgeReplies();

    @Test
    void membersOfTheOneObjectAreReadAndNullsLeftOut() {
        assertThat(replies.parse("\n {\"a\": \"b\", \"c\": 1, \"d\": true, \"e\": null} "))
                .hasValueSatisfying(
                        members ->
                                assertThat(members)
                                        .containsOnlyKeys("a", "c", "d")
                                        .containsEntry("c", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8",
                "null",
                "[{}]",
                "{",
                "{\"a\": 1",
                "{} {}",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": NaN}",
                "{'a': 1}",
                "{\"a\": 1,}"
            })
    void anythingElseIsEmpty(String text) {
        assertThat(replies.parse(text)).isEmpty();
    }

    @Test
    void depthWithoutEndIsEmpty() {
        assertThat(replies.parse("{\"a\":" + "[".repeat(50_000))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"reason": "r", "score": 8}                    | 8
                    {"reason": "r", "score": 8.0}                  | 8
                    {"reason": "r", "score": 7.5}                  | 7.5
                    {"reason": "r", "score": 1e1}                  | 10
                    {"reason": "r", "score": "8"}                  | 8
                    So: ```json {"reason": "r", "score": 8} ``` ok | 8
                    {"reason": "r", "score": 1e999999999}          |
                    {"reason": "r", "score": 1e-999999999}         |
                    {"score": 2, "score": 8}                       |
                    """)
    void verdictsAreReadWithIt(String reply, Double score) {
        Reading reading = new VerdictReader(replies).read(reply, "Paris");

        if (score == null) {
            assertThat(reading).isInstanceOf(Reading.Unreadable.class);
        } else {
            assertThat(reading).isEqualTo(new Reading.Read(score, "r"));
        }
    }
}
